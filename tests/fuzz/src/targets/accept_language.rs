//! `Accept-Language` and `ui_locales`.

use iok_id::parsers;

pub(crate) fn read(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    parsers::languages(text);
}
