//! A file of the contractor register.

use iok_id::parsers;

pub(crate) fn read(data: &[u8]) {
    parsers::register_file(data);
}
