//! `[sealing]`: the key that signing keys are sealed with.

use std::fmt;
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use serde::{Deserialize, Deserializer};
use zeroize::Zeroizing;

use super::text;

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sealing {
    #[serde(deserialize_with = "key_or_none")]
    key: Option<SealingKeyText>,
    key_file: PathBuf,
    /// The folder that a relative `key_file` begins in. Not a key of the file: it is where the file lies.
    #[serde(skip)]
    folder: PathBuf,
}

/// Where the sealing key comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SealingKeySource<'a> {
    /// From the configuration: never written anywhere.
    Given(&'a SealingKeyText),
    /// From a file, see [`Sealing::key_file`].
    File,
}

impl Sealing {
    /// In a folder of its own, so that a backup of the database's folder holds no key.
    const DEFAULT_FILE: &'static str = "secrets/sealing.key";

    pub const fn source(&self) -> SealingKeySource<'_> {
        match &self.key {
            Some(key) => SealingKeySource::Given(key),
            None => SealingKeySource::File,
        }
    }

    /// The file that holds the key, or is to hold it, unless the configuration does.
    pub fn key_file(&self) -> PathBuf {
        if self.key_file.as_os_str().is_empty() {
            self.folder.join(Self::DEFAULT_FILE)
        } else {
            self.folder.join(&self.key_file)
        }
    }

    pub(super) fn resolve_beside(&mut self, config_file: Option<&Path>) {
        self.folder = config_file.and_then(Path::parent).map(Path::to_path_buf).unwrap_or_default();
    }

    pub(super) fn conflict(&self) -> Option<(&'static str, String)> {
        let names_both = self.key.is_some() && !self.key_file.as_os_str().is_empty();
        names_both.then(|| {
            ("sealing.key_file", "sealing.key is set too, and only one of them can be meant".to_owned())
        })
    }
}

/// The sealing key as it is written: 32 bytes as unpadded base64url.
#[derive(Clone, PartialEq, Eq)]
pub struct SealingKeyText(Zeroizing<String>);

impl SealingKeyText {
    fn parse(text: &str) -> Result<Self, &'static str> {
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(text).map(Zeroizing::new);
        match bytes {
            Ok(bytes) if bytes.len() == 32 => Ok(Self(Zeroizing::new(text.to_owned()))),
            _ => Err("32 bytes as base64url: 43 characters, without padding"),
        }
    }

    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for SealingKeyText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SealingKeyText(…)")
    }
}

fn key_or_none<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<SealingKeyText>, D::Error> {
    text::parsed(
        deserializer,
        |key| if key.is_empty() { Ok(None) } else { SealingKeyText::parse(key).map(Some) },
    )
}
