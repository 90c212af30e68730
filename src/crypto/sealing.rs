//! Sealing (AES-256-GCM by aws-lc-rs) of what must be reproduced and may not lie readable in the database.

use std::fmt;

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use aws_lc_rs::hkdf::{HKDF_SHA256, Prk, Salt};
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use zeroize::Zeroizing;

use crate::domain::secret::{BearerSecret, Entropy};

/// What things are sealed as: one thing never opens as another.
pub mod purpose {
    pub const SIGNING_KEY: &str = "signing key";
    pub const PERSON_KEY: &str = "person key";
    pub const AUDIT_ORIGIN: &str = "audit origin";
    pub const MAIL: &str = "mail";
    pub const SECOND_FACTOR_SEED: &str = "second factor seed";
    pub const REFRESH_ANSWER: &str = "refresh answer";
    pub const SECOND_FACTOR_CODES: &str = "second factor codes";
    pub const PASSKEY_CEREMONY: &str = "passkey ceremony";
    pub const AUDIT_KEY: &str = "audit key";
}

/// A 256-bit key that seals and opens.
pub struct SealingKey {
    aead: LessSafeKey,
    derivation: Prk,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SealingError {
    #[error("a sealing key is 32 bytes in base64url, without padding (43 characters)")]
    NotAKey,
    #[error("the sealed value does not open with this key")]
    DoesNotOpen,
}

impl SealingKey {
    /// 32 random bytes, as [`Self::from_text`] reads them.
    pub fn generate_text(entropy: &dyn Entropy) -> Zeroizing<String> {
        let mut bytes = Zeroizing::new([0_u8; 32]);
        entropy.fill(&mut *bytes);
        Zeroizing::new(BASE64_URL_SAFE_NO_PAD.encode(*bytes))
    }

    /// # Errors
    /// If the text is not 32 bytes in base64url.
    pub fn from_text(text: &str) -> Result<Self, SealingError> {
        let bytes =
            Zeroizing::new(BASE64_URL_SAFE_NO_PAD.decode(text.trim()).map_err(|_| SealingError::NotAKey)?);
        if bytes.len() != 32 {
            return Err(SealingError::NotAKey);
        }
        Self::from_bytes(&bytes)
    }

    /// A key that only whoever holds this secret can make (RFC 5869). What the database keeps of it, its SHA-256, leads
    /// neither to the secret nor to this key.
    ///
    /// # Panics
    /// Never: 32 bytes are a key, and well within what may be derived.
    pub fn of_secret(secret: &BearerSecret) -> Self {
        let mut bytes = Zeroizing::new([0; 32]);
        Salt::new(HKDF_SHA256, b"iok-id bearer secret")
            .extract(secret.expose().as_bytes())
            .expand(&[b"sealing"], HKDF_SHA256)
            .and_then(|material| material.fill(&mut *bytes))
            .expect("HKDF gives up to 255 hashes");
        Self::from_bytes(&*bytes).expect("32 bytes are a key")
    }

    fn from_bytes(bytes: &[u8]) -> Result<Self, SealingError> {
        let key = UnboundKey::new(&AES_256_GCM, bytes).map_err(|_| SealingError::NotAKey)?;
        let derivation = Salt::new(HKDF_SHA256, b"iok-id").extract(bytes);
        Ok(Self { aead: LessSafeKey::new(key), derivation })
    }

    /// A key for another purpose, the same on every replica (RFC 5869).
    ///
    /// # Panics
    /// Never: 32 bytes are well within what may be derived.
    pub fn derive(&self, purpose: &str) -> [u8; 32] {
        let mut derived = [0; 32];
        self.derivation
            .expand(&[purpose.as_bytes()], HKDF_SHA256)
            .and_then(|material| material.fill(&mut derived))
            .expect("HKDF gives up to 255 hashes");
        derived
    }

    /// Seals under a purpose: what was sealed as one thing does not open as another.
    ///
    /// # Panics
    /// Beyond 64 GiB.
    pub fn seal(&self, purpose: &str, plain: &[u8], entropy: &dyn Entropy) -> String {
        // Random nonces: far fewer than 2^32 values are ever sealed under one key.
        let mut nonce = [0; NONCE_LEN];
        entropy.fill(&mut nonce);
        let mut sealed = plain.to_vec();
        self.aead
            .seal_in_place_append_tag(
                Nonce::assume_unique_for_key(nonce),
                Aad::from(purpose.as_bytes()),
                &mut sealed,
            )
            .expect("AES-GCM seals anything shorter than 64 GiB");
        let mut whole = nonce.to_vec();
        whole.extend_from_slice(&sealed);
        BASE64_URL_SAFE_NO_PAD.encode(whole)
    }

    /// # Errors
    /// If it was sealed with another key, for another purpose, or was changed.
    pub fn open(&self, purpose: &str, sealed: &str) -> Result<Zeroizing<Vec<u8>>, SealingError> {
        let mut whole = BASE64_URL_SAFE_NO_PAD.decode(sealed).map_err(|_| SealingError::DoesNotOpen)?;
        if whole.len() < NONCE_LEN {
            return Err(SealingError::DoesNotOpen);
        }
        let mut body = whole.split_off(NONCE_LEN);
        let nonce = Nonce::try_assume_unique_for_key(&whole).map_err(|_| SealingError::DoesNotOpen)?;
        let plain = self
            .aead
            .open_in_place(nonce, Aad::from(purpose.as_bytes()), &mut body)
            .map_err(|_| SealingError::DoesNotOpen)?;
        Ok(Zeroizing::new(plain.to_vec()))
    }
}

impl fmt::Debug for SealingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SealingKey(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::secret::SystemEntropy;

    #[test]
    fn opens_only_with_the_same_key_and_purpose() {
        let key = SealingKey::from_text(&SealingKey::generate_text(&SystemEntropy)).unwrap();
        let other = SealingKey::from_text(&SealingKey::generate_text(&SystemEntropy)).unwrap();
        let sealed = key.seal("signing key", b"secret", &SystemEntropy);
        assert_eq!(&*key.open("signing key", &sealed).unwrap(), b"secret");
        assert_eq!(other.open("signing key", &sealed), Err(SealingError::DoesNotOpen));
        assert_eq!(key.open("person key", &sealed), Err(SealingError::DoesNotOpen));
        assert_eq!(key.open("signing key", ""), Err(SealingError::DoesNotOpen));
        assert!(SealingKey::from_text("short").is_err());
    }

    #[test]
    fn a_bearer_secret_opens_what_was_sealed_under_it_and_its_digest_does_not() {
        let secret = BearerSecret::generate(&SystemEntropy);
        let sealed = SealingKey::of_secret(&secret).seal("x", b"answer", &SystemEntropy);
        let again = BearerSecret::presented(secret.expose());
        assert_eq!(&*SealingKey::of_secret(&again).open("x", &sealed).unwrap(), b"answer");
        let stored = BearerSecret::presented(secret.digest().to_text());
        assert_eq!(SealingKey::of_secret(&stored).open("x", &sealed), Err(SealingError::DoesNotOpen));
        let digest = SealingKey::from_text(&secret.digest().to_text()).unwrap();
        assert_eq!(digest.open("x", &sealed), Err(SealingError::DoesNotOpen));
    }
}
