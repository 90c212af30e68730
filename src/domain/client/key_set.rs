//! A client's public keys, as it registered or publishes them (RFC 7517 §5).

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// Members that only a private or a secret key has (RFC 7518 §6.2.2, §6.3.2, §6.4; RFC 8037 §2).
const PRIVATE_MEMBERS: [&str; 8] = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];

/// More keys than that are nobody's honest rotation, and each is tried.
const MOST_KEYS: usize = 32;

/// A JWK set of public keys. A key of a kind that is not known is kept and never matches (RFC 7517 §5).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Map<String, Value>")]
pub struct ClientKeySet {
    keys: Vec<Map<String, Value>>,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeySetError {
    #[error("`keys` is not a list of JSON objects (RFC 7517 §5)")]
    NoKeys,
    /// Whoever reads the database, or this answer, could sign in the client's name.
    #[error("a key holds private material (`{0}`): register public keys only, and replace this one")]
    Private(&'static str),
    #[error("a key has no `kty` (RFC 7517 §4.1)")]
    NoType,
    #[error("there are more than {MOST_KEYS} keys")]
    TooMany,
}

/// From an object: what is derived would take a list for it, too.
impl TryFrom<Map<String, Value>> for ClientKeySet {
    type Error = KeySetError;

    fn try_from(mut set: Map<String, Value>) -> Result<Self, KeySetError> {
        let keys = set.remove("keys").unwrap_or_default();
        let keys: Vec<Map<String, Value>> = serde_json::from_value(keys).map_err(|_| KeySetError::NoKeys)?;
        if keys.len() > MOST_KEYS {
            return Err(KeySetError::TooMany);
        }
        for key in &keys {
            if let Some(member) = PRIVATE_MEMBERS.into_iter().find(|member| key.contains_key(*member)) {
                return Err(KeySetError::Private(member));
            }
            if !key.get("kty").is_some_and(Value::is_string) {
                return Err(KeySetError::NoType);
            }
        }
        Ok(Self { keys })
    }
}

impl ClientKeySet {
    /// Those that may have signed something with this `kid`: of that id, or any where the signature names none.
    pub fn named(&self, kid: Option<&str>) -> impl Iterator<Item = &Map<String, Value>> {
        self.keys.iter().filter(move |key| match kid {
            None => true,
            Some(kid) => key.get("kid").and_then(Value::as_str) == Some(kid),
        })
    }

    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use proptest::{prop_assert, prop_assert_eq, proptest};

    use super::*;

    fn read(keys: &Value) -> Result<ClientKeySet, String> {
        serde_json::from_value(serde_json::json!({ "keys": keys })).map_err(|error| error.to_string())
    }

    #[test]
    fn private_material_is_refused() {
        for key in [
            serde_json::json!({"kty": "EC", "crv": "P-256", "x": "a", "y": "b", "d": "c"}),
            serde_json::json!({"kty": "RSA", "n": "a", "e": "AQAB", "p": "c"}),
            serde_json::json!({"kty": "oct", "k": "c"}),
        ] {
            assert!(read(&serde_json::json!([key])).expect_err("refused").contains("private material"));
        }
    }

    #[test]
    fn a_key_is_found_by_its_id() {
        let set = read(&serde_json::json!([{"kty": "RSA", "kid": "1"}, {"kty": "new", "kid": "2"}]))
            .expect("public");
        assert_eq!(set.named(Some("2")).count(), 1);
        assert_eq!(set.named(Some("3")).count(), 0);
        assert_eq!(set.named(None).count(), 2);
    }

    proptest! {
        #[test]
        fn a_set_that_is_read_holds_nothing_private_and_is_written_as_it_came(
            keys in proptest::collection::vec(
                proptest::collection::btree_map("(kty|kid|use|alg|n|e|x|y|crv|d|p|k|oth)", crate::arbitrary::json(), 0..5),
                0..4,
            ),
        ) {
            let keys = serde_json::json!(keys);
            if let Ok(set) = read(&keys) {
                let written = serde_json::to_value(&set).expect("JSON");
                let came = serde_json::json!({ "keys": keys });
                prop_assert_eq!(written, came);
                let is_public = |key: &Map<String, Value>| PRIVATE_MEMBERS.iter().all(|name| !key.contains_key(*name));
                prop_assert!(set.named(None).all(is_public));
                let has_private = |member: &&str| set.named(None).any(|key| key.contains_key(*member));
                prop_assert!(!PRIVATE_MEMBERS.iter().any(has_private));
            }
        }
    }
}
