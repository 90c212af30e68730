//! Links that are mailed: an HMAC over what the link is for, about whom and when it was made. Nothing is stored: whether
//! a link may still be used is for the state it acts on to say.

use std::fmt;

use aws_lc_rs::hmac;
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use chrono::DateTime;
use uuid::Uuid;

use super::sealing::SealingKey;
use crate::domain::clock::Moment;
use crate::domain::link::LinkPurpose;

/// Makes and opens links; the same on every replica.
#[derive(Clone)]
pub struct LinkKey(hmac::Key);

/// A link that this provider made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OpenedLink {
    /// The application's or the account's id.
    pub about: Uuid,
    /// In whole seconds.
    pub made_at: Moment,
}

const ID: usize = 16;
const SECONDS: usize = 8;
/// 192 bits of the HMAC.
const TAG: usize = 24;

impl LinkKey {
    pub fn derived_from(sealing: &SealingKey) -> Self {
        Self(hmac::Key::new(hmac::HMAC_SHA256, &sealing.derive("mailed links")))
    }

    /// The last segment of a link's path.
    pub fn token(&self, purpose: LinkPurpose, about: Uuid, made_at: Moment) -> String {
        let mut bytes = Vec::with_capacity(ID + SECONDS + TAG);
        bytes.extend_from_slice(about.as_bytes());
        bytes.extend_from_slice(&made_at.timestamp().to_be_bytes());
        let tag = hmac::sign(&self.0, &Self::signed(purpose, &bytes));
        bytes.extend(tag.as_ref().iter().take(TAG));
        BASE64_URL_SAFE_NO_PAD.encode(bytes)
    }

    /// `None` for whatever this provider did not make for this purpose.
    pub fn open(&self, purpose: LinkPurpose, token: &str) -> Option<OpenedLink> {
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(token).ok()?;
        if bytes.len() != ID + SECONDS + TAG {
            return None;
        }
        let about = Uuid::from_slice(bytes.get(..ID)?).ok()?;
        let seconds = i64::from_be_bytes(bytes.get(ID..ID + SECONDS)?.try_into().ok()?);
        let made_at = DateTime::from_timestamp(seconds, 0)?;
        // Compared as a whole, in constant time.
        let expected = self.token(purpose, about, made_at);
        bool::from(subtle::ConstantTimeEq::ct_eq(expected.as_bytes(), token.as_bytes()))
            .then_some(OpenedLink { about, made_at })
    }

    fn signed(purpose: LinkPurpose, bytes: &[u8]) -> Vec<u8> {
        // A purpose has no NUL in it: no two different inputs are signed as one.
        [purpose.as_str().as_bytes(), &[0], bytes].concat()
    }
}

impl fmt::Debug for LinkKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LinkKey(…)")
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::any;
    use proptest::{prop_assert, prop_assert_eq, proptest};

    use super::*;
    use crate::arbitrary::{nearly, text};
    use crate::domain::secret::SystemEntropy;

    fn fixed() -> LinkKey {
        LinkKey::derived_from(&SealingKey::from_text(&"A".repeat(43)).expect("32 bytes of zero"))
    }

    fn made() -> (Uuid, Moment, String) {
        let (about, made_at) =
            (Uuid::from_u128(7), DateTime::from_timestamp(1_800_000_000, 0).expect("a time"));
        (about, made_at, fixed().token(LinkPurpose::BlockAccount, about, made_at))
    }

    #[test]
    fn a_link_opens_for_its_own_purpose_and_key_only() {
        let sealing = |text: &str| SealingKey::from_text(text).expect("a key");
        let key = LinkKey::derived_from(&sealing(&SealingKey::generate_text(&SystemEntropy)));
        let other = LinkKey::derived_from(&sealing(&SealingKey::generate_text(&SystemEntropy)));
        let about = Uuid::from_u128(7);
        let made_at = DateTime::from_timestamp(1_800_000_000, 0).expect("a time");
        let token = key.token(LinkPurpose::ConfirmApplication, about, made_at);
        assert_eq!(key.open(LinkPurpose::ConfirmApplication, &token), Some(OpenedLink { about, made_at }));
        assert_eq!(key.open(LinkPurpose::FollowApplication, &token), None);
        assert_eq!(other.open(LinkPurpose::ConfirmApplication, &token), None);
        for changed in 0..token.len() {
            let mut letters: Vec<char> = token.chars().collect();
            letters[changed] = if letters[changed] == 'A' { 'B' } else { 'A' };
            let forged: String = letters.into_iter().collect();
            assert_eq!(key.open(LinkPurpose::ConfirmApplication, &forged), None, "character {changed}");
        }
        assert_eq!(key.open(LinkPurpose::ConfirmApplication, ""), None);
    }

    proptest! {
        #[test]
        fn a_link_tells_whom_and_when_it_was_made_for_and_opens_one_thing(
            about in any::<u128>(),
            seconds in -60_000_000_000..200_000_000_000_i64,
            made_for in 0..LinkPurpose::ALL.len(),
        ) {
            let (about, made_at) = (Uuid::from_u128(about), DateTime::from_timestamp(seconds, 0).expect("a time"));
            let token = fixed().token(LinkPurpose::ALL[made_for], about, made_at);
            prop_assert!(token.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte)), "one segment");
            for (index, purpose) in LinkPurpose::ALL.into_iter().enumerate() {
                let expected = (index == made_for).then_some(OpenedLink { about, made_at });
                prop_assert_eq!(fixed().open(purpose, &token), expected);
            }
        }

        #[test]
        fn nothing_but_a_link_of_ours_opens(text in text(), near in nearly(made().2)) {
            let (about, made_at, link) = made();
            prop_assert_eq!(fixed().open(LinkPurpose::BlockAccount, &text), None);
            let opened = fixed().open(LinkPurpose::BlockAccount, &near);
            prop_assert_eq!(opened, (near == link).then_some(OpenedLink { about, made_at }));
        }
    }
}
