//! Devices on which an account's owner has signed in before (docs/adr/0011).
//!
//! A trusted device draws on an attempt budget of its own, so that a stranger who burns the one of unknown devices never
//! keeps the owner out. That is all it is good for: it replaces no password.

use chrono::TimeDelta;

use super::clock::Moment;
use super::ids::DeviceId;
use super::secret::{BearerSecret, SecretDigest};

/// How many accounts one browser is remembered by: a family at one telephone, and no endless cookie at a library's desk.
pub const ACCOUNTS_IN_ONE_BROWSER: usize = 8;

/// How many devices one account trusts; the one that was not used for the longest makes room. Somebody whose browser
/// forgets its cookies would leave a row at each sign-in.
pub const DEVICES_OF_ONE_ACCOUNT: usize = 20;

/// How long the secret before the present one is still good. The answer that brought the present one may have been lost,
/// or the browser died before it wrote it down, and its owner comes back the next morning.
const PREDECESSOR_IS_GOOD_FOR: TimeDelta = TimeDelta::days(1);

/// How long after a rotation the predecessor brings no further secret: it is a double submit or another tab, and another
/// answer carries the present one already. Rotating for each would leave the browser with whichever came last, and
/// perhaps with one that is two behind.
const ANSWERED_AT_ONCE: TimeDelta = TimeDelta::minutes(1);

/// Between the secrets in the cookie; none has it inside.
const SEPARATOR: char = '.';

/// 256 bits as base64url ([`BearerSecret::generate`]).
const SECRET_LENGTH: usize = 43;

/// A device that an account trusts, until it loses that or the time is over.
#[derive(Debug, Clone)]
pub struct TrustedDevice {
    pub id: DeviceId,
    pub secret: SecretDigest,
    /// The secret before the last rotation.
    pub previous: Option<SecretDigest>,
    pub rotated_at: Moment,
    /// Roughly what device it is, if the browser said so.
    pub label: Option<String>,
    pub created_at: Moment,
    /// The last sign-in.
    pub last_used_at: Moment,
    pub trusted_until: Moment,
}

/// What a browser keeps: a secret for each account whose owner signed in there, the last one first.
///
/// One cookie, and not one for each account: names of cookies would tell whoever looks at the browser which accounts were
/// there. And not one secret for all accounts: rows that share one would tell the database who lives together.
#[derive(Debug, Clone, Default)]
pub struct KeptSecrets(Vec<BearerSecret>);

/// A device that a presented secret belongs to.
#[derive(Debug, Clone)]
pub struct Recognised {
    pub device: TrustedDevice,
    /// What was presented for it: its present secret, or the one before.
    pub presented: SecretDigest,
}

impl KeptSecrets {
    /// What a browser presents; it may be anything. What cannot be a secret, or is one too many, is not looked at.
    pub fn presented(cookie: Option<&BearerSecret>) -> Self {
        let text = cookie.map(BearerSecret::expose).unwrap_or_default();
        let could_be_one = |part: &&str| {
            part.len() == SECRET_LENGTH
                && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
        };
        let secrets = text.split(SEPARATOR).filter(could_be_one).take(ACCOUNTS_IN_ONE_BROWSER);
        Self(secrets.map(BearerSecret::presented).collect())
    }

    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Which of an account's devices this browser is, if any.
    pub fn recognise(&self, devices: Vec<TrustedDevice>, now: Moment) -> Option<Recognised> {
        let kept: Vec<SecretDigest> = self.0.iter().map(BearerSecret::digest).collect();
        let mut by_predecessor = None;
        for device in devices.into_iter().filter(|device| now < device.trusted_until) {
            if let Some(presented) = kept.iter().copied().find(|kept| *kept == device.secret) {
                return Some(Recognised { device, presented });
            }
            let is_good = now < device.rotated_at + PREDECESSOR_IS_GOOD_FOR;
            let previous = device.previous.filter(|previous| is_good && kept.contains(previous));
            if let (None, Some(presented)) = (&by_predecessor, previous) {
                by_predecessor = Some(Recognised { device, presented });
            }
        }
        by_predecessor
    }

    /// What the browser keeps from now on: `new` in place of what it presented, in front of all others.
    pub fn renewed(&self, new: &BearerSecret, presented: Option<SecretDigest>) -> BearerSecret {
        let others = self.0.iter().filter(|kept| Some(kept.digest()) != presented);
        let all: Vec<&str> = std::iter::once(new)
            .chain(others)
            .take(ACCOUNTS_IN_ONE_BROWSER)
            .map(BearerSecret::expose)
            .collect();
        BearerSecret::presented(all.join(&SEPARATOR.to_string()))
    }
}

impl Recognised {
    /// Was it rotated a moment ago, by another request of this same browser? Then that one's answer carries the present
    /// secret, and this one brings none.
    pub fn was_answered_at_once(&self, now: Moment) -> bool {
        self.presented != self.device.secret && now < self.device.rotated_at + ANSWERED_AT_ONCE
    }
}

/// Something that happens to an account, and what it costs its devices. The one place that says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Occasion {
    /// Signing out, of this device or of others: it says that somebody leaves, and not that the device is a stranger's.
    /// Most people sign out after each visit; were trust lost by it, it would protect nobody.
    SignedOut,
    /// The owner changed the password and knew the one before. Whoever else has signed in with the old one may be the
    /// reason; this device has just been proved.
    PasswordChanged,
    /// The owner does not know a device.
    Disowned,
    /// The account itself is in doubt, or in other hands: a recovery (the letter may be the only thing its owner still
    /// has), a block by its owner's link, suspension, closure, a letter handed over or void, another role.
    EverythingEnded,
}

/// Which devices lose the trust of an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Losing {
    Nobody,
    AllButThis,
    All,
}

impl Occasion {
    pub const fn takes_trust_from(self) -> Losing {
        match self {
            Self::SignedOut => Losing::Nobody,
            Self::PasswordChanged | Self::Disowned => Losing::AllButThis,
            Self::EverythingEnded => Losing::All,
        }
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use uuid::Uuid;

    use super::*;
    use crate::domain::secret::SystemEntropy;

    fn at(minute: i64) -> Moment {
        DateTime::UNIX_EPOCH + TimeDelta::minutes(minute)
    }

    fn secret() -> BearerSecret {
        BearerSecret::generate(&SystemEntropy)
    }

    fn device(secret: &BearerSecret, previous: Option<&BearerSecret>) -> TrustedDevice {
        TrustedDevice {
            id: Uuid::nil().into(),
            secret: secret.digest(),
            previous: previous.map(BearerSecret::digest),
            rotated_at: at(0),
            label: None,
            created_at: at(0),
            last_used_at: at(0),
            trusted_until: at(60 * 24 * 365),
        }
    }

    fn kept(secrets: &[&BearerSecret]) -> KeptSecrets {
        let text: Vec<&str> = secrets.iter().map(|secret| secret.expose()).collect();
        KeptSecrets::presented(Some(&BearerSecret::presented(text.join("."))))
    }

    #[test]
    fn a_device_is_known_by_its_secret_and_for_a_day_by_the_one_before() {
        let (now, before, other) = (secret(), secret(), secret());
        let devices = || vec![device(&now, Some(&before))];
        assert!(kept(&[&other, &now]).recognise(devices(), at(60 * 24 * 300)).is_some());
        assert!(kept(&[&before]).recognise(devices(), at(60 * 24 - 1)).is_some());
        assert!(kept(&[&before]).recognise(devices(), at(60 * 24)).is_none(), "a day is over");
        assert!(kept(&[&now]).recognise(devices(), at(60 * 24 * 365)).is_none(), "so is the trust");
        assert!(kept(&[&other]).recognise(devices(), at(0)).is_none());
        assert!(KeptSecrets::presented(None).recognise(devices(), at(0)).is_none());
    }

    #[test]
    fn the_present_secret_comes_before_a_predecessor() {
        let (one, two, before) = (secret(), secret(), secret());
        let devices = vec![device(&two, Some(&before)), device(&one, None)];
        let found = kept(&[&before, &one]).recognise(devices, at(5)).expect("it is known twice");
        assert_eq!(found.presented, one.digest());
    }

    #[test]
    fn only_a_predecessor_of_a_moment_ago_was_answered_at_once() {
        let (now, before) = (secret(), secret());
        let devices = || vec![device(&now, Some(&before))];
        let is_answered = |kept: KeptSecrets, moment| {
            kept.recognise(devices(), moment).expect("it is known").was_answered_at_once(moment)
        };
        assert!(is_answered(kept(&[&before]), at(0)));
        assert!(!is_answered(kept(&[&before]), at(1)), "its answer was lost: it gets another");
        assert!(!is_answered(kept(&[&now]), at(0)));
    }

    #[test]
    fn a_browser_keeps_the_last_eight_the_newest_first_and_nothing_that_is_no_secret() {
        let secrets: Vec<BearerSecret> = (0..12).map(|_| secret()).collect();
        let mut cookie = BearerSecret::presented(format!("..x.{}.{}", "ż".repeat(43), "a".repeat(5_000)));
        for secret in &secrets {
            cookie = KeptSecrets::presented(Some(&cookie)).renewed(secret, None);
        }
        let expected: Vec<&str> = secrets.iter().rev().take(8).map(BearerSecret::expose).collect();
        assert_eq!(cookie.expose(), expected.join("."));
        // One in the middle is rotated: it comes to the front, and nobody else goes.
        let new = secret();
        let rotated = KeptSecrets::presented(Some(&cookie)).renewed(&new, Some(secrets[7].digest()));
        assert!(rotated.expose().starts_with(new.expose()));
        assert!(!rotated.expose().contains(secrets[7].expose()));
        assert_eq!(rotated.expose().split('.').count(), 8);
    }
}
