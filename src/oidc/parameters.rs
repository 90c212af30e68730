//! Request parameters as they came (RFC 6749 §3.1): an empty value counts as absent, a repeated name is an error.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use url::form_urlencoded;

/// Parameters of one request, from a query or a form body.
#[derive(Debug, Clone, Default)]
pub struct Parameters {
    values: BTreeMap<String, String>,
    repeated: Vec<String>,
}

impl Parameters {
    /// Reads `application/x-www-form-urlencoded` text.
    pub fn parse(text: &str) -> Self {
        form_urlencoded::parse(text.as_bytes()).collect()
    }

    /// The value, unless it is absent or empty.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.values.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }

    /// The value of a parameter that was given exactly once.
    pub fn single(&self, name: &str) -> Option<&str> {
        self.get(name).filter(|_| !self.is_repeated(name))
    }

    pub fn is_repeated(&self, name: &str) -> bool {
        self.repeated.iter().any(|repeated| repeated == name)
    }

    /// Any name that came more than once.
    pub fn repeated(&self) -> Option<&str> {
        self.repeated.first().map(String::as_str)
    }
}

impl<K: Into<String>, V: Into<String>> FromIterator<(K, V)> for Parameters {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(pairs: I) -> Self {
        let mut parameters = Self::default();
        for (name, value) in pairs {
            match parameters.values.entry(name.into()) {
                Entry::Vacant(place) => {
                    place.insert(value.into());
                }
                Entry::Occupied(known) => parameters.repeated.push(known.key().clone()),
            }
        }
        parameters
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rfc_6749_3_1_empty_is_absent_and_repetition_is_seen() {
        let parameters = Parameters::parse("a=1&b=&c=x&c=y&d=%C5%BC+z");
        assert_eq!(parameters.get("a"), Some("1"));
        assert_eq!(parameters.get("b"), None);
        assert_eq!(parameters.repeated(), Some("c"));
        assert_eq!(parameters.single("c"), None);
        assert_eq!(parameters.get("d"), Some("ż z"));
    }
}
