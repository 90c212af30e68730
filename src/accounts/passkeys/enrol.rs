//! Setting a passkey up.

use sea_orm::DbErr;

use super::{Purpose, unusable};
use crate::accounts::context::Accounts;
use crate::accounts::factors::has_any;
use crate::accounts::owner;
use crate::accounts::passkeys::PasskeyQuestion;
use crate::accounts::sign_in::StartedSession;
use crate::crypto::passkeys::PasskeyError;
use crate::domain::account::PasswordKind;
use crate::domain::audit::{Action, AuditRecord, Origin};
use crate::domain::device;
use crate::domain::ids::TypedId as _;
use crate::domain::mail::Message;
use crate::domain::second_factor::Factor;
use crate::domain::secret::BearerSecret;
use crate::domain::session::{AuthenticationEvent, AuthenticationMethod, SignedIn};
use crate::storage::passkeys::{self, StoredPasskey};
use crate::storage::{accounts, second_factors, sessions};

/// More are nobody's own.
const MOST: u64 = 20;

/// Characters of a name: enough to tell one's telephone from one's computer.
const LONGEST_NAME: usize = 40;

// Not `Debug`: it holds what opens things.
#[allow(missing_debug_implementations)]
pub struct NewPasskeyForm<'a> {
    pub signed_in: &'a SignedIn,
    /// The cookie the form came with.
    pub secret: &'a BearerSecret,
    pub visit: &'a BearerSecret,
    /// As the page carried it.
    pub ceremony: &'a str,
    /// As the browser gave it.
    pub answer: &'a str,
    /// As typed; empty: by the device.
    pub name: &'a str,
    pub origin: &'a Origin,
}

#[derive(Debug)]
pub enum PasskeyEnrolment {
    /// The session goes on under a new secret.
    Done(StartedSession),
    /// The person has to prove themselves again first.
    ConfirmFirst,
    /// The page was open for too long, or the answer came before.
    Expired,
    /// Not what was asked for.
    Refused,
    /// There are as many as anybody needs.
    TooMany,
}

impl Accounts {
    /// What a browser is asked for a new passkey. `None` where there are none.
    pub async fn ask_for_new_passkey(
        &self,
        signed_in: &SignedIn,
        visit: &BearerSecret,
    ) -> Result<Option<PasskeyQuestion>, DbErr> {
        let connection = self.database.read();
        let account = accounts::find(connection, signed_in.account()).await?;
        let (Some(rp), Some(account)) = (&self.passkeys, account) else {
            return Ok(None);
        };
        let existing = passkeys::of_account(connection, account.id).await?;
        let existing: Vec<&str> = existing.iter().map(|passkey| passkey.credential_id.as_str()).collect();
        let (login, name) = (account.login.as_str(), account.profile.display_name());
        let challenge = rp.ask_for_new(account.id.uuid(), login, &name, &existing).map_err(unusable)?;
        self.ask(Purpose::Enrol, visit, Some(signed_in.session()), challenge).map(Some)
    }

    /// Sets a passkey up. Making it was a proof of its own, so that this session has a second factor from now on.
    pub async fn enrol_passkey(&self, form: NewPasskeyForm<'_>) -> Result<PasskeyEnrolment, DbErr> {
        let NewPasskeyForm { signed_in, visit, origin, .. } = form;
        let account = signed_in.account();
        let session = Some(signed_in.session());
        let (Some(rp), Some(ceremony)) =
            (&self.passkeys, self.asked(form.ceremony, Purpose::Enrol, visit, session))
        else {
            return Ok(PasskeyEnrolment::Expired);
        };
        let new = match rp.take_new(form.answer, &ceremony.state) {
            Ok(new) => new,
            Err(error @ PasskeyError::Stored(_)) => return Err(unusable(error)),
            Err(_) => return Ok(PasskeyEnrolment::Refused),
        };
        let transaction = self.database.begin().await?;
        let now = self.ambient.now();
        let locked = accounts::lock(&transaction, account).await?;
        let open = locked.filter(|account| account.state.password_kind() == Some(PasswordKind::Chosen));
        let live = sessions::lock_live(&transaction, signed_in.session(), now).await?;
        let (Some(account), Some(mut session)) = (open, live) else {
            return Ok(PasskeyEnrolment::ConfirmFirst);
        };
        if !self.may_change_factors(&transaction, &session, now).await? {
            return Ok(PasskeyEnrolment::ConfirmFirst);
        }
        let is_first = !has_any(&transaction, account.id).await?;
        if passkeys::count(&transaction, account.id).await? >= MOST {
            return Ok(PasskeyEnrolment::TooMany);
        }
        if !passkeys::use_up(&transaction, ceremony.id, ceremony.expires_at).await? {
            return Ok(PasskeyEnrolment::Expired);
        }
        let passkey = StoredPasskey {
            id: self.ambient.new_id(),
            account: account.id,
            credential_id: new.credential_id,
            credential: new.credential,
            name: shown_name(form.name, origin),
            created_at: now,
            last_used_at: None,
            opens_alone: true,
        };
        if !passkeys::insert(&transaction, passkey).await? {
            // Somebody's key already, this person's or not: which, is nobody's business.
            return Ok(PasskeyEnrolment::Refused);
        }
        session.prove(AuthenticationEvent { method: AuthenticationMethod::Passkey, at: now });
        let secret = self.ambient.new_secret();
        if !sessions::renew(&transaction, &session, form.secret.digest(), secret.digest(), now).await? {
            // It goes on under another secret already: whoever holds this one proves themselves first.
            return Ok(PasskeyEnrolment::ConfirmFirst);
        }
        // A seed that was shown to somebody and never confirmed is of before.
        second_factors::forget_unconfirmed(&transaction, account.id).await?;
        if is_first {
            self.end_what_is_elsewhere(&transaction, &session, "second_factor_added", now, origin).await?;
        }
        let record = AuditRecord::of_account(Action::SecondFactorEnrolled, account.id)
            .session(session.id)
            .outcome(Factor::Passkey.as_str())
            .from(origin);
        self.journal.record(&transaction, &record).await?;
        let message = Message::SecondFactorAdded { account: account.id, at: now, factor: Factor::Passkey };
        owner::tell(&self.journal, &transaction, &account, message).await?;
        transaction.commit().await?;
        Ok(PasskeyEnrolment::Done(StartedSession { session, secret, device: None }))
    }
}

/// One line that can be shown; of who typed nothing, what the browser says it runs on.
fn shown_name(typed: &str, origin: &Origin) -> String {
    let words: Vec<&str> =
        typed.split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty()).collect();
    let name: String = words.join(" ").chars().take(LONGEST_NAME).collect();
    if name.is_empty() {
        origin.user_agent.as_deref().and_then(device::label).unwrap_or_default()
    } else {
        name
    }
}
