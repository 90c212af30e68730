//! Which second factors there are, and what somebody types to prove one: a one-time password, or one of the recovery codes
//! that stand in for a lost telephone.

use std::fmt;

use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::secret::{BearerSecret, Entropy, SecretDigest};

/// What proves somebody beside their password.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Factor {
    /// Codes of an authenticator app.
    App,
    Passkey,
    /// Every one that the account had.
    All,
}

impl Factor {
    pub const ALL: [Self; 3] = [Self::App, Self::Passkey, Self::All];

    /// As audit records have it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::App => "totp",
            Self::Passkey => "passkey",
            Self::All => "all",
        }
    }
}

/// How many recovery codes come with a second factor.
pub const RECOVERY_CODES: usize = 10;

/// Digits of a one-time password.
const DIGITS: usize = 6;

/// A code that works once instead of a one-time password: 80 random bits, which is what people copy from paper without a
/// mistake, and less than what may be stored as a plain digest (OWASP ASVS 5.0, 6.5.2).
pub struct RecoveryCode(Zeroizing<String>);

impl RecoveryCode {
    /// Crockford's base 32: 5 bits a character, and no look-alikes.
    const ALPHABET: &'static [u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
    const LENGTH: usize = 16;
    const GROUP: usize = 4;

    pub fn generate(entropy: &dyn Entropy) -> Self {
        let mut bytes = Zeroizing::new([0_u8; Self::LENGTH]);
        entropy.fill(&mut *bytes);
        // 256 is a multiple of 32: every character is equally likely.
        Self(Zeroizing::new(
            bytes.iter().map(|byte| char::from(Self::ALPHABET[usize::from(byte % 32)])).collect(),
        ))
    }

    /// Reads what was typed: in any case, with or without its hyphens, with the letters that are taken for digits.
    fn typed(text: &str) -> Self {
        Self(Zeroizing::new(
            text.chars()
                .filter(|c| c.is_alphanumeric())
                .flat_map(char::to_lowercase)
                .map(|c| match c {
                    'o' => '0',
                    'i' | 'l' => '1',
                    other => other,
                })
                .take(Self::LENGTH + 1)
                .collect(),
        ))
    }

    /// As it is hashed.
    pub fn canonical(&self) -> &str {
        &self.0
    }

    /// As codes were stored before they were hashed like passwords: those work on.
    pub fn digest(&self) -> SecretDigest {
        BearerSecret::presented(self.0.as_str()).digest()
    }

    /// In groups, as it is shown and sealed.
    pub fn expose(&self) -> Zeroizing<String> {
        let mut text = Zeroizing::new(String::new());
        for (index, c) in self.0.chars().enumerate() {
            if index > 0 && index % Self::GROUP == 0 {
                text.push('-');
            }
            text.push(c);
        }
        text
    }
}

impl fmt::Debug for RecoveryCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RecoveryCode(…)")
    }
}

/// What was typed into the one field for both.
#[derive(Debug)]
pub enum TypedFactor {
    /// Six digits: a one-time password.
    OneTime(Zeroizing<String>),
    RecoveryCode(RecoveryCode),
}

impl TypedFactor {
    pub fn parse(text: &str) -> Self {
        let digits: Zeroizing<String> =
            Zeroizing::new(text.chars().filter(|c| !c.is_whitespace() && *c != '-').take(64).collect());
        if digits.len() == DIGITS && digits.bytes().all(|byte| byte.is_ascii_digit()) {
            Self::OneTime(digits)
        } else {
            Self::RecoveryCode(RecoveryCode::typed(text))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::secret::SystemEntropy;

    #[test]
    fn a_recovery_code_is_read_however_it_is_typed() {
        let code = RecoveryCode::generate(&SystemEntropy);
        let shown = code.expose();
        assert_eq!(shown.len(), 19, "four groups of four");
        for typed in
            [shown.to_string(), shown.to_uppercase(), shown.replace('-', " "), shown.replace('0', "O")]
        {
            let TypedFactor::RecoveryCode(read) = TypedFactor::parse(&typed) else {
                panic!("{typed} is no one-time password");
            };
            assert_eq!(read.digest(), code.digest(), "{typed}");
        }
        let TypedFactor::RecoveryCode(longer) = TypedFactor::parse(&format!("{}0", *shown)) else {
            panic!("no one-time password");
        };
        assert_ne!(longer.digest(), code.digest());
    }

    #[test]
    fn six_digits_are_a_one_time_password_with_or_without_a_gap() {
        for typed in ["123456", " 123 456 ", "123-456"] {
            assert!(
                matches!(TypedFactor::parse(typed), TypedFactor::OneTime(code) if *code == "123456"),
                "{typed}"
            );
        }
        for typed in ["", "12345", "1234567", "١٢٣٤٥٦", "12345a"] {
            assert!(matches!(TypedFactor::parse(typed), TypedFactor::RecoveryCode(_)), "{typed}");
        }
    }

    proptest::proptest! {
        #[test]
        fn whatever_is_typed_is_six_digits_or_a_recovery_code_that_nobody_has(typed in crate::arbitrary::text()) {
            let of_somebody = RecoveryCode::generate(&SystemEntropy);
            match TypedFactor::parse(&typed) {
                TypedFactor::OneTime(code) => {
                    proptest::prop_assert!(code.len() == DIGITS && code.bytes().all(|byte| byte.is_ascii_digit()));
                }
                TypedFactor::RecoveryCode(code) => proptest::prop_assert_ne!(code.digest(), of_somebody.digest()),
            }
        }
    }
}
