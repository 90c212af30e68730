//! One browser's sign-in: what it has proved, and what it still owes.

use std::fmt;
use std::str::FromStr;

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

use super::clock::Moment;
use super::ids::{AccountId, SessionId};

/// How long after the person proved themselves they may change how they sign in without proving themselves again.
pub const CONFIRMED_FOR: TimeDelta = TimeDelta::minutes(10);

/// Something a session must settle before any door opens, in the order in which it is settled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Owed {
    /// The initial password must be replaced (the procedure's row 6).
    PasswordChange,
    /// Whoever has a second factor proves it at each sign-in; staff set one up at the first.
    SecondFactor,
    /// A new version of the Regulations must be accepted.
    Regulations,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AuthenticationMethod {
    Password,
    /// The credential letter's serial with its next recovery code.
    RecoveryCode,
    /// The initial password of a letter from before, which has no codes: it recovers once.
    LetterFromBefore,
    /// A time-based one-time password (RFC 6238).
    Totp,
    /// A recovery code of the second factor.
    SecondFactorCode,
    /// A passkey (WebAuthn), whose authenticator verified its user.
    Passkey,
}

impl AuthenticationMethod {
    /// The values of `amr` (RFC 8176). Of a passkey nobody vouches for where its key is kept: that is `pop` (OpenID Connect
    /// Extended Authentication Profile ACR Values 1.0), where `hwk` or `swk` would claim to know. `user`: somebody was
    /// there and touched it.
    pub const fn amr(self) -> &'static [&'static str] {
        match self {
            Self::Password | Self::LetterFromBefore => &["pwd"],
            Self::RecoveryCode | Self::Totp | Self::SecondFactorCode => &["otp"],
            Self::Passkey => &["pop", "user"],
        }
    }
}

impl AuthenticationMethod {
    /// Does it prove something beside what the person knows by heart?
    pub const fn is_second_factor(self) -> bool {
        matches!(self, Self::Totp | Self::SecondFactorCode | Self::Passkey)
    }
}

/// The authentication context classes this provider speaks of (`acr`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Acr {
    #[serde(rename = "urn:iok-id:acr:1")]
    Password,
    #[serde(rename = "urn:iok-id:acr:2")]
    SecondFactor,
}

impl Acr {
    pub const ALL: [Self; 2] = [Self::Password, Self::SecondFactor];

    pub const fn urn(self) -> &'static str {
        match self {
            Self::Password => "urn:iok-id:acr:1",
            Self::SecondFactor => "urn:iok-id:acr:2",
        }
    }
}

impl Acr {
    /// Does an authentication of this class satisfy one that was asked for? A second factor comes after a password, so
    /// that it satisfies both.
    pub fn satisfies(self, asked: &str) -> bool {
        asked.parse::<Self>().is_ok_and(|asked| asked <= self)
    }
}

impl fmt::Display for Acr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.urn())
    }
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not an authentication context of this provider")]
pub struct UnknownAcr(String);

impl FromStr for Acr {
    type Err = UnknownAcr;

    fn from_str(urn: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|acr| acr.urn() == urn).ok_or_else(|| UnknownAcr(urn.to_owned()))
    }
}

/// When the person proved themselves, and how.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuthenticationEvent {
    pub method: AuthenticationMethod,
    pub at: Moment,
}

/// A live session. It opens nothing by itself: doors want a [`SignedIn`].
#[derive(Debug, Clone)]
pub struct Session {
    pub id: SessionId,
    pub account: AccountId,
    /// What must be settled first; empty for most sessions.
    pub owed: Vec<Owed>,
    /// Never empty: a session begins with an authentication.
    pub events: Vec<AuthenticationEvent>,
    pub created_at: Moment,
    pub last_seen_at: Moment,
    /// The absolute end, whatever happens in between.
    pub expires_at: Moment,
}

impl Session {
    /// The person proved themselves again: what they proved the same way before is outdated by it.
    pub fn prove(&mut self, event: AuthenticationEvent) {
        self.events.retain(|earlier| earlier.method != event.method);
        self.events.push(event);
    }

    /// Did it begin with the letter instead of a password of the person's own?
    pub fn is_recovery(&self) -> bool {
        self.events.iter().any(|event| {
            matches!(
                event.method,
                AuthenticationMethod::RecoveryCode | AuthenticationMethod::LetterFromBefore
            )
        })
    }

    /// The person signs in again. What was proved the same way before is outdated by it, and a second factor belongs to the
    /// sign-in before; a passkey, which is two factors in one, leaves nothing of what was proved before it.
    pub fn sign_in_again(&mut self, event: AuthenticationEvent) {
        if event.method.is_second_factor() {
            self.events.clear();
        }
        self.forget_second_factor();
        self.prove(event);
    }

    /// Was a second factor proved in this session?
    pub fn has_second_factor(&self) -> bool {
        self.events.iter().any(|event| event.method.is_second_factor())
    }

    /// Is a second factor proved next, because it is owed, or because a client asks for more than the password?
    pub fn may_prove_second_factor(&self) -> bool {
        let is_next = self.owed.first().is_none_or(|owed| *owed == Owed::SecondFactor);
        is_next && !self.has_second_factor()
    }

    /// Did the person prove themselves in this way?
    pub fn has_proved(&self, method: AuthenticationMethod) -> bool {
        self.events.iter().any(|event| event.method == method)
    }

    /// Did the person prove themselves so lately ([`CONFIRMED_FOR`]) that they may change how they sign in?
    pub fn is_confirmed(&self, now: Moment) -> bool {
        self.events.iter().any(|event| now - event.at < CONFIRMED_FOR)
    }

    /// The person signs in again: what was proved of a second factor belongs to the sign-in before.
    pub fn forget_second_factor(&mut self) {
        self.events.retain(|event| !event.method.is_second_factor());
    }

    /// A debt is settled.
    pub fn settle(&mut self, settled: Owed) {
        self.owed.retain(|owed| *owed != settled);
    }
}

/// A session that owes nothing. There is no other way to make one than to ask a [`Session`].
#[derive(Debug, Clone)]
pub struct SignedIn(Session);

/// A session that still owes something.
#[derive(Debug, Clone)]
pub struct Owing {
    pub session: Session,
    pub first: Owed,
}

impl TryFrom<Session> for SignedIn {
    type Error = Owing;

    fn try_from(session: Session) -> Result<Self, Owing> {
        match session.owed.first().copied() {
            None => Ok(Self(session)),
            Some(first) => Err(Owing { session, first }),
        }
    }
}

impl From<SignedIn> for Session {
    fn from(signed_in: SignedIn) -> Self {
        signed_in.0
    }
}

impl SignedIn {
    pub fn session(&self) -> SessionId {
        self.0.id
    }

    pub fn account(&self) -> AccountId {
        self.0.account
    }

    /// The last time the person proved themselves (`auth_time`).
    pub fn auth_time(&self) -> Moment {
        self.0.events.iter().map(|event| event.at).max().unwrap_or(self.0.created_at)
    }

    /// RFC 8176 values, each once, in the order in which they happened; `mfa` after them, where two kinds of proof came
    /// together: something the person knows and something they have, or a key whose authenticator verified its user.
    pub fn amr(&self) -> Vec<&'static str> {
        let mut values = Vec::new();
        for value in self.0.events.iter().flat_map(|event| event.method.amr()) {
            if !values.contains(value) {
                values.push(*value);
            }
        }
        let knows = self.0.has_proved(AuthenticationMethod::Password);
        if (knows && self.has_second_factor()) || self.0.has_proved(AuthenticationMethod::Passkey) {
            values.push("mfa");
        }
        values
    }

    /// Was a second factor proved in this session?
    pub fn has_second_factor(&self) -> bool {
        self.0.has_second_factor()
    }

    /// Did the person prove themselves so lately that they may change how they sign in?
    pub fn is_confirmed(&self, now: Moment) -> bool {
        self.0.is_confirmed(now)
    }

    pub fn acr(&self) -> Acr {
        if self.has_second_factor() { Acr::SecondFactor } else { Acr::Password }
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use uuid::Uuid;

    use super::*;

    fn session(owed: Vec<Owed>) -> Session {
        let at = DateTime::UNIX_EPOCH;
        Session {
            id: Uuid::nil().into(),
            account: Uuid::nil().into(),
            owed,
            events: vec![AuthenticationEvent { method: AuthenticationMethod::Password, at }],
            created_at: at,
            last_seen_at: at,
            expires_at: at,
        }
    }

    #[test]
    fn a_session_that_owes_a_change_is_not_signed_in() {
        let owing = SignedIn::try_from(session(vec![Owed::PasswordChange])).expect_err("it owes");
        assert_eq!(owing.first, Owed::PasswordChange);
        assert!(SignedIn::try_from(session(vec![])).is_ok());
    }

    #[test]
    fn a_second_factor_beside_the_password_is_mfa_and_another_acr() {
        let at = DateTime::UNIX_EPOCH;
        let mut proved = session(vec![]);
        let password_only = SignedIn::try_from(proved.clone()).expect("it owes nothing");
        assert_eq!((password_only.amr(), password_only.acr()), (vec!["pwd"], Acr::Password));
        proved.prove(AuthenticationEvent { method: AuthenticationMethod::Totp, at });
        let both = SignedIn::try_from(proved.clone()).expect("it owes nothing");
        assert_eq!((both.amr(), both.acr()), (vec!["pwd", "otp", "mfa"], Acr::SecondFactor));
        proved.forget_second_factor();
        assert!(!proved.has_second_factor());
    }

    #[test]
    fn a_passkey_alone_is_mfa_as_its_authenticator_verified_its_user() {
        let at = DateTime::UNIX_EPOCH;
        let mut proved = session(vec![]);
        proved.events = vec![AuthenticationEvent { method: AuthenticationMethod::Passkey, at }];
        let signed_in = SignedIn::try_from(proved).expect("it owes nothing");
        assert_eq!((signed_in.amr(), signed_in.acr()), (vec!["pop", "user", "mfa"], Acr::SecondFactor));
    }

    #[test]
    fn how_one_signs_in_may_be_changed_for_a_while_after_a_proof() {
        let at = DateTime::UNIX_EPOCH;
        assert!(session(vec![]).is_confirmed(at + CONFIRMED_FOR - TimeDelta::seconds(1)));
        assert!(!session(vec![]).is_confirmed(at + CONFIRMED_FOR));
    }
}
