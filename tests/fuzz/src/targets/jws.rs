//! A token, and a key set on the line below: nobody here signed it, whatever the keys say.

use iok_id::parsers;

pub(crate) fn read(data: &[u8]) {
    let Some((token, keys)) = std::str::from_utf8(data).ok().and_then(|text| text.split_once('\n')) else {
        return;
    };
    assert!(!parsers::is_signed(token, keys), "only the public half of this key is known: {token}");
}
