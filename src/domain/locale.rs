//! The languages people are spoken to in.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A language that every page exists in. Polish is the default.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub enum Locale {
    #[default]
    #[serde(rename = "pl")]
    Polish,
    #[serde(rename = "en")]
    English,
}

impl Locale {
    pub const ALL: [Self; 2] = [Self::Polish, Self::English];

    /// The BCP 47 tag, as used in `lang`, `ui_locales` and file names.
    pub const fn tag(self) -> &'static str {
        match self {
            Self::Polish => "pl",
            Self::English => "en",
        }
    }

    /// From a BCP 47 tag; the region does not matter (`en-GB` is English).
    pub fn from_tag(tag: &str) -> Option<Self> {
        let language = tag.split(['-', '_']).next().unwrap_or(tag);
        Self::ALL.into_iter().find(|locale| locale.tag().eq_ignore_ascii_case(language))
    }

    /// The first language of a space-separated preference list that we speak (OpenID Connect Core §3.1.2.1, `ui_locales`).
    pub fn from_preferences(ui_locales: &str) -> Option<Self> {
        ui_locales.split_ascii_whitespace().find_map(Self::from_tag)
    }
}

impl fmt::Display for Locale {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.tag())
    }
}
