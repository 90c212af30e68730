//! What is typed as a second factor, behind a seed (20 bytes) and a time (8 bytes): a code is of a step beside now, and
//! everything else is some recovery code.

use iok_id::parsers;

pub(crate) fn read(data: &[u8]) {
    let Some((seed, rest)) = data.split_at_checked(20) else { return };
    let Some((time, typed)) = rest.split_first_chunk() else { return };
    let Ok(typed) = std::str::from_utf8(typed) else { return };
    parsers::typed_factor(typed, seed, i64::from_be_bytes(*time));
}
