//! Random bytes, and machine bearer secrets: codes, refresh tokens, cookies, client secrets.
//!
//! A bearer secret has 256 random bits, is shown once and stored as its SHA-256. A slow hash is for what people
//! choose; it would only slow the token endpoint down here.

use std::fmt;
use std::sync::Arc;

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use zeroize::Zeroize;

/// Where random bytes come from. Injected, like time.
pub trait Entropy: fmt::Debug + Send + Sync {
    fn fill(&self, bytes: &mut [u8]);
}

/// The operating system's generator.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemEntropy;

impl Entropy for SystemEntropy {
    #[expect(clippy::disallowed_methods, reason = "the one place that may ask for random bytes")]
    fn fill(&self, bytes: &mut [u8]) {
        // Without randomness nothing here is safe: stopping is the only honest answer.
        getrandom::fill(bytes).expect("the operating system gives random bytes");
    }
}

/// A number below `bound`, without modulo bias.
///
/// # Panics
/// If `bound` is zero.
pub fn uniform_below(entropy: &dyn Entropy, bound: u32) -> u32 {
    assert!(bound > 0, "there is no number below zero");
    let zone = u32::MAX - (u32::MAX % bound);
    loop {
        let mut bytes = [0; 4];
        entropy.fill(&mut bytes);
        let drawn = u32::from_le_bytes(bytes);
        if drawn < zone {
            return drawn % bound;
        }
    }
}

/// A bearer secret in the clear: on its way to the one who may hold it, or just presented by them.
#[derive(Clone)]
pub struct BearerSecret(String);

impl BearerSecret {
    /// 256 random bits as unpadded base64url (43 characters).
    pub fn generate(entropy: &dyn Entropy) -> Self {
        let mut bytes = [0_u8; 32];
        entropy.fill(&mut bytes);
        let secret = Self(BASE64_URL_SAFE_NO_PAD.encode(bytes));
        bytes.zeroize();
        secret
    }

    /// What somebody presented; it may be anything.
    pub fn presented(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    pub fn expose(&self) -> &str {
        &self.0
    }

    pub fn digest(&self) -> SecretDigest {
        SecretDigest(Sha256::digest(self.0.as_bytes()).into())
    }
}

impl Drop for BearerSecret {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl fmt::Debug for BearerSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("BearerSecret(…)")
    }
}

/// The SHA-256 of a bearer secret: what the database keeps.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct SecretDigest([u8; 32]);

impl SecretDigest {
    pub fn to_text(self) -> String {
        BASE64_URL_SAFE_NO_PAD.encode(self.0)
    }

    /// `None` if the text is not the digest of anything.
    pub fn from_text(text: &str) -> Option<Self> {
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(text).ok()?;
        Some(Self(bytes.try_into().ok()?))
    }

    /// Compares in constant time.
    pub fn matches(&self, presented: &BearerSecret) -> bool {
        self.0.ct_eq(&presented.digest().0).into()
    }

    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Debug for SecretDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretDigest(…)")
    }
}

/// Shared handle on a source of random bytes.
pub type SharedEntropy = Arc<dyn Entropy>;

#[cfg(test)]
mod tests {
    use proptest::{prop_assert, prop_assert_eq, proptest};

    use super::*;
    use crate::arbitrary::{nearly, text};

    proptest! {
        /// Codes, refresh tokens, cookies and client secrets are looked up by their digest: what is not the same to the
        /// byte is another secret.
        #[test]
        fn a_bearer_secret_is_matched_by_itself_alone(one in text(), other in text(), near in nearly("c2VjcmV0".into())) {
            for (kept, presented) in [(&one, &other), (&one, &one), (&near, &"c2VjcmV0".to_owned())] {
                let digest = BearerSecret::presented(kept.as_str()).digest();
                prop_assert_eq!(digest.matches(&BearerSecret::presented(presented.as_str())), kept == presented);
            }
        }

        #[test]
        fn a_digest_is_written_in_one_way_and_any_other_text_is_none(text in text(), secret in text()) {
            let digest = BearerSecret::presented(secret).digest();
            prop_assert_eq!(SecretDigest::from_text(&digest.to_text()), Some(digest));
            for text in [text, format!("{}=", digest.to_text()), format!(" {}", digest.to_text())] {
                let read = SecretDigest::from_text(&text);
                prop_assert!(read.is_none_or(|read| read.to_text() == text), "{text}");
            }
        }

        #[test]
        fn a_number_below_a_bound_is_below_it(bound in 1..=u32::MAX) {
            prop_assert!(uniform_below(&SystemEntropy, bound) < bound);
        }
    }

    #[test]
    fn a_secret_is_forty_three_characters_that_go_anywhere_and_show_nowhere() {
        let secret = BearerSecret::generate(&SystemEntropy);
        assert_eq!(secret.expose().len(), 43);
        assert!(secret.expose().bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte)));
        assert!(!format!("{secret:?}{:?}", secret.digest()).contains(&secret.expose()[..8]));
    }
}
