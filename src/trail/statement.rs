//! What is said about the chain, signed: compact JWS (RFC 7515) with a `typ` for each kind, so that one never passes as
//! another.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::crypto::signing::{KeyError, SigningKey};
use crate::crypto::verification::{UncheckedHeader, VerificationError, thumbprint, verify};
use crate::domain::audit_chain::{ChainHash, Place, exact};
use crate::domain::clock::Moment;
use crate::domain::token::SigningAlgorithm;

/// Something that is said about the chain.
pub(super) trait Statement: Serialize + DeserializeOwned {
    const TYP: &'static str;

    /// Whose trail it is about.
    fn issuer(&self) -> &str;

    fn sign(&self, key: &SigningKey) -> Result<String, KeyError> {
        key.sign_jwt(Self::TYP, self)
    }
}

/// At this moment the chain went so far.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CheckpointClaims {
    pub(super) iss: String,
    pub(super) number: u64,
    pub(super) seq: u64,
    pub(super) hash: ChainHash,
    #[serde(with = "exact")]
    pub(super) at: Moment,
}

/// What came before this checkpoint was forgotten, as the retention wants it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct BeginningClaims {
    pub(super) iss: String,
    pub(super) number: u64,
    pub(super) seq: u64,
    pub(super) hash: ChainHash,
    #[serde(with = "exact")]
    pub(super) forgotten_at: Moment,
}

/// The key of this generation is this one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct KeyClaims {
    pub(super) iss: String,
    pub(super) generation: u32,
    pub(super) kid: String,
}

/// The lines before this one are the export, whole, and at that moment the chain went so far.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ExportClaims {
    pub(super) iss: String,
    pub(super) lines: u64,
    /// SHA-256 of them, line breaks included.
    pub(super) digest: ChainHash,
    pub(super) head: Place,
    #[serde(with = "exact")]
    pub(super) at: Moment,
}

macro_rules! statements {
    ($($claims:ty: $typ:literal,)*) => {$(
        impl Statement for $claims {
            const TYP: &'static str = $typ;

            fn issuer(&self) -> &str {
                &self.iss
            }
        }
    )*};
}

statements! {
    CheckpointClaims: "iok-id-audit-checkpoint+jwt",
    BeginningClaims: "iok-id-audit-beginning+jwt",
    KeyClaims: "iok-id-audit-key+jwt",
    ExportClaims: "iok-id-audit-export+jwt",
}

impl CheckpointClaims {
    pub(super) fn place(&self) -> Place {
        Place { seq: self.seq, hash: self.hash }
    }
}

impl BeginningClaims {
    pub(super) fn place(&self) -> Place {
        Place { seq: self.seq, hash: self.hash }
    }
}

/// The algorithm of the keys that sign it all: one signature for one message, which nobody can write differently.
pub(super) const ALGORITHM: SigningAlgorithm = SigningAlgorithm::EdDsa;

/// Public keys, by what they are known by.
#[derive(Debug, Clone, Default)]
pub(super) struct PublicKeys(Vec<Map<String, Value>>);

impl PublicKeys {
    /// Adds the key with this public half (RFC 8037 §2, `x`), and says what it is known by; `None` if it is no key.
    pub(super) fn add(&mut self, x: &str) -> Option<String> {
        let Value::Object(mut key) = json!({"kty": "OKP", "crv": "Ed25519", "x": x}) else { return None };
        let kid = thumbprint(&key)?;
        key.insert("kid".to_owned(), kid.clone().into());
        self.0.push(key);
        Some(kid)
    }

    /// What was said, if one of these keys signed it, as this kind of statement.
    pub(super) fn open<S: Statement>(&self, token: &str) -> Result<(S, String), VerificationError> {
        let header = UncheckedHeader::read(token)?;
        if header.algorithm != ALGORITHM || header.typ.as_deref() != Some(S::TYP) {
            return Err(VerificationError::BadClaims);
        }
        let kid = header.kid.clone().ok_or(VerificationError::UnknownKey)?;
        let named = self.0.iter().filter(|key| key.get("kid").and_then(Value::as_str) == Some(&kid));
        Ok((verify(token, &header, named)?, kid))
    }
}
