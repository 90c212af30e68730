//! An authorization request (OpenID Connect Core §3.1.2.1) after it was proven, and what it still needs.

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

use super::client::Client;
use super::clock::Moment;
use super::ids::{AccountId, AuthorizationId, GrantId};
use super::locale::Locale;
use super::scope::ScopeSet;
use super::secret::SecretDigest;
use super::session::{Owed, Session, SignedIn};

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

/// The parameters as they are stored: validated, and bound to a proven redirect URI.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct AuthorizationParameters {
    pub redirect_uri: String,
    pub scope: ScopeSet,
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
}

impl AuthorizationParameters {
    pub fn prompts(&self, prompt: Prompt) -> bool {
        self.prompt.contains(&prompt)
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
    /// Nobody is signed in, or not recently enough.
    SignIn,
    /// Somebody is signed in, but owes something first.
    Settle(Owed),
    Consent,
    /// Nothing: answer.
    Nothing(SignedIn),
}

impl Authorization {
    /// `remembered` is the scope this person granted this client before.
    pub fn need(
        &self,
        client: &Client,
        session: Option<Session>,
        remembered: Option<&ScopeSet>,
        now: Moment,
    ) -> Need {
        let Some(session) = session else {
            return Need::SignIn;
        };
        // First what is owed: whoever signed in for this request and must change the password is not sent back
        // to the sign-in page.
        let signed_in = match SignedIn::try_from(session) {
            Ok(signed_in) => signed_in,
            Err(owing) => return Need::Settle(owing.first),
        };
        if self.wants_fresh_sign_in(client, &signed_in, now) {
            return Need::SignIn;
        }
        if self.wants_consent(client, signed_in.account(), remembered) {
            return Need::Consent;
        }
        Need::Nothing(signed_in)
    }

    /// `prompt=login` and `max_age` (OpenID Connect Core §3.1.2.1). A sign-in after the request was made answers
    /// both: `auth_time` moves with it.
    fn wants_fresh_sign_in(&self, client: &Client, signed_in: &SignedIn, now: Moment) -> bool {
        let auth_time = signed_in.auth_time();
        let signed_in_for_this = auth_time >= self.created_at;
        let asked = self.parameters.prompts(Prompt::Login) || self.parameters.prompts(Prompt::SelectAccount);
        if asked && !signed_in_for_this {
            return true;
        }
        let max_age = self.parameters.max_age.or(client.metadata.default_max_age);
        max_age.is_some_and(|seconds| {
            !signed_in_for_this && auth_time + TimeDelta::seconds(i64::from(seconds)) <= now
        })
    }

    fn wants_consent(&self, client: &Client, account: AccountId, remembered: Option<&ScopeSet>) -> bool {
        if self.consented_by == Some(account) {
            return false;
        }
        if self.parameters.prompts(Prompt::Consent) {
            return true;
        }
        !client.metadata.first_party
            && !remembered.is_some_and(|scope| self.parameters.scope.is_subset_of(scope))
    }
}
