//! A client's key set: what is read holds nothing private.

use iok_id::domain::client::ClientKeySet;

pub(crate) fn read(data: &[u8]) {
    if let Ok(set) = serde_json::from_slice::<ClientKeySet>(data) {
        for private in ["d", "p", "q", "dp", "dq", "qi", "oth", "k"] {
            assert!(set.named(None).all(|key| !key.contains_key(private)));
        }
    }
}
