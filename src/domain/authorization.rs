//! An authorization request (OpenID Connect Core §3.1.2.1) after it was proven, and what it still needs.

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

use super::claims_request::ClaimsRequest;
use super::client::Client;
use super::clock::Moment;
use super::consent::Consented;
use super::ids::{AccountId, AuthorizationId, GrantId};
use super::locale::Locale;
use super::scope::ScopeSet;
use super::secret::SecretDigest;
use super::session::{Acr, Owed, Session, SignedIn};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Prompt {
    None,
    Login,
    Consent,
    /// One browser holds one session here, so choosing an account means signing in again.
    SelectAccount,
}

impl Prompt {
    pub const ALL: [Self; 4] = [Self::None, Self::Login, Self::Consent, Self::SelectAccount];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Login => "login",
            Self::Consent => "consent",
            Self::SelectAccount => "select_account",
        }
    }

    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|prompt| prompt.as_str() == name)
    }
}

/// How the answer travels to the client (OAuth 2.0 Multiple Response Type Encoding Practices §2.1, Form Post Response
/// Mode §2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ResponseMode {
    /// The default for `response_type=code`.
    #[default]
    Query,
    Fragment,
    FormPost,
}

impl ResponseMode {
    pub const ALL: [Self; 3] = [Self::Query, Self::Fragment, Self::FormPost];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Query => "query",
            Self::Fragment => "fragment",
            Self::FormPost => "form_post",
        }
    }

    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|mode| mode.as_str() == name)
    }
}

/// What the client would like the pages to look like (OpenID Connect Core §3.1.2.1). Every page here fits every one of
/// them, from 320 pixels on, with a finger or a mouse: the value is checked, and changes nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Display {
    Page,
    Popup,
    Touch,
    Wap,
}

impl Display {
    pub const ALL: [Self; 4] = [Self::Page, Self::Popup, Self::Touch, Self::Wap];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Page => "page",
            Self::Popup => "popup",
            Self::Touch => "touch",
            Self::Wap => "wap",
        }
    }

    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|display| display.as_str() == name)
    }
}

/// The authentication contexts that a client asked for: by `claims`, by `acr_values`, or by its registration.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequestedAcr {
    /// Best first.
    pub values: Vec<String>,
    /// Without one of them there is no answer (OpenID Connect Core §5.5.1.1).
    pub essential: bool,
}

impl RequestedAcr {
    fn can_be_met(&self) -> bool {
        !self.essential || Acr::ALL.into_iter().any(|acr| self.is_met_by(acr))
    }

    fn is_met_by(&self, acr: Acr) -> bool {
        !self.essential || self.is_satisfied_by(acr)
    }

    fn is_satisfied_by(&self, acr: Acr) -> bool {
        self.values.iter().any(|asked| acr.satisfies(asked))
    }

    /// Would a second factor give the client what it asked for, and what it has not?
    fn wishes_second_factor(&self, acr: Acr) -> bool {
        !self.is_satisfied_by(acr) && self.is_satisfied_by(Acr::SecondFactor)
    }

    /// What is told of an authentication: what it was, if that was asked for or nothing was; otherwise the best that was
    /// asked for and that it satisfies.
    pub fn told_of(&self, acr: Acr) -> Acr {
        if self.values.iter().any(|asked| asked == acr.urn()) {
            return acr;
        }
        let satisfied = self.values.iter().find(|asked| acr.satisfies(asked));
        satisfied.and_then(|asked| asked.parse().ok()).unwrap_or(acr)
    }
}

/// The parameters as they are stored: validated, and bound to a proven redirect URI.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct AuthorizationParameters {
    pub redirect_uri: String,
    pub scope: ScopeSet,
    /// What its access tokens are to be for (RFC 8707 §2.1).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub resource: Vec<String>,
    pub state: Option<String>,
    pub nonce: Option<String>,
    /// S256 only (RFC 7636 §4.2).
    pub code_challenge: Option<String>,
    #[serde(default)]
    pub prompt: Vec<Prompt>,
    /// Seconds.
    pub max_age: Option<u32>,
    pub login_hint: Option<String>,
    pub ui_locales: Option<String>,
    #[serde(default)]
    pub response_mode: ResponseMode,
    #[serde(default)]
    pub acr: RequestedAcr,
    /// The subject of `id_token_hint`, or the one that `claims` names: nobody else is answered for (OpenID Connect Core
    /// §3.1.2.2).
    #[serde(default)]
    pub expected_subject: Option<String>,
    #[serde(default)]
    pub claims: ClaimsRequest,
}

impl AuthorizationParameters {
    pub fn prompts(&self, prompt: Prompt) -> bool {
        self.prompt.contains(&prompt)
    }

    /// What a person has to allow for this request.
    pub fn asks(&self) -> Consented {
        Consented { scope: self.scope.clone(), claims: self.claims.beyond(&self.scope) }
    }

    pub fn locale(&self) -> Option<Locale> {
        self.ui_locales.as_deref().and_then(Locale::from_preferences)
    }
}

/// A stored authorization request.
#[derive(Debug, Clone)]
pub struct Authorization {
    pub id: AuthorizationId,
    pub client_id: String,
    pub parameters: AuthorizationParameters,
    /// The browser it is bound to; bound at the first visit of its own address.
    pub visit: Option<SecretDigest>,
    pub created_at: Moment,
    pub expires_at: Moment,
    /// Who consented to this very request (`prompt=consent` wants a fresh consent).
    pub consented_by: Option<AccountId>,
    pub ended_at: Option<Moment>,
    /// The grant of the code issued last; a second visit replaces a code that was not redeemed yet.
    pub grant: Option<GrantId>,
}

/// What an authorization request needs before it can be answered with a code.
#[derive(Debug)]
pub enum Need {
    /// Nobody is signed in, or not recently enough, or not the person that is meant.
    SignIn,
    /// Somebody is signed in, but owes something first.
    Settle(Owed),
    /// Somebody is signed in by less than the client asks for (RFC 9470 §5).
    StepUp(StepUp),
    Consent,
    /// Nothing: answer.
    Nothing(SignedIn),
    /// No sign-in and no consent would do.
    Impossible(Impossible),
}

/// How somebody comes to the second factor that a client asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StepUp {
    /// They have one, and prove it.
    Prove,
    /// They have none yet.
    SetUp,
}

/// Why a request cannot be met.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Impossible {
    /// Somebody else signed in, although this request names a person.
    AnotherPerson,
    /// The authentication context that is essential is not one that anybody can have here.
    AuthenticationContext,
}

/// Who is there, as a client would see them.
#[derive(Debug)]
pub struct Present {
    pub session: Session,
    /// `sub` towards this client; `None` if it has never met the person.
    pub subject: Option<String>,
    /// What this person allowed this client before.
    pub consented: Option<Consented>,
    /// Has the account a second factor, proved in this session or not?
    pub has_second_factor: bool,
}

impl Authorization {
    pub fn need(&self, client: &Client, present: Option<Present>, now: Moment) -> Need {
        if !self.parameters.acr.can_be_met() {
            return Need::Impossible(Impossible::AuthenticationContext);
        }
        let Some(Present { session, subject, consented, has_second_factor }) = present else {
            return Need::SignIn;
        };
        // First what is owed: whoever signed in for this request and must change the password is not sent back
        // to the sign-in page.
        let signed_in = match SignedIn::try_from(session) {
            Ok(signed_in) => signed_in,
            Err(owing) => return Need::Settle(owing.first),
        };
        if self.parameters.expected_subject.is_some() && self.parameters.expected_subject != subject {
            // Whoever is meant may sign in, once: after that, somebody else did on purpose.
            return if self.signed_in_for_this(&signed_in) {
                Need::Impossible(Impossible::AnotherPerson)
            } else {
                Need::SignIn
            };
        }
        if self.wants_fresh_sign_in(client, &signed_in, now) {
            return Need::SignIn;
        }
        if let Some(step_up) = self.wants_step_up(signed_in.acr(), has_second_factor) {
            return Need::StepUp(step_up);
        }
        if self.wants_consent(client, signed_in.account(), consented.as_ref()) {
            return Need::Consent;
        }
        Need::Nothing(signed_in)
    }

    /// Did the person sign in after the request was made?
    fn signed_in_for_this(&self, signed_in: &SignedIn) -> bool {
        signed_in.auth_time() >= self.created_at
    }

    /// `prompt=login` and `max_age` (OpenID Connect Core §3.1.2.1). A sign-in after the request was made answers
    /// both: `auth_time` moves with it.
    fn wants_fresh_sign_in(&self, client: &Client, signed_in: &SignedIn, now: Moment) -> bool {
        if self.signed_in_for_this(signed_in) {
            return false;
        }
        if self.parameters.prompts(Prompt::Login) || self.parameters.prompts(Prompt::SelectAccount) {
            return true;
        }
        let max_age = self.parameters.max_age.or(client.metadata.default_max_age);
        max_age.is_some_and(|seconds| signed_in.auth_time() + TimeDelta::seconds(i64::from(seconds)) <= now)
    }

    /// What is essential is asked of everybody, and who has no second factor sets one up. What is only wished for
    /// (OpenID Connect Core §3.1.2.1) is asked of those who have one, and never without a page.
    fn wants_step_up(&self, acr: Acr, has_second_factor: bool) -> Option<StepUp> {
        let asked = &self.parameters.acr;
        if !asked.is_met_by(acr) {
            return Some(if has_second_factor { StepUp::Prove } else { StepUp::SetUp });
        }
        let wished =
            has_second_factor && asked.wishes_second_factor(acr) && !self.parameters.prompts(Prompt::None);
        wished.then_some(StepUp::Prove)
    }

    fn wants_consent(&self, client: &Client, account: AccountId, consented: Option<&Consented>) -> bool {
        if self.consented_by == Some(account) {
            return false;
        }
        if self.parameters.prompts(Prompt::Consent) {
            return true;
        }
        !client.metadata.first_party
            && !consented.is_some_and(|consented| consented.covers(&self.parameters.asks()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn core_5_5_1_1_what_is_told_of_an_authentication_was_asked_for_or_is_what_it_was() {
        let (one, two) = (Acr::Password.urn(), Acr::SecondFactor.urn());
        let asked = |values: &[&str], essential| RequestedAcr {
            values: values.iter().map(|value| (*value).to_owned()).collect(),
            essential,
        };
        for (values, acr, told) in [
            (&[][..], Acr::SecondFactor, Acr::SecondFactor),
            (&["phr", one], Acr::SecondFactor, Acr::Password),
            (&[one, two], Acr::SecondFactor, Acr::SecondFactor),
            (&[two], Acr::Password, Acr::Password),
        ] {
            assert_eq!(asked(values, false).told_of(acr), told, "{values:?}");
        }
        assert!(asked(&[two], false).is_met_by(Acr::Password), "asked for, and not essential");
        assert!(!asked(&[two], true).is_met_by(Acr::Password));
        assert!(asked(&[one], true).is_met_by(Acr::SecondFactor));
        assert!(!asked(&["phr"], true).can_be_met());
        assert!(!asked(&[], true).can_be_met());
    }
}
