//! Lines of a plain text that every mail program shows as they are.

/// Characters a line, as RFC 5322 §2.1.1 recommends with room for `>` before it in answers.
const WIDTH: usize = 72;

/// Breaks lines between words, and begins each with `indent`. A word that is longer than a line, such as an address,
/// stays whole.
pub(super) fn wrapped(text: &str, indent: Option<&str>) -> String {
    let indent = indent.unwrap_or_default();
    let mut lines = Vec::new();
    for paragraph in text.lines() {
        let mut line = indent.to_owned();
        let mut width = 0;
        for word in paragraph.split_whitespace() {
            let length = word.chars().count();
            if width > 0 && indent.chars().count() + width + 1 + length > WIDTH {
                lines.push(std::mem::replace(&mut line, indent.to_owned()));
                width = 0;
            }
            if width > 0 {
                line.push(' ');
                width += 1;
            }
            line.push_str(word);
            width += length;
        }
        lines.push(line.trim_end().to_owned());
    }
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_break_between_words_and_addresses_stay_whole() {
        let address = format!("https://id.example.org/{}", "a".repeat(90));
        let text = format!("{} {address} koniec", "żółć ".repeat(30));
        let wrapped = wrapped(&text, Some("  "));
        assert!(wrapped.lines().any(|line| line.trim() == address), "{wrapped}");
        for line in wrapped.lines() {
            assert!(line.starts_with("  ") && (line.chars().count() <= WIDTH || line.trim() == address));
        }
        assert_eq!(wrapped.split_whitespace().count(), 32);
    }
}
