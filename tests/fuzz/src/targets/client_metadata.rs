//! Client metadata of a stranger: read and judged, written and read again.

use iok_id::parsers;

pub(crate) fn read(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    parsers::client_metadata(text);
}
