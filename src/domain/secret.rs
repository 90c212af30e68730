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
