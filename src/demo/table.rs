//! The sample tables that are part of the program.

use serde::de::DeserializeOwned;

/// Reads a CSV table that was embedded at compile time.
///
/// # Panics
/// If the table is wrong. It is a part of this program and its tests read every one.
pub(super) fn embedded<Row: DeserializeOwned>(text: &str) -> Vec<Row> {
    csv::Reader::from_reader(text.as_bytes())
        .into_deserialize()
        .collect::<Result<_, _>>()
        .unwrap_or_else(|error| panic!("an embedded sample table is wrong: {error}"))
}
