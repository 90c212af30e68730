//! Request parameters as they came (RFC 6749 §3.1): an empty value counts as absent, a repeated name is an error, but
//! for the one name that may come several times.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::fmt;

use url::form_urlencoded;

/// RFC 8707 §2: `resource` may be repeated, and nothing else.
const REPEATABLE: &str = "resource";

/// Parameters of one request, from a query or a form body.
#[derive(Clone, Default)]
pub struct Parameters {
    values: BTreeMap<String, String>,
    repeated: Vec<String>,
    /// Second and later values of what may be repeated.
    further: Vec<String>,
    unreadable: Vec<String>,
}

/// What is wrong with a parameter, before anybody looks at what it means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault<'a> {
    /// It came more than once.
    Repeated(&'a str),
    /// It holds NUL, which is nothing's name or value, and which PostgreSQL cannot keep.
    Unreadable(&'a str),
}

impl Parameters {
    /// Reads `application/x-www-form-urlencoded` text.
    pub fn parse(text: &str) -> Self {
        form_urlencoded::parse(text.as_bytes()).collect()
    }

    /// The value, unless it is absent, empty or unreadable.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.values.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }

    /// The value of a parameter that was given exactly once.
    pub fn single(&self, name: &str) -> Option<&str> {
        self.get(name).filter(|_| !self.is_repeated(name))
    }

    /// These parameters, but for those that are given here as well: these count instead, faults and all.
    #[must_use]
    pub fn superseded_by(&self, pairs: Vec<(String, String)>) -> Self {
        let mut merged: Self = pairs.into_iter().collect();
        let is_new = |name: &String, known: &BTreeMap<String, String>| !known.contains_key(name);
        merged.repeated.extend(self.repeated.iter().filter(|name| is_new(name, &merged.values)).cloned());
        if !merged.values.contains_key(REPEATABLE) {
            merged.further.clone_from(&self.further);
        }
        merged.unreadable.extend(self.unreadable.iter().filter(|name| is_new(name, &merged.values)).cloned());
        for (name, value) in &self.values {
            merged.values.entry(name.clone()).or_insert_with(|| value.clone());
        }
        merged
    }

    /// Every value of `resource`, in order (RFC 8707 §2).
    pub fn resources(&self) -> impl Iterator<Item = &str> {
        self.get(REPEATABLE)
            .into_iter()
            .chain(self.further.iter().map(String::as_str).filter(|value| !value.is_empty()))
    }

    /// Every parameter whose name begins so: the rest of its name, and its value, unless that is empty or unreadable.
    pub fn beginning_with(&self, prefix: &str) -> impl Iterator<Item = (&str, &str)> {
        self.values
            .iter()
            .filter_map(move |(name, value)| Some((name.strip_prefix(prefix)?, value.as_str())))
            .filter(|(_, value)| !value.is_empty())
    }

    pub fn is_repeated(&self, name: &str) -> bool {
        self.repeated.iter().any(|repeated| repeated == name)
    }

    /// Did it hold NUL? Nothing of its value is kept.
    pub fn is_unreadable(&self, name: &str) -> bool {
        self.unreadable.iter().any(|unreadable| unreadable == name)
    }

    /// The first thing that is wrong with any of them.
    pub fn fault(&self) -> Option<Fault<'_>> {
        let repeated = self.repeated.first().map(|name| Fault::Repeated(name));
        repeated.or_else(|| self.unreadable.first().map(|name| Fault::Unreadable(name)))
    }
}

/// Names only: values are passwords and codes.
impl fmt::Debug for Parameters {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.values.keys()).finish()
    }
}

impl<K: Into<String>, V: Into<String>> FromIterator<(K, V)> for Parameters {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(pairs: I) -> Self {
        let mut parameters = Self::default();
        for (name, value) in pairs {
            let (name, mut value) = (name.into(), value.into());
            if name.contains('\0') || value.contains('\0') {
                parameters.unreadable.push(name.clone());
                value.clear();
            }
            match parameters.values.entry(name) {
                Entry::Vacant(place) => {
                    place.insert(value);
                }
                Entry::Occupied(known) if known.key() == REPEATABLE => parameters.further.push(value),
                Entry::Occupied(known) => parameters.repeated.push(known.key().clone()),
            }
        }
        parameters
    }
}

#[cfg(test)]
mod tests {
    use proptest::collection::{btree_map, vec};
    use proptest::{prop_assert, prop_assert_eq, proptest};

    use super::*;

    #[test]
    fn rfc_6749_3_1_empty_is_absent_and_repetition_is_seen() {
        let parameters = Parameters::parse("a=1&b=&c=x&c=y&d=%C5%BC+z");
        assert_eq!(parameters.get("a"), Some("1"));
        assert_eq!(parameters.get("b"), None);
        assert_eq!(parameters.fault(), Some(Fault::Repeated("c")));
        assert_eq!(parameters.single("c"), None);
        assert_eq!(parameters.get("d"), Some("ż z"));
        let resources = Parameters::parse("resource=b&resource=&resource=a");
        assert_eq!(resources.fault(), None);
        assert_eq!(resources.resources().collect::<Vec<_>>(), ["b", "a"]);
        let nul = Parameters::parse("e=a%00b");
        assert_eq!((nul.get("e"), nul.fault()), (None, Some(Fault::Unreadable("e"))));
    }
    #[test]
    fn what_supersedes_takes_its_faults_and_those_of_nothing_else() {
        let outside = Parameters::parse("a=1&a=2&b=3&c=4&c=5");
        let pairs = |text: &str| form_urlencoded::parse(text.as_bytes()).into_owned().collect::<Vec<_>>();
        let merged = outside.superseded_by(pairs("a=9&d=8"));
        assert_eq!((merged.get("a"), merged.get("b"), merged.get("d")), (Some("9"), Some("3"), Some("8")));
        assert_eq!(merged.single("a"), Some("9"));
        assert_eq!(merged.fault(), Some(Fault::Repeated("c")));
        assert_eq!(Parameters::parse("a=1").superseded_by(pairs("a=2&a=3")).single("a"), None);
    }

    fn written(pairs: impl IntoIterator<Item = (String, String)>) -> String {
        form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish()
    }

    proptest! {
        #[test]
        fn whatever_comes_is_read_and_its_faults_are_seen(text in crate::arbitrary::text()) {
            let parameters = Parameters::parse(&text);
            let pairs: Vec<_> = form_urlencoded::parse(text.as_bytes()).into_owned().collect();
            let mut names: Vec<&String> = pairs.iter().map(|(name, _)| name).collect();
            names.sort_unstable();
            let is_repeated = names.windows(2).any(|two| two[0] == two[1]);
            let has_nul = pairs.iter().any(|(name, value)| name.contains('\0') || value.contains('\0'));
            prop_assert_eq!(parameters.fault().is_some(), is_repeated || has_nul);
            for (name, _) in &pairs {
                prop_assert!(parameters.get(name).is_none_or(|value| !value.contains('\0')));
            }
        }

        #[test]
        fn what_was_written_is_read(pairs in btree_map("[^\\x00]{0,8}", "[^\\x00]{1,8}", 0..6)) {
            let parameters = Parameters::parse(&written(pairs.clone()));
            prop_assert_eq!(parameters.fault(), None);
            for (name, value) in &pairs {
                prop_assert_eq!(parameters.single(name), Some(value.as_str()));
            }
        }

        #[test]
        fn what_supersedes_counts_and_the_rest_stays(
            outside in btree_map("[a-f]", "[a-z]{1,4}", 0..6),
            inside in vec(("[a-f]", "[a-z]{0,4}"), 0..6),
        ) {
            let merged = Parameters::parse(&written(outside.clone())).superseded_by(inside.clone());
            let mut first: BTreeMap<&String, &String> = BTreeMap::new();
            for (name, value) in &inside {
                first.entry(name).or_insert(value);
            }
            for (name, value) in &first {
                prop_assert_eq!(merged.get(name), Some(value.as_str()).filter(|value| !value.is_empty()));
                let times = inside.iter().filter(|(own, _)| own == *name).count();
                prop_assert_eq!(merged.is_repeated(name), times > 1);
            }
            for (name, value) in outside.iter().filter(|(name, _)| !first.contains_key(name)) {
                prop_assert_eq!(merged.single(name), Some(value.as_str()));
            }
        }
    }
}
