//! Names for what must be recognised again and not be read: an HMAC under a key that never leaves this process.

use std::fmt;

use aws_lc_rs::hmac;
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use uuid::Uuid;

use super::sealing::SealingKey;

/// Makes pseudonyms of one kind; the same on every replica.
#[derive(Clone)]
pub struct PseudonymKey(hmac::Key);

impl PseudonymKey {
    /// `kind` keeps one use apart from another: permanent.
    pub fn derived_from(sealing: &SealingKey, kind: &str) -> Self {
        Self(hmac::Key::new(hmac::HMAC_SHA256, &sealing.derive(kind)))
    }

    /// A text of 43 characters.
    pub fn of(&self, parts: &[&str]) -> String {
        BASE64_URL_SAFE_NO_PAD.encode(self.sign(parts))
    }

    /// An id that the same parts always have, and that nobody can choose (RFC 9562 §5.8, version 8).
    pub fn uuid(&self, parts: &[&str]) -> Uuid {
        let mut bytes = [0; 16];
        for (byte, signed) in bytes.iter_mut().zip(self.sign(parts).as_ref()) {
            *byte = *signed;
        }
        uuid::Builder::from_custom_bytes(bytes).into_uuid()
    }

    fn sign(&self, parts: &[&str]) -> hmac::Tag {
        let mut context = hmac::Context::with_key(&self.0);
        for part in parts {
            // Each with its length: `ab`, `c` is not `a`, `bc`.
            context.update(&u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
            context.update(part.as_bytes());
        }
        context.sign()
    }
}

impl fmt::Debug for PseudonymKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PseudonymKey(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::secret::SystemEntropy;

    #[test]
    fn the_same_parts_of_one_kind_have_one_name() {
        let sealing = SealingKey::from_text(&SealingKey::generate_text(&SystemEntropy)).expect("a key");
        let key = PseudonymKey::derived_from(&sealing, "one");
        let other = PseudonymKey::derived_from(&sealing, "other");
        assert_eq!(key.of(&["ab", "c"]), PseudonymKey::derived_from(&sealing, "one").of(&["ab", "c"]));
        assert_ne!(key.of(&["ab", "c"]), key.of(&["a", "bc"]));
        assert_ne!(key.of(&["ab", "c"]), other.of(&["ab", "c"]));
        assert_eq!(key.uuid(&["a"]), key.uuid(&["a"]));
        assert_eq!(key.uuid(&["a"]).get_version_num(), 8);
    }
}
