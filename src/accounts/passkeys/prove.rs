//! A passkey as the second factor, after the password or when a client asks for one.

use sea_orm::DbErr;

use super::{Judged, PasskeyQuestion, Purpose, unusable};
use crate::accounts::context::Accounts;
use crate::accounts::second_factor::SecondFactorAnswer;
use crate::accounts::sign_in::StartedSession;
use crate::crypto::passkeys::PasskeyAnswer;
use crate::domain::account::PasswordKind;
use crate::domain::audit::{Action, AuditRecord, Origin};
use crate::domain::secret::BearerSecret;
use crate::domain::session::{AuthenticationEvent, AuthenticationMethod, Owed, Session};
use crate::storage::{accounts, passkeys, second_factors, sessions};

// Not `Debug`: it holds what opens things.
#[allow(missing_debug_implementations)]
pub struct PasskeyProof<'a> {
    /// The cookie the form came with.
    pub secret: &'a BearerSecret,
    pub visit: &'a BearerSecret,
    /// As the page carried it.
    pub ceremony: &'a str,
    /// As the browser gave it.
    pub answer: &'a str,
    /// The device cookie, if there is one.
    pub device: Option<&'a BearerSecret>,
    pub origin: &'a Origin,
}

impl Accounts {
    /// What a browser is asked that holds this session. `None` if its account has no passkey.
    pub async fn ask_for_passkey(
        &self,
        session: &Session,
        visit: &BearerSecret,
    ) -> Result<Option<PasskeyQuestion>, DbErr> {
        let known = passkeys::of_account(self.database.read(), session.account).await?;
        let Some(rp) = self.passkeys.as_ref().filter(|_| !known.is_empty()) else {
            return Ok(None);
        };
        let known: Vec<&str> = known.iter().map(|passkey| passkey.credential_id.as_str()).collect();
        let challenge = rp.ask_for_proof(&known).map_err(unusable)?;
        self.ask(Purpose::Prove, visit, Some(session.id), challenge).map(Some)
    }

    /// Proves the second factor by a passkey. Nothing can be guessed here, so it draws on no budget.
    pub async fn prove_by_passkey(&self, proof: PasskeyProof<'_>) -> Result<SecondFactorAnswer, DbErr> {
        let Some(mut session) = self.find_session(proof.secret).await? else {
            return Ok(SecondFactorAnswer::SignInFirst);
        };
        if !session.may_prove_second_factor() {
            return Ok(SecondFactorAnswer::NotAsked(session));
        }
        let ceremony = self.asked(proof.ceremony, Purpose::Prove, proof.visit, Some(session.id));
        let (Some(rp), Some(ceremony)) = (&self.passkeys, ceremony) else {
            return Ok(SecondFactorAnswer::Expired);
        };
        let Ok(answer) = PasskeyAnswer::parse(proof.answer) else {
            return Ok(SecondFactorAnswer::WrongPasskey);
        };
        let account = session.account;
        let transaction = self.database.begin().await?;
        let now = self.ambient.now();
        let locked = accounts::lock(&transaction, account).await?;
        let kind = locked.and_then(|account| account.state.password_kind());
        let judged = if kind == Some(PasswordKind::Chosen) {
            self.judge_passkey(&transaction, rp, account, &ceremony, &answer, now).await?
        } else {
            Judged::Wrong("not_open")
        };
        if let Judged::Wrong(outcome) = judged {
            transaction.rollback().await?;
            self.record_wrong_passkey(&session, outcome, proof.origin).await?;
            return Ok(SecondFactorAnswer::WrongPasskey);
        }
        session.prove(AuthenticationEvent { method: AuthenticationMethod::Passkey, at: now });
        let codes_wait = second_factors::find(&transaction, account)
            .await?
            .is_some_and(|factor| factor.sealed_codes.is_some());
        if !codes_wait {
            session.settle(Owed::SecondFactor);
        }
        let secret = self.ambient.new_secret();
        if !sessions::renew(&transaction, &session, proof.secret.digest(), secret.digest(), now).await? {
            // The other of a double submit was faster, or the session has ended: nothing is used up.
            transaction.rollback().await?;
            return Ok(SecondFactorAnswer::SignInFirst);
        }
        let record = AuditRecord::of_account(Action::SecondFactorVerdict, account)
            .session(session.id)
            .outcome("passkey")
            .from(proof.origin);
        self.journal.record(&transaction, &record).await?;
        let device = self.arrive(&transaction, &session, proof.device, proof.origin).await?;
        transaction.commit().await?;
        Ok(SecondFactorAnswer::Proved(StartedSession { session, secret, device }))
    }

    async fn record_wrong_passkey(
        &self,
        session: &Session,
        outcome: &'static str,
        origin: &Origin,
    ) -> Result<(), DbErr> {
        let transaction = self.database.begin().await?;
        let record = AuditRecord::of_account(Action::SecondFactorVerdict, session.account)
            .session(session.id)
            .outcome(outcome)
            .from(origin);
        self.journal.record(&transaction, &record).await?;
        transaction.commit().await
    }
}
