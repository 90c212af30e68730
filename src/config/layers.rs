//! One layer of the configuration: who says what.

use std::ffi::OsString;
use std::path::Path;

use figment::providers::{Format as _, Toml};
use figment::value::{Dict, Map, Value};
use figment::{Metadata, Profile, Provider};

use super::error::{Complaint, ConfigError, ENVIRONMENT_PREFIX, Origin, Problem};

const DEFAULTS: &str = include_str!("../../config/default.toml");

/// The section whose keys are names that nobody can know beforehand, each of a table.
pub(super) const FREE_SECTION: &str = "offices";
const FREE_SECTION_AND_DOT: &str = "offices.";

/// What one source says, by section and key.
#[derive(Debug, Clone)]
pub(super) struct Layer {
    pub(super) origin: Origin,
    pub(super) values: Dict,
}

impl Layer {
    /// # Errors
    /// If the built-in defaults are not TOML, which a test would have found.
    pub(super) fn defaults() -> Result<Self, ConfigError> {
        Self::from_toml(Origin::Defaults, Path::new("default.toml"), DEFAULTS)
    }

    pub(super) fn file(path: &Path) -> Result<Self, ConfigError> {
        let text = std::fs::read_to_string(path)
            .map_err(|cause| ConfigError::Unreadable { path: path.to_owned(), cause })?;
        Self::from_toml(Origin::File(path.to_owned()), path, &text)
    }

    fn from_toml(origin: Origin, path: &Path, text: &str) -> Result<Self, ConfigError> {
        let values = Toml::from_str(text).map_err(|error| {
            let offset = error.span().map_or(0, |span| span.start).min(text.len());
            ConfigError::Syntax {
                path: path.to_owned(),
                line: 1 + text.get(..offset).unwrap_or_default().matches('\n').count(),
                message: error.message().to_owned(),
            }
        })?;
        Ok(Self { origin, values })
    }

    /// `IOK_ID__SECTION__KEY`. A value is read as what its key's default is, so that a telephone number stays a text.
    pub(super) fn environment(
        variables: &[(OsString, OsString)],
        defaults: &Self,
        problems: &mut Vec<Problem>,
    ) -> Self {
        let mut layer = Self { origin: Origin::Environment, values: Dict::new() };
        for (name, value) in variables {
            let Some(key) = name.to_str().and_then(|name| name.strip_prefix(ENVIRONMENT_PREFIX)) else {
                continue;
            };
            let key = key.to_lowercase().replace("__", ".");
            if key.split('.').next() == Some(FREE_SECTION) {
                problems.push(Problem {
                    origin: layer.origin.clone(),
                    key,
                    complaint: Complaint::Conflict(
                        "the name of a variable cannot hold an office's; write offices into the file"
                            .to_owned(),
                    ),
                });
                continue;
            }
            match value.to_str() {
                Some(text) => layer.set(&key, defaults.like_the_default(&key, text)),
                None => problems.push(Problem {
                    origin: layer.origin.clone(),
                    key,
                    complaint: Complaint::NotUnicode,
                }),
            }
        }
        layer
    }

    /// What the command line decided: keys with their sections, values as in the environment.
    pub(super) fn command_line(overrides: &[(String, String)], defaults: &Self) -> Self {
        let mut layer = Self { origin: Origin::CommandLine, values: Dict::new() };
        for (key, text) in overrides {
            layer.set(key, defaults.like_the_default(key, text));
        }
        layer
    }

    /// Of the same kind as the key's default; a text that cannot be is left to be complained about.
    fn like_the_default(&self, key: &str, text: &str) -> Value {
        let parsed = match self.get(key) {
            Some(Value::Num(..)) => text.trim().parse::<i64>().ok().map(Value::from),
            Some(Value::Bool(..)) => text.trim().parse::<bool>().ok().map(Value::from),
            // `[one, two]`: the parser takes what is no list for a text.
            Some(Value::Array(..)) => text.parse::<Value>().ok(),
            // `{ phone = "32 245 00 00" }`.
            _ if key.starts_with(FREE_SECTION_AND_DOT) => text.parse::<Value>().ok(),
            _ => None,
        };
        parsed.unwrap_or_else(|| Value::from(text))
    }

    /// The names in the free section.
    pub(super) fn free_names(&self) -> Vec<String> {
        match self.values.get(FREE_SECTION) {
            Some(Value::Dict(_, entries)) => entries.keys().cloned().collect(),
            _ => Vec::new(),
        }
    }

    /// The table below such a name, if it is one.
    pub(super) fn free_table(&mut self, name: &str) -> Option<&mut Dict> {
        match self.values.get_mut(FREE_SECTION)? {
            Value::Dict(_, entries) => match entries.get_mut(name)? {
                Value::Dict(_, keys) => Some(keys),
                _ => None,
            },
            _ => None,
        }
    }

    pub(super) fn get(&self, key: &str) -> Option<&Value> {
        match key.split_once('.') {
            Some((section, key)) => self.values.get(section)?.as_dict()?.get(key),
            None => self.values.get(key),
        }
    }

    fn set(&mut self, key: &str, value: Value) {
        match key.split_once('.') {
            Some((section, key)) => {
                let entry = self.values.entry(section.to_owned()).or_insert_with(|| Value::from(Dict::new()));
                if let Value::Dict(_, keys) = entry {
                    keys.insert(key.to_owned(), value);
                }
            }
            None => {
                self.values.insert(key.to_owned(), value);
            }
        }
    }

    /// With its last key a section goes as well: an unknown one would be complained about twice.
    pub(super) fn remove(&mut self, key: &str) {
        match key.split_once('.') {
            Some((section, key)) => {
                if let Some(Value::Dict(_, keys)) = self.values.get_mut(section) {
                    keys.remove(key);
                    if keys.is_empty() {
                        self.values.remove(section);
                    }
                }
            }
            None => {
                self.values.remove(key);
            }
        }
    }

    /// All keys with their sections; a section that is empty, or no table, is a key of its own.
    pub(super) fn keys(&self) -> Vec<String> {
        let mut keys = Vec::new();
        for (section, value) in &self.values {
            match value {
                Value::Dict(_, entries) if !entries.is_empty() => {
                    keys.extend(entries.keys().map(|key| format!("{section}.{key}")));
                }
                _ => keys.push(section.clone()),
            }
        }
        keys
    }
}

impl Provider for Layer {
    fn metadata(&self) -> Metadata {
        Metadata::named(self.origin.to_string())
    }

    fn data(&self) -> Result<Map<Profile, Dict>, figment::Error> {
        Ok(Map::from([(Profile::Default, self.values.clone())]))
    }
}
