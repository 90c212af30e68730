//! The cookie of trusted devices: one secret for each account.

use iok_id::parsers;

pub(crate) fn read(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    parsers::device_cookie(text);
}
