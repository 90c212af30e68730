//! Addresses on pages: a post code stays on one line.

use std::fmt::Write as _;

use minijinja::{HtmlEscape, Value};

/// The length of `41-600`.
const LENGTH: usize = 6;

/// The filter `address`: the text, escaped, with each post code kept whole (`.whole` in the styles). Browsers break lines
/// after a hyphen; one that does not break would be copied along as a character that no other system finds.
pub(crate) fn with_whole_post_codes(text: &str) -> Value {
    let mut html = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = first_post_code(rest) {
        let (before, from) = rest.split_at(at);
        let (code, after) = from.split_at(LENGTH);
        let _infallible = write!(html, "{}<span class=\"whole\">{code}</span>", HtmlEscape(before));
        rest = after;
    }
    let _infallible = write!(html, "{}", HtmlEscape(rest));
    Value::from_safe_string(html)
}

/// Where it begins, in bytes: two digits, a hyphen, three digits, and no digit around them.
fn first_post_code(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let is_digit = |at: Option<usize>| at.and_then(|at| bytes.get(at)).is_some_and(u8::is_ascii_digit);
    (0..bytes.len().saturating_sub(LENGTH - 1)).find(|&at| {
        bytes[at + 2] == b'-'
            && [0, 1, 3, 4, 5].into_iter().all(|digit| bytes[at + digit].is_ascii_digit())
            && !is_digit(at.checked_sub(1))
            && !is_digit(Some(at + LENGTH))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn html(text: &str) -> String {
        with_whole_post_codes(text).to_string()
    }

    #[test]
    fn a_post_code_stays_on_one_line() {
        assert_eq!(
            html("ul. Żółta 1, 41-600 Świętochłowice; 41-605"),
            "ul. Żółta 1, <span class=\"whole\">41-600</span> Świętochłowice; <span class=\"whole\">41-605</span>"
        );
    }

    #[test]
    fn what_is_typed_stays_text() {
        assert_eq!(html("<b>41-600</b>"), "&lt;b&gt;<span class=\"whole\">41-600</span>&lt;&#x2f;b&gt;");
        for other in ["", "41-60", "141-600", "41-6000", "Ś-600", "600-100-200"] {
            assert_eq!(html(other), other);
        }
    }
}
