//! A bearer token: nobody here signed it, whatever it says.

use iok_id::parsers;

pub(crate) fn read(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    assert!(!parsers::is_access_token(text), "nobody signed it: {text}");
}
