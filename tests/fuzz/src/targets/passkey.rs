//! What a browser answers for a passkey: nobody here was asked.

use iok_id::parsers;

pub(crate) fn read(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    assert!(!parsers::is_passkey_answer(text), "nobody was asked: {text}");
}
