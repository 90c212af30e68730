//! A passkey as the only step: its authenticator knows whose it is, and verified its user.

use sea_orm::{DatabaseTransaction, DbErr};

use super::{Judged, PasskeyQuestion, Purpose, unusable};
use crate::accounts::context::Accounts;
use crate::accounts::sign_in::{Arriving, Proved, SignInAnswer};
use crate::crypto::passkeys::PasskeyAnswer;
use crate::domain::account::PasswordKind;
use crate::domain::audit::{Action, Actor, AuditRecord, Origin};
use crate::domain::ids::{AccountId, TypedId as _};
use crate::domain::secret::BearerSecret;
use crate::domain::session::{AuthenticationMethod, Owed};
use crate::storage::accounts::{self, Credentials};
use crate::storage::passkeys;

// Not `Debug`: it holds what opens things.
#[allow(missing_debug_implementations)]
pub struct PasskeySignIn<'a> {
    pub visit: &'a BearerSecret,
    /// As the page carried it.
    pub ceremony: &'a str,
    /// As the browser gave it.
    pub answer: &'a str,
    /// The session that this browser holds already, if any: it ends, or goes on if it is the same person's.
    pub replaces: Option<&'a BearerSecret>,
    /// The device cookie, if there is one.
    pub device: Option<&'a BearerSecret>,
    pub origin: &'a Origin,
}

impl Accounts {
    /// What a browser is asked on the sign-in page. `None` where there are no passkeys.
    pub fn ask_for_any_passkey(&self, visit: &BearerSecret) -> Result<Option<PasskeyQuestion>, DbErr> {
        let Some(rp) = &self.passkeys else {
            return Ok(None);
        };
        let challenge = rp.ask_for_proof(&[]).map_err(unusable)?;
        self.ask(Purpose::SignIn, visit, None, challenge).map(Some)
    }

    /// Signs in by a passkey. It draws on no budget, as nothing can be guessed; what is wrong with it is recorded only
    /// where it names a passkey that is known, so that strangers fill no table.
    pub async fn sign_in_by_passkey(&self, attempt: PasskeySignIn<'_>) -> Result<SignInAnswer, DbErr> {
        let ceremony = self.asked(attempt.ceremony, Purpose::SignIn, attempt.visit, None);
        let (Some(rp), Some(ceremony)) = (&self.passkeys, ceremony) else {
            return Ok(SignInAnswer::Expired);
        };
        let Ok(answer) = PasskeyAnswer::parse(attempt.answer) else {
            return Ok(SignInAnswer::Refused);
        };
        let known = passkeys::find_by_credential(self.database.read(), &answer.credential_id()).await?;
        let Some(account) = known.map(|known| known.account) else {
            return Ok(SignInAnswer::Refused);
        };
        let transaction = self.database.begin().await?;
        let now = self.ambient.now();
        let credentials = accounts::lock_credentials(&transaction, account).await?;
        // Without a password the account was just taken back: whoever did that chooses one first.
        let kind = credentials.as_ref().and_then(Credentials::current_hash).map(|(kind, _)| kind);
        // Read under the lock.
        let known = passkeys::find_by_credential(&transaction, &answer.credential_id()).await?;
        let judged = if answer.user() != Some(account.uuid()) {
            Judged::Wrong("passkey_of_another")
        } else if known.is_some_and(|known| !known.opens_alone) {
            Judged::Wrong("passkey_after_password")
        } else if kind == Some(PasswordKind::Chosen) {
            self.judge_passkey(&transaction, rp, account, &ceremony, &answer, now).await?
        } else {
            Judged::Wrong("not_open")
        };
        let outcome = match judged {
            Judged::Right => "passkey",
            Judged::Wrong(outcome) => {
                transaction.rollback().await?;
                let transaction = self.database.begin().await?;
                self.record_passkey_verdict(&transaction, account, outcome, attempt.origin).await?;
                transaction.commit().await?;
                return Ok(SignInAnswer::Refused);
            }
        };
        self.record_passkey_verdict(&transaction, account, outcome, attempt.origin).await?;
        let mut owed = self.debts(&transaction, account, PasswordKind::Chosen).await?;
        // It is two factors in one.
        owed.retain(|owed| *owed != Owed::SecondFactor);
        let method = AuthenticationMethod::Passkey;
        let proved = Proved { account, method, owed, may_go_on: true, outcome };
        let browser = Arriving { replaces: attempt.replaces, device: attempt.device, origin: attempt.origin };
        let started = self.begin_session(&transaction, proved, browser).await?;
        transaction.commit().await?;
        Ok(SignInAnswer::SignedIn(started))
    }

    async fn record_passkey_verdict(
        &self,
        transaction: &DatabaseTransaction,
        account: AccountId,
        outcome: &'static str,
        origin: &Origin,
    ) -> Result<(), DbErr> {
        let record = AuditRecord::new(Action::SignInVerdict, Actor::Visitor)
            .about(account)
            .outcome(outcome)
            .from(origin);
        self.journal.record(transaction, &record).await
    }
}
