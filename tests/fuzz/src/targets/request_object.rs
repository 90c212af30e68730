//! A request object: its header, and what its claims say once somebody signed them.

use iok_id::parsers;

pub(crate) fn read(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    parsers::request_object(text);
}
