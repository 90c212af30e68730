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
