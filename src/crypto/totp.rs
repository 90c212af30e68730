//! Time-based one-time passwords (RFC 6238) by totp-rs: SHA-1, six digits, steps of 30 seconds, one step of tolerance
//! on either side. These are what every authenticator can do; several ignore anything else that they are told.

use std::fmt;

use totp_rs::{Builder, Secret, Totp, TotpError};
use zeroize::Zeroizing;

use crate::domain::clock::Moment;
use crate::domain::secret::Entropy;

/// What an authenticator and the provider share: 160 bits (RFC 4226 §4, R6).
pub struct Seed(Zeroizing<[u8; 20]>);

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SeedError {
    #[error("a seed has 20 bytes")]
    Length,
    #[error("the seed cannot be used: {0}")]
    Unusable(String),
}

impl From<TotpError> for SeedError {
    fn from(error: TotpError) -> Self {
        Self::Unusable(error.to_string())
    }
}

impl Seed {
    pub fn generate(entropy: &dyn Entropy) -> Self {
        let mut bytes = Zeroizing::new([0; 20]);
        entropy.fill(&mut *bytes);
        Self(bytes)
    }

    /// # Errors
    /// If these are not 20 bytes.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, SeedError> {
        Ok(Self(Zeroizing::new(bytes.try_into().map_err(|_| SeedError::Length)?)))
    }

    /// For sealing, and nothing else.
    pub fn as_bytes(&self) -> &[u8] {
        &*self.0
    }

    /// Base 32 (RFC 4648 §6) in groups of four, for who types it into an authenticator.
    pub fn in_groups(&self) -> Zeroizing<String> {
        let text = Zeroizing::new(self.secret().to_base32());
        let mut groups = Zeroizing::new(String::new());
        for (index, c) in text.chars().enumerate() {
            if index > 0 && index % 4 == 0 {
                groups.push(' ');
            }
            groups.push(c);
        }
        groups
    }

    /// The address that an authenticator reads from a QR code (`otpauth://totp/…`).
    ///
    /// # Errors
    /// If the login is no name that an authenticator could show.
    pub fn otpauth(&self, issuer: &str, login: &str) -> Result<Zeroizing<String>, SeedError> {
        // The colon separates the two in the label.
        let issuer = issuer.replace(':', " ");
        Ok(Zeroizing::new(self.totp(Some(issuer), login)?.to_url()?))
    }

    /// The step whose code this is: the one of `now`, or its neighbour. Whether that step was used before is the
    /// caller's question (RFC 6238 §5.2).
    ///
    /// # Errors
    /// Never for a seed that was made here.
    pub fn step_of(&self, code: &str, now: Moment) -> Result<Option<i64>, SeedError> {
        let time = u64::try_from(now.timestamp()).unwrap_or(0);
        let step = self.totp(None, "code")?.check(code, time);
        Ok(step.and_then(|step| i64::try_from(step).ok()))
    }

    fn totp(&self, issuer: Option<String>, login: &str) -> Result<Totp, SeedError> {
        Ok(Builder::new().with_secret(self.secret()).with_issuer(issuer).with_account_name(login).build()?)
    }

    fn secret(&self) -> Secret {
        Secret::from(*self.0)
    }
}

impl fmt::Debug for Seed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Seed(…)")
    }
}

#[cfg(test)]
mod tests {
    use aws_lc_rs::hmac;
    use chrono::{DateTime, TimeDelta};
    use proptest::prelude::any;
    use proptest::{prop_assert, prop_assert_eq, proptest};

    use super::*;

    fn of_rfc_6238() -> Seed {
        Seed::from_bytes(b"12345678901234567890").expect("20 bytes")
    }

    #[test]
    fn rfc_6238_appendix_b_with_six_digits() {
        for (time, code) in [(59, "287082"), (1_111_111_109, "081804"), (20_000_000_000, "353130")] {
            let now = DateTime::from_timestamp(time, 0).expect("a time");
            assert_eq!(of_rfc_6238().step_of(code, now), Ok(Some(time / 30)), "{time}");
            assert_eq!(of_rfc_6238().step_of("000000", now), Ok(None));
        }
    }

    #[test]
    fn a_code_counts_one_step_earlier_and_later_and_no_more() {
        let at = DateTime::from_timestamp(1_111_111_110, 0).expect("a time");
        let code = "050471";
        for (seconds, counts) in [(-31, false), (-30, true), (0, true), (59, true), (60, false)] {
            let step = of_rfc_6238().step_of(code, at + TimeDelta::seconds(seconds));
            assert_eq!(step, Ok(counts.then_some(37_037_037)), "{seconds}");
        }
    }

    #[test]
    fn an_authenticator_reads_issuer_login_and_seed() {
        let address = of_rfc_6238().otpauth("IOK: MPGL", "urszula.sowa").expect("an address");
        assert!(address.starts_with("otpauth://totp/"), "{}", *address);
        assert!(address.contains("urszula.sowa") && address.contains("issuer=IOK"), "{}", *address);
        assert!(address.contains("secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"), "{}", *address);
        assert_eq!(*of_rfc_6238().in_groups(), "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ");
    }

    /// What an authenticator shows in a step, written anew from RFC 4226 §5.3, so that not one library says what it
    /// itself accepts.
    fn code_of(seed: &[u8; 20], step: i64) -> String {
        let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, seed);
        let tag = hmac::sign(&key, &step.to_be_bytes());
        let bytes = tag.as_ref();
        let offset = usize::from(bytes[19] & 0x0f);
        let number =
            bytes[offset..offset + 4].iter().fold(0_u32, |number, byte| (number << 8) | u32::from(*byte));
        format!("{:06}", (number & 0x7fff_ffff) % 1_000_000)
    }

    proptest! {
        /// RFC 6238 §5.2 and §6. The telephone may be wrong by any number of seconds: what it shows counts if its step is
        /// ours or a neighbour, and as the code of that very step, so that the step can be used up.
        #[test]
        fn rfc_6238_5_2_a_code_counts_exactly_in_its_window_whatever_the_telephones_clock_says(
            seed in any::<[u8; 20]>(),
            now in 0..20_000_000_000_i64,
            drift in -150..150_i64,
        ) {
            let (ours, theirs) = (now / 30, (now + drift).max(0) / 30);
            let code = code_of(&seed, theirs);
            let at = DateTime::from_timestamp(now, 0).expect("a time");
            let step = Seed::from_bytes(&seed).expect("20 bytes").step_of(&code, at).expect("a good seed");
            // Two steps of a window may have the same six digits: then either may be told, and no third.
            let window = (ours - 1).max(0)..=ours + 1;
            let same: Vec<i64> = window.filter(|step| code_of(&seed, *step) == code).collect();
            prop_assert_eq!(step.is_some(), !same.is_empty());
            prop_assert!(step.is_none_or(|step| same.contains(&step)));
            if (ours - theirs).abs() <= 1 {
                prop_assert!(step.is_some(), "shown {} steps away", theirs - ours);
            }
        }

        #[test]
        fn what_is_not_the_code_to_the_digit_is_no_code(
            seed in any::<[u8; 20]>(),
            now in 0..20_000_000_000_i64,
            typed in crate::arbitrary::text(),
            of in -1..2_i64,
        ) {
            let ours = now / 30;
            let at = DateTime::from_timestamp(now, 0).expect("a time");
            let window: Vec<String> = ((ours - 1).max(0)..=ours + 1).map(|step| code_of(&seed, step)).collect();
            let seed_here = Seed::from_bytes(&seed).expect("20 bytes");
            let right = code_of(&seed, (ours + of).max(0));
            for typed in [typed, format!("{right} "), format!("0{right}"), right[..5].to_owned(), right.replace('1', "١")] {
                let step = seed_here.step_of(&typed, at).expect("a good seed");
                prop_assert_eq!(step.is_some(), window.contains(&typed), "{}", typed);
            }
        }
    }
}
