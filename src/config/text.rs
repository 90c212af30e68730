//! Settings that are written as text and mean more than text.

use serde::de::{Deserialize, Deserializer, Error, Unexpected};

/// Reads a text by `parse`, which says what is wanted instead if the text will not do.
pub(super) fn parsed<'de, D, T>(
    deserializer: D,
    parse: impl FnOnce(&str) -> Result<T, &'static str>,
) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
{
    let text = String::deserialize(deserializer)?;
    parse(text.trim()).map_err(|wanted| D::Error::invalid_value(Unexpected::Str(&text), &wanted))
}

/// One line that a page can show.
pub(super) fn is_line(text: &str) -> bool {
    text.chars().count() <= 200 && !text.chars().any(char::is_control)
}

/// Empty means: there is none.
pub(super) fn line_or_none<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    parsed(deserializer, |line| match line {
        "" => Ok(None),
        line if is_line(line) => Ok(Some(line.to_owned())),
        _ => Err("one line of at most 200 characters"),
    })
}
