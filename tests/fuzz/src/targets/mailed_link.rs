//! The last segment of a mailed link: nobody here made it.

use iok_id::parsers;

pub(crate) fn read(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    assert!(!parsers::is_mailed_link(text), "nobody made it: {text}");
}
