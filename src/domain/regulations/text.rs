//! The words of the Regulations, as plain text with a little form:
//!
//! - `# Title`, `## Chapter`, `### Section`;
//! - numbered points `1. …`, `2) …`, with `a) …` and `- …` below them;
//! - everything else is paragraphs, with an empty line between them.
//!
//! Not Markdown: that counts lists anew, and a clause must keep the number it was accepted under. There is nothing in it
//! that could become HTML, a link or a picture either; the template escapes every word.

use serde::Serialize;

/// More than any regulations are long. In bytes.
const LONGEST: usize = 200_000;

/// A part of the text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Block {
    /// `level` is 1 to 3.
    Heading {
        level: u8,
        text: String,
    },
    Paragraph {
        text: String,
    },
    /// A numbered point; `nested` is one below another.
    Point {
        marker: String,
        nested: bool,
        text: String,
    },
}

impl Block {
    fn text_mut(&mut self) -> &mut String {
        match self {
            Self::Heading { text, .. } | Self::Paragraph { text } | Self::Point { text, .. } => text,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TextError {
    #[error("the text is empty")]
    Empty,
    #[error("the text is longer than {LONGEST} bytes")]
    TooLong,
    #[error("line {line}: there is a character that cannot be shown")]
    Unprintable { line: usize },
}

/// The text as it is kept: one kind of line end, no byte-order mark, no white space around it.
///
/// # Errors
/// If there is nothing in it, too much, or something that no page can show.
pub fn checked(text: &str) -> Result<String, TextError> {
    let text = text.trim_start_matches('\u{feff}').replace("\r\n", "\n");
    if text.len() > LONGEST {
        return Err(TextError::TooLong);
    }
    let unprintable = |line: &str| line.chars().any(|char| char.is_control() && char != '\t');
    if let Some((number, _)) = (1..).zip(text.split('\n')).find(|(_, line)| unprintable(line)) {
        return Err(TextError::Unprintable { line: number });
    }
    match text.trim() {
        "" => Err(TextError::Empty),
        text => Ok(text.to_owned()),
    }
}

/// The text in its parts. Every text has some: what has no form is a paragraph.
pub fn blocks(text: &str) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    // Does the next line without a mark of its own belong to the block before it?
    let mut goes_on = false;
    for line in text.lines().map(str::trim) {
        if line.is_empty() {
            goes_on = false;
            continue;
        }
        match (marked(line), blocks.last_mut()) {
            (Some(block), _) => {
                goes_on = !matches!(block, Block::Heading { .. });
                blocks.push(block);
            }
            (None, Some(before)) if goes_on => {
                let text = before.text_mut();
                text.push(' ');
                text.push_str(line);
            }
            (None, _) => {
                goes_on = true;
                blocks.push(Block::Paragraph { text: line.to_owned() });
            }
        }
    }
    blocks
}

/// A line that begins a heading or a point.
fn marked(line: &str) -> Option<Block> {
    let (marker, text) = line.split_once(char::is_whitespace)?;
    let text = text.trim_start().to_owned();
    let point = |nested| Block::Point { marker: marker.to_owned(), nested, text: text.clone() };
    let is_number =
        |text: &str| (1..=3).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    let is_letter = |text: &str| text.len() == 1 && text.bytes().all(|byte| byte.is_ascii_lowercase());
    match marker {
        "#" => Some(Block::Heading { level: 1, text }),
        "##" => Some(Block::Heading { level: 2, text }),
        "###" => Some(Block::Heading { level: 3, text }),
        "-" => Some(Block::Point { marker: "–".to_owned(), nested: true, text }),
        _ if marker.strip_suffix(['.', ')']).is_some_and(is_number) => Some(point(false)),
        _ if marker.strip_suffix(')').is_some_and(is_letter) => Some(point(true)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paragraph(text: &str) -> Block {
        Block::Paragraph { text: text.to_owned() }
    }

    fn point(marker: &str, nested: bool, text: &str) -> Block {
        Block::Point { marker: marker.to_owned(), nested, text: text.to_owned() }
    }

    #[test]
    fn headings_points_and_paragraphs() {
        let text = "# Regulamin\nPierwszy akapit\n  ciąg dalszy.\n\nDrugi.\n## § 1\n7. Siódmy\npunkt.\n8. Ósmy:\na) raz,\n\
                    - dwa.\n\n2026 r. był dobry.";
        assert_eq!(
            blocks(text),
            [
                Block::Heading { level: 1, text: "Regulamin".to_owned() },
                paragraph("Pierwszy akapit ciąg dalszy."),
                paragraph("Drugi."),
                Block::Heading { level: 2, text: "§ 1".to_owned() },
                point("7.", false, "Siódmy punkt."),
                point("8.", false, "Ósmy:"),
                point("a)", true, "raz,"),
                point("–", true, "dwa."),
                paragraph("2026 r. był dobry."),
            ]
        );
    }

    #[test]
    fn what_looks_like_html_or_markdown_stays_words() {
        let hostile = "<script>alert(1)</script> [link](javascript:alert(1)) ![x](y) **bold** #hash";
        assert_eq!(blocks(hostile), [paragraph(hostile)]);
        assert_eq!(blocks("#### four"), [paragraph("#### four")]);
        assert_eq!(blocks("# "), [paragraph("#")]);
    }

    #[test]
    fn a_text_is_kept_in_one_form() {
        assert_eq!(checked("\u{feff}# A\r\n\r\nB\r\n"), Ok("# A\n\nB".to_owned()));
        assert_eq!(checked(" \n\t\n"), Err(TextError::Empty));
        assert_eq!(checked("one\ntwo\u{0}"), Err(TextError::Unprintable { line: 2 }));
        assert_eq!(checked(&"a".repeat(LONGEST + 1)), Err(TextError::TooLong));
    }
}
