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
    use super::*;

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
}
