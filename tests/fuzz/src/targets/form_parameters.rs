//! A form or query: whatever its bytes, each name has one value, and none holds NUL.

use iok_id::oidc::parameters::Parameters;

pub(crate) fn read(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let parameters = Parameters::parse(text);
    for (name, value) in url::form_urlencoded::parse(text.as_bytes()) {
        if let Some(read) = parameters.single(&name) {
            assert_eq!(read, value, "it was there once");
            assert!(!read.contains('\0'));
        }
    }
    let _ = parameters.fault();
}
