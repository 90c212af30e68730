//! Passkeys: setting one up, proving it after the password, and signing in by it alone.
//!
//! A page carries the question with everything that is needed to judge its answer, sealed, so that no process remembers
//! anything, and looking at a page writes nothing. It belongs to one browser (and session), for five minutes; an answer
//! that was good is used up by its row.

mod enrol;
mod prove;
mod sign_in;

use chrono::TimeDelta;
use sea_orm::{ConnectionTrait, DbErr};
use serde::{Deserialize, Serialize};

pub use self::enrol::{NewPasskeyForm, PasskeyEnrolment};
pub use self::prove::PasskeyProof;
pub use self::sign_in::PasskeySignIn;
use super::context::Accounts;
use crate::crypto::passkeys::{Challenge, PasskeyAnswer, PasskeyError, Passkeys};
use crate::crypto::sealing::purpose;
use crate::domain::clock::Moment;
use crate::domain::ids::{AccountId, PasskeyCeremonyId, SessionId};
use crate::domain::secret::{BearerSecret, SecretDigest};
use crate::storage::passkeys;

/// How long an answer may take: as long as browsers wait for one (WebAuthn §5.1).
const ANSWERED_WITHIN: TimeDelta = TimeDelta::minutes(5);

/// What a page asks a browser.
#[derive(Debug, Clone)]
pub struct PasskeyQuestion {
    /// For `navigator.credentials`, as JSON.
    pub options: String,
    /// Comes back with the answer.
    pub ceremony: String,
}

/// What an answer was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
enum Purpose {
    Enrol,
    Prove,
    SignIn,
}

/// What is sealed into a page.
#[derive(Serialize, Deserialize)]
struct Ceremony {
    id: PasskeyCeremonyId,
    purpose: Purpose,
    /// The browser that was asked, by the digest of its visit.
    visit: String,
    session: Option<SessionId>,
    expires_at: Moment,
    state: String,
}

/// What an answer came to.
enum Judged {
    Right,
    /// As the audit record has it.
    Wrong(&'static str),
}

impl Accounts {
    /// Are there passkeys at this address?
    pub fn has_passkeys(&self) -> bool {
        self.passkeys.is_some()
    }

    fn ask(
        &self,
        purpose: Purpose,
        visit: &BearerSecret,
        session: Option<SessionId>,
        challenge: Challenge,
    ) -> Result<PasskeyQuestion, DbErr> {
        let ceremony = Ceremony {
            id: self.ambient.new_id(),
            purpose,
            visit: visit.digest().to_text(),
            session,
            expires_at: self.ambient.now() + ANSWERED_WITHIN,
            state: challenge.state,
        };
        let plain = serde_json::to_vec(&ceremony).map_err(unusable)?;
        let ceremony = self.sealing.seal(purpose::PASSKEY_CEREMONY, &plain, self.ambient.entropy());
        Ok(PasskeyQuestion { options: challenge.options, ceremony })
    }

    /// The question that this answer belongs to, if it was asked here, of this browser, for this, and lately.
    fn asked(
        &self,
        sealed: &str,
        purpose: Purpose,
        visit: &BearerSecret,
        session: Option<SessionId>,
    ) -> Option<Ceremony> {
        let plain = self.sealing.open(purpose::PASSKEY_CEREMONY, sealed).ok()?;
        let ceremony: Ceremony = serde_json::from_slice(&plain).ok()?;
        let is_its_browser =
            SecretDigest::from_text(&ceremony.visit).is_some_and(|digest| digest.matches(visit));
        let is_good = ceremony.purpose == purpose
            && ceremony.session == session
            && is_its_browser
            && ceremony.expires_at > self.ambient.now();
        is_good.then_some(ceremony)
    }

    /// Judges an answer, and uses it up if it is right. The caller holds the account's row.
    async fn judge_passkey(
        &self,
        transaction: &impl ConnectionTrait,
        rp: &Passkeys,
        account: AccountId,
        ceremony: &Ceremony,
        answer: &PasskeyAnswer,
        now: Moment,
    ) -> Result<Judged, DbErr> {
        // Read under the lock: it may have been removed a moment ago.
        let found = passkeys::find_by_credential(transaction, &answer.credential_id()).await?;
        let Some(passkey) = found.filter(|passkey| passkey.account == account) else {
            return Ok(Judged::Wrong("unknown_passkey"));
        };
        let credential = match rp.judge_proof(answer, &ceremony.state, &passkey.credential) {
            Ok(credential) => credential,
            Err(PasskeyError::CounterWentBack) => return Ok(Judged::Wrong("passkey_counter_went_back")),
            Err(PasskeyError::Unreadable | PasskeyError::Wrong(_)) => {
                return Ok(Judged::Wrong("passkey_wrong"));
            }
            Err(error @ PasskeyError::Stored(_)) => return Err(unusable(error)),
        };
        let is_first = passkeys::use_up(transaction, ceremony.id, ceremony.expires_at).await?
            && passkeys::note_use(transaction, &passkey, &credential, now).await?;
        Ok(if is_first { Judged::Right } else { Judged::Wrong("passkey_replayed") })
    }
}

/// What is stored here, or was asked here, cannot be used: something else wrote it.
fn unusable(error: impl std::fmt::Display) -> DbErr {
    DbErr::Custom(format!("passkey: {error}"))
}
