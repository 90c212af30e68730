//! The header `Authorization` of a client, and a form beside it on the line below.

use iok_id::parsers;

pub(crate) fn read(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let (header, form) = text.split_once('\n').unwrap_or((text, ""));
    parsers::client_credentials(header, form);
}
