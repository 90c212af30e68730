//! Headers `Cookie`, a line each: what is read as ours stands there under the whole of its name.

use iok_id::parsers;

pub(crate) fn read(data: &[u8]) {
    parsers::cookies(data);
}
