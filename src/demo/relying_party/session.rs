//! Who is at this service, and who is on the way: in memory, bounded, and forgotten in time.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chrono::TimeDelta;
use openidconnect::core::CoreIdToken;
use openidconnect::{CsrfToken, Nonce, PkceCodeVerifier};

use super::address::Address;
use super::logout_token::Ended;
use super::person::Person;
use crate::domain::ambient::Ambient;
use crate::domain::clock::Moment;
use crate::domain::locale::Locale;
use crate::domain::secret::{BearerSecret, SecretDigest};

/// How long a started sign-in is remembered: as long as the provider remembers it.
const SIGN_IN_TAKES_AT_MOST: TimeDelta = TimeDelta::minutes(30);
const SESSION_LASTS: TimeDelta = TimeDelta::hours(8);
/// Sign-ins of one browser that may be under way at once, in as many tabs; the oldest gives way.
const SIGN_INS_AT_ONCE: usize = 8;
/// Browsers that are remembered at once; people who are signed in are the last to give way.
const VISITORS_AT_ONCE: usize = 10_000;

/// A sign-in that was sent to the provider and has not come back.
#[derive(Debug)]
pub(super) struct PendingSignIn {
    pub state: CsrfToken,
    pub nonce: Nonce,
    pub pkce_verifier: PkceCodeVerifier,
    /// Where it started: the token request has to repeat the redirect URI (RFC 6749 §4.1.3).
    pub address: Address,
    pub language: Option<Locale>,
}

/// Somebody who is signed in.
#[derive(Debug)]
pub(super) struct SignedIn {
    pub person: Person,
    /// Proves that the sign-out form came from our own page.
    pub form_token: BearerSecret,
}

/// Somebody who has just signed out, remembered so that a double submit reaches the provider all the same.
#[derive(Debug)]
pub(super) struct Farewell {
    /// Comes back from the provider (OpenID Connect RP-Initiated Logout 1.0 §2).
    pub state: CsrfToken,
    pub id_token: CoreIdToken,
    pub form_token: BearerSecret,
    pub language: Option<Locale>,
}

/// What came of a wish to sign out.
#[derive(Debug)]
pub(super) enum SigningOut {
    Farewell(Arc<Farewell>),
    NotSignedIn,
    /// The form is not from our page, or from one that is too old.
    NotOurForm,
}

enum Standing {
    Stranger,
    SignedIn(Arc<SignedIn>),
    SignedOut(Arc<Farewell>),
}

/// One browser.
struct Visitor {
    standing: Standing,
    pending: VecDeque<(Moment, PendingSignIn)>,
    expires: Moment,
}

/// Found by the digest of the cookie, so that a dump of this memory signs nobody in.
pub(super) struct Sessions {
    visitors: Mutex<HashMap<SecretDigest, Visitor>>,
    ambient: Ambient,
}

impl Sessions {
    pub(super) fn new(ambient: Ambient) -> Self {
        Self { visitors: Mutex::default(), ambient }
    }

    /// Remembers a sign-in. Gives the value for a new cookie, unless the browser has one that we know.
    pub(super) fn begin(
        &self,
        cookie: Option<&BearerSecret>,
        sign_in: PendingSignIn,
    ) -> Option<BearerSecret> {
        let now = self.ambient.now();
        let expires = now + SIGN_IN_TAKES_AT_MOST;
        let mut visitors = self.visitors();
        if let Some(visitor) = known(&mut visitors, cookie, now) {
            visitor.remember(expires, sign_in);
            return None;
        }
        let mut visitor = Visitor { standing: Standing::Stranger, pending: VecDeque::new(), expires };
        visitor.remember(expires, sign_in);
        Some(self.admit(&mut visitors, visitor, now))
    }

    /// The sign-in that this browser started under this state; only once.
    pub(super) fn take_pending(&self, cookie: Option<&BearerSecret>, state: &str) -> Option<PendingSignIn> {
        let now = self.ambient.now();
        let presented = BearerSecret::presented(state);
        let mut visitors = self.visitors();
        let pending = &mut known(&mut visitors, cookie, now)?.pending;
        let position =
            pending.iter().position(|(_, sign_in)| digest(sign_in.state.secret()).matches(&presented))?;
        let (expires, sign_in) = pending.remove(position)?;
        (now < expires).then_some(sign_in)
    }

    /// Signs the browser in under a new cookie, so that one from before is worth nothing. Sign-ins in its other tabs
    /// go on.
    pub(super) fn sign_in(&self, cookie: Option<&BearerSecret>, person: Person) -> BearerSecret {
        let now = self.ambient.now();
        let form_token = self.ambient.new_secret();
        let mut visitors = self.visitors();
        let before = cookie.and_then(|cookie| visitors.remove(&cookie.digest()));
        let visitor = Visitor {
            standing: Standing::SignedIn(Arc::new(SignedIn { person, form_token })),
            pending: before.map(|visitor| visitor.pending).unwrap_or_default(),
            expires: now + SESSION_LASTS,
        };
        self.admit(&mut visitors, visitor, now)
    }

    pub(super) fn signed_in(&self, cookie: Option<&BearerSecret>) -> Option<Arc<SignedIn>> {
        match &known(&mut self.visitors(), cookie, self.ambient.now())?.standing {
            Standing::SignedIn(signed_in) => Some(Arc::clone(signed_in)),
            Standing::Stranger | Standing::SignedOut(_) => None,
        }
    }

    pub(super) fn farewell(&self, cookie: Option<&BearerSecret>) -> Option<Arc<Farewell>> {
        match &known(&mut self.visitors(), cookie, self.ambient.now())?.standing {
            Standing::SignedOut(farewell) => Some(Arc::clone(farewell)),
            Standing::Stranger | Standing::SignedIn(_) => None,
        }
    }

    /// Ends the session here. Asked again with the same form, gives the same farewell again.
    pub(super) fn sign_out(
        &self,
        cookie: Option<&BearerSecret>,
        form_token: &BearerSecret,
        language: Option<Locale>,
    ) -> SigningOut {
        let now = self.ambient.now();
        let state = CsrfToken::new(self.ambient.new_secret().expose().to_owned());
        let mut visitors = self.visitors();
        let Some(visitor) = known(&mut visitors, cookie, now) else {
            return SigningOut::NotSignedIn;
        };
        let farewell = match &visitor.standing {
            Standing::SignedOut(farewell) if farewell.form_token.digest().matches(form_token) => {
                Arc::clone(farewell)
            }
            Standing::Stranger | Standing::SignedOut(_) => return SigningOut::NotSignedIn,
            Standing::SignedIn(signed_in) if signed_in.form_token.digest().matches(form_token) => {
                Arc::new(Farewell {
                    state,
                    id_token: signed_in.person.id_token.clone(),
                    form_token: signed_in.form_token.clone(),
                    language,
                })
            }
            Standing::SignedIn(_) => return SigningOut::NotOurForm,
        };
        visitor.standing = Standing::SignedOut(Arc::clone(&farewell));
        visitor.pending.clear();
        visitor.expires = now + SIGN_IN_TAKES_AT_MOST;
        SigningOut::Farewell(farewell)
    }

    /// The provider has ended a session: whoever is signed in here by it is so no more. Returns how many browsers that
    /// were.
    pub(super) fn end(&self, ended: &Ended) -> usize {
        let mut signed_out = 0;
        for visitor in self.visitors().values_mut() {
            if matches!(&visitor.standing, Standing::SignedIn(signed_in) if signed_in.person.is_meant_by(ended))
            {
                visitor.standing = Standing::Stranger;
                signed_out += 1;
            }
        }
        signed_out
    }

    fn visitors(&self) -> MutexGuard<'_, HashMap<SecretDigest, Visitor>> {
        // Nothing is left half done under this lock.
        self.visitors.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn admit(
        &self,
        visitors: &mut HashMap<SecretDigest, Visitor>,
        visitor: Visitor,
        now: Moment,
    ) -> BearerSecret {
        if visitors.len() >= VISITORS_AT_ONCE {
            make_room(visitors, now);
        }
        let cookie = self.ambient.new_secret();
        visitors.insert(cookie.digest(), visitor);
        cookie
    }
}

impl Visitor {
    fn remember(&mut self, expires: Moment, sign_in: PendingSignIn) {
        if self.pending.len() >= SIGN_INS_AT_ONCE {
            self.pending.pop_front();
        }
        self.pending.push_back((expires, sign_in));
        // A session lasts as long as it lasts: starting another sign-in does not prolong it.
        if !matches!(self.standing, Standing::SignedIn(_)) {
            self.expires = self.expires.max(expires);
        }
    }
}

fn digest(text: &str) -> SecretDigest {
    BearerSecret::presented(text).digest()
}

fn known<'a>(
    visitors: &'a mut HashMap<SecretDigest, Visitor>,
    cookie: Option<&BearerSecret>,
    now: Moment,
) -> Option<&'a mut Visitor> {
    visitors.get_mut(&cookie?.digest()).filter(|visitor| now < visitor.expires)
}

/// Drops who has expired; if nobody has, one who is not signed in, and only then one who is: whoever would have
/// expired first.
fn make_room(visitors: &mut HashMap<SecretDigest, Visitor>, now: Moment) {
    visitors.retain(|_, visitor| now < visitor.expires);
    if visitors.len() < VISITORS_AT_ONCE {
        return;
    }
    let first_to_go = visitors
        .iter()
        .min_by_key(|(_, visitor)| (matches!(visitor.standing, Standing::SignedIn(_)), visitor.expires))
        .map(|(cookie, _)| *cookie);
    if let Some(cookie) = first_to_go {
        visitors.remove(&cookie);
    }
}

#[cfg(test)]
mod tests {
    use chrono::{TimeZone, Utc};

    use super::*;
    use crate::domain::clock::SettableClock;
    use crate::domain::secret::SystemEntropy;

    fn sessions() -> (Sessions, SettableClock) {
        let clock = SettableClock::starting_at(
            Utc.with_ymd_and_hms(2026, 11, 22, 12, 0, 0).single().unwrap_or_default(),
        );
        (Sessions::new(Ambient::new(Arc::new(clock.clone()), Arc::new(SystemEntropy))), clock)
    }

    fn pending(state: &str) -> PendingSignIn {
        PendingSignIn {
            state: CsrfToken::new(state.to_owned()),
            nonce: Nonce::new("nonce".to_owned()),
            pkce_verifier: PkceCodeVerifier::new("verifier".to_owned()),
            address: Address::Localhost,
            language: None,
        }
    }

    #[test]
    fn a_state_is_good_once_and_only_for_the_browser_that_started() {
        let (sessions, _) = sessions();
        let mine = sessions.begin(None, pending("state"));
        let other = sessions.begin(None, pending("other"));
        assert!(sessions.take_pending(other.as_ref(), "state").is_none());
        assert!(sessions.take_pending(None, "state").is_none());
        assert!(sessions.take_pending(mine.as_ref(), "state").is_some());
        assert!(sessions.take_pending(mine.as_ref(), "state").is_none());
    }

    #[test]
    fn signing_in_changes_the_cookie_and_leaves_the_other_tab_its_sign_in() {
        let (sessions, _) = sessions();
        let before = sessions.begin(None, pending("first"));
        assert!(sessions.begin(before.as_ref(), pending("second")).is_none(), "the cookie is kept");
        assert!(sessions.take_pending(before.as_ref(), "first").is_some());
        let after = sessions.sign_in(before.as_ref(), Person::sample());
        assert!(sessions.signed_in(before.as_ref()).is_none());
        assert!(sessions.signed_in(Some(&after)).is_some());
        assert!(sessions.take_pending(Some(&after), "second").is_some());
    }

    #[test]
    fn sign_ins_and_sessions_end_in_time() {
        let (sessions, clock) = sessions();
        let waiting = sessions.begin(None, pending("state"));
        let signed_in = sessions.sign_in(None, Person::sample());
        clock.advance(SIGN_IN_TAKES_AT_MOST);
        assert!(sessions.take_pending(waiting.as_ref(), "state").is_none());
        assert!(sessions.signed_in(Some(&signed_in)).is_some());
        clock.advance(SESSION_LASTS - SIGN_IN_TAKES_AT_MOST);
        assert!(sessions.signed_in(Some(&signed_in)).is_none());
    }

    #[test]
    fn a_sign_in_of_a_signed_in_browser_expires_before_its_session_does() {
        let (sessions, clock) = sessions();
        let cookie = sessions.sign_in(None, Person::sample());
        assert!(sessions.begin(Some(&cookie), pending("state")).is_none());
        clock.advance(SIGN_IN_TAKES_AT_MOST);
        assert!(sessions.take_pending(Some(&cookie), "state").is_none());
        assert!(sessions.signed_in(Some(&cookie)).is_some());
    }

    #[test]
    fn signing_out_needs_our_form_and_may_be_asked_twice() {
        let (sessions, _) = sessions();
        let cookie = sessions.sign_in(None, Person::sample());
        let forged = BearerSecret::presented("forged");
        assert!(matches!(sessions.sign_out(Some(&cookie), &forged, None), SigningOut::NotOurForm));
        let token = sessions.signed_in(Some(&cookie)).map(|signed_in| signed_in.form_token.clone());
        let token = token.unwrap_or(forged);
        let SigningOut::Farewell(first) = sessions.sign_out(Some(&cookie), &token, None) else {
            panic!("the session ends");
        };
        assert!(sessions.signed_in(Some(&cookie)).is_none());
        let SigningOut::Farewell(second) = sessions.sign_out(Some(&cookie), &token, None) else {
            panic!("a double submit gets the same answer");
        };
        assert_eq!(first.state.secret(), second.state.secret());
        assert!(matches!(sessions.sign_out(None, &token, None), SigningOut::NotSignedIn));
    }

    #[test]
    fn the_provider_ends_one_session_or_all_of_a_person() {
        let (sessions, _) = sessions();
        let one = sessions.sign_in(None, Person::with_sid("one"));
        let two = sessions.sign_in(None, Person::with_sid("two"));
        assert_eq!(sessions.end(&Ended::Session("three".to_owned())), 0);
        assert_eq!(sessions.end(&Ended::Session("one".to_owned())), 1);
        assert!(sessions.signed_in(Some(&one)).is_none() && sessions.signed_in(Some(&two)).is_some());
        assert_eq!(sessions.end(&Ended::EverythingOf("s".to_owned())), 1);
        assert!(sessions.signed_in(Some(&two)).is_none());
    }

    #[test]
    fn a_flood_of_strangers_is_bounded_and_signs_nobody_out() {
        let (sessions, clock) = sessions();
        let cookie = sessions.sign_in(None, Person::sample());
        for _ in 0..VISITORS_AT_ONCE + 10 {
            clock.advance(TimeDelta::microseconds(1));
            sessions.begin(None, pending("state"));
        }
        assert_eq!(sessions.visitors().len(), VISITORS_AT_ONCE);
        assert!(sessions.signed_in(Some(&cookie)).is_some());
        for _ in 0..=SIGN_INS_AT_ONCE {
            sessions.begin(Some(&cookie), pending("state"));
        }
        assert_eq!(
            sessions.visitors().get(&cookie.digest()).map(|visitor| visitor.pending.len()),
            Some(SIGN_INS_AT_ONCE)
        );
    }
}
