//! An `id_token_hint`: nothing that we did not sign is one.

use iok_id::parsers;

pub(crate) fn read(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    assert!(!parsers::is_logout_hint(text), "nobody signed it: {text}");
}
