//! Where the sample premises are. The provider releases only their codes; a service knows the rest from its own books.

use std::collections::HashMap;
use std::sync::LazyLock;

use serde::Deserialize;

use super::table;

#[derive(Deserialize)]
struct Row {
    premises: String,
    street: String,
    postal_code: String,
    city: String,
}

static ADDRESSES: LazyLock<HashMap<String, String>> = LazyLock::new(|| {
    table::embedded::<Row>(include_str!("sample/premises.csv"))
        .into_iter()
        .map(|row| (row.premises, format!("{}, {} {}", row.street, row.postal_code, row.city)))
        .collect()
});

/// One line, such as `ul. Katowicka 12/4, 41-600 Świętochłowice`; `None` for premises that are not in the sample.
pub(super) fn address_of(premises: &str) -> Option<&'static str> {
    ADDRESSES.get(premises).map(String::as_str)
}
