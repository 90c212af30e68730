//! Client metadata out of JSON, so that whoever sent it learns which member is wrong.

use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, Error, MapAccess, Visitor};
use serde_json::{Map, Value};

use super::metadata::ClientMetadata;
use super::validation::MetadataError;

/// The members of a JSON object, each once: which of two would count is nobody's guess.
#[derive(Debug, Clone, Default)]
pub struct Members(pub Map<String, Value>);

impl<'de> Deserialize<'de> for Members {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Once;

        impl<'de> Visitor<'de> for Once {
            type Value = Members;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a JSON object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members, A::Error> {
                let mut members = Map::new();
                while let Some((name, value)) = map.next_entry::<String, Value>()? {
                    if members.contains_key(&name) {
                        return Err(A::Error::custom(format_args!("`{name}` is there twice")));
                    }
                    members.insert(name, value);
                }
                Ok(Members(members))
            }
        }

        deserializer.deserialize_map(Once)
    }
}

impl ClientMetadata {
    /// Reads metadata by its registered names. A null is as good as nothing (RFC 7592 §2.2).
    ///
    /// # Errors
    /// The first member whose value is of the wrong kind, by its name.
    pub fn from_members(members: Map<String, Value>) -> Result<Self, MetadataError> {
        let members: Map<String, Value> = members.into_iter().filter(|(_, value)| !value.is_null()).collect();
        // Each by itself first: what is wrong with a value is said without the name of its field.
        for (name, value) in &members {
            let alone = Value::Object(Map::from_iter([(name.clone(), value.clone())]));
            serde_json::from_value::<Self>(alone).map_err(|error| match name.as_str() {
                "redirect_uris" => MetadataError::RedirectUri(format!("{name}: {error}")),
                _ => MetadataError::Field(format!("{name}: {error}")),
            })?;
        }
        serde_json::from_value(Value::Object(members))
            .map_err(|error| MetadataError::Field(error.to_string()))
    }
}

#[cfg(test)]
mod tests {
    use proptest::collection::btree_map;
    use proptest::prelude::{Just, Strategy, any, prop_oneof};
    use proptest::{prop_assert, prop_assert_eq, proptest};

    use super::*;
    use crate::domain::client::stranger::StrangerRules;
    use crate::domain::scope::ScopeSet;

    #[test]
    fn a_wrong_value_is_told_with_its_name() {
        let Value::Object(members) = serde_json::json!({"client_name": 7, "logo_uri": null}) else {
            unreachable!("an object")
        };
        let error = ClientMetadata::from_members(members).expect_err("a number is no name").to_string();
        assert!(error.starts_with("invalid_client_metadata: client_name:"), "{error}");
    }

    #[test]
    fn a_member_that_is_there_twice_is_nobodys_guess() {
        let twice = serde_json::from_str::<Members>(r#"{"a": 1, "a": 2}"#);
        assert!(twice.expect_err("twice").to_string().contains("`a` is there twice"));
    }

    /// A registered name, or any.
    fn name() -> impl Strategy<Value = String> {
        let registered: Vec<String> = match serde_json::to_value(good()) {
            Ok(Value::Object(members)) => members.into_iter().map(|(name, _)| name).collect(),
            _ => Vec::new(),
        };
        prop_oneof![
            4 => proptest::sample::select(registered),
            1 => proptest::sample::select(
                vec!["jwks_uri", "logo_uri", "client_name#pl", "resource", "response_types", "default_max_age"]
            ).prop_map(str::to_owned),
            1 => crate::arbitrary::text(),
        ]
    }

    /// Every kind of member, as a client might send it.
    fn good() -> ClientMetadata {
        serde_json::from_value(serde_json::json!({
            "redirect_uris": ["https://rp.example/cb"], "post_logout_redirect_uris": ["https://rp.example/"],
            "client_name": "Czynsze", "client_uri": "https://rp.example/", "logo_uri": "https://rp.example/logo.png",
            "scope": "openid email", "contacts": ["a@rp.example"], "default_acr_values": ["urn:x"],
            "jwks": {"keys": [{"kty": "EC", "kid": "1"}]}, "default_max_age": 60,
        }))
        .expect("metadata")
    }

    fn rules() -> StrangerRules {
        StrangerRules { scopes: ScopeSet::identity(), require_pkce: true, trying_out: false }
    }

    /// What a client might send: good values, in the wrong places too, and any.
    fn value() -> impl Strategy<Value = Value> {
        let good: Vec<Value> = match serde_json::to_value(good()) {
            Ok(Value::Object(members)) => members.into_iter().map(|(_, value)| value).collect(),
            _ => Vec::new(),
        };
        prop_oneof![
            2 => proptest::sample::select(good),
            1 => crate::arbitrary::json(),
            1 => any::<u32>().prop_map(Value::from),
            1 => Just(Value::from(vec!["authorization_code", "refresh_token"])),
        ]
    }

    proptest! {
        #[test]
        fn rfc_7591_2_any_metadata_is_read_or_refused_by_the_name_of_a_member(
            members in btree_map(name(), value(), 0..8),
        ) {
            let members: Map<String, Value> = members.into_iter().collect();
            let judged = ClientMetadata::from_members(members.clone())
                .and_then(|metadata| metadata.validate_as_stranger(&rules()).map(|()| metadata));
            match judged {
                Err(error) => {
                    let description = error.description();
                    let named = |name: &str| description.starts_with(name);
                    let Ok(Value::Object(registered)) = serde_json::to_value(good()) else { unreachable!() };
                    prop_assert!(
                        members.keys().chain(registered.keys()).any(|name| named(name))
                            || ["sector_identifier_uri", "response_types", "resource", "backchannel_logout_uri"]
                                .into_iter()
                                .any(named),
                        "{}", description
                    );
                }
                Ok(metadata) => {
                    // As the answer tells it, and as it is stored.
                    let complete = metadata.completed_as_stranger(&rules());
                    prop_assert_eq!(complete.validate_as_stranger(&rules()), Ok(()));
                    let Ok(Value::Object(written)) = serde_json::to_value(&complete) else { unreachable!() };
                    prop_assert_eq!(ClientMetadata::from_members(written), Ok(complete));
                }
            }
        }

        #[test]
        fn any_json_is_members_once_each_or_refused(text in crate::arbitrary::text(), json in crate::arbitrary::json()) {
            serde_json::from_str::<Members>(&text).ok();
            prop_assert_eq!(serde_json::from_value::<Members>(json.clone()).is_ok(), json.is_object());
        }
    }
}
