//! A scope: read, written and read again it is the same.

use iok_id::domain::scope::ScopeSet;

pub(crate) fn read(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    if let Ok(scope) = ScopeSet::parse(text) {
        assert_eq!(ScopeSet::parse(&scope.to_string()), Ok(scope));
    }
}
