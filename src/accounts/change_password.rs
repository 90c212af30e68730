//! Choosing a password: in place of the initial one (the procedure's row 6), or after the letter brought its owner back
//! in (row 7). It is the one thing that either opens.

use super::context::Accounts;
use super::distrust::distrust;
use super::ending::end_session;
use super::lockout::Whose;
use super::owner;
use super::sign_in::{SignIn, SignInAnswer, StartedSession};
use super::verdict::VerdictError;
use crate::domain::account::{Account, AccountEvent, AccountState, PasswordKind};
use crate::domain::audit::{Action, AuditRecord, Origin};
use crate::domain::mail::Message;
use crate::domain::password_policy::{Assessment, BrokenRule, Circumstances, NewPassword};
use crate::domain::secret::BearerSecret;
use crate::domain::session::{Owed, Session};
use crate::domain::trusted_device::Occasion;
use crate::storage::accounts::Credentials;
use crate::storage::{accounts, sessions};

// Not `Debug`: it holds a password.
#[allow(missing_debug_implementations)]
pub struct PasswordChange<'a> {
    /// The cookie the form came with.
    pub secret: &'a BearerSecret,
    /// As typed.
    pub new_password: &'a str,
    /// As typed.
    pub repeated: &'a str,
    /// What this browser keeps to be known again, if anything.
    pub device: Option<&'a BearerSecret>,
    pub origin: &'a Origin,
}

#[derive(Debug)]
pub enum PasswordChangeAnswer {
    /// Done; the session goes on under a new secret.
    Changed(StartedSession),
    /// Everything that is wrong with it, at once.
    Broken { assessment: Assessment, repeat_differs: bool },
    /// It was changed a moment ago (a double submit whose first answer was lost) to something else.
    AlreadyChanged,
    /// This session owes no change.
    NotOwed,
    /// No session.
    SignInFirst,
    /// Too many comparisons; wait.
    Refused,
}

impl Accounts {
    /// Settles the debt of a password change.
    ///
    /// # Errors
    /// [`VerdictError::Overloaded`] if too many hashes are wanted at once; nothing was changed then.
    pub async fn change_password(
        &self,
        change: PasswordChange<'_>,
    ) -> Result<PasswordChangeAnswer, VerdictError> {
        let Some(session) = self.find_session(change.secret).await? else {
            return self.changed_before(&change).await;
        };
        if !session.owed.contains(&Owed::PasswordChange) {
            return Ok(PasswordChangeAnswer::NotOwed);
        }
        let credentials = accounts::credentials(self.database.read(), session.account).await?;
        let can_be_settled = |found: &Credentials| match found.account.state {
            AccountState::InitialPassword => true,
            AccountState::Active => session.is_recovery(),
            _ => false,
        };
        let Some(credentials) = credentials.filter(can_be_settled) else {
            // It was replaced elsewhere: what this session owes, nobody can settle with it any more.
            return self.changed_before(&change).await;
        };
        let password = NewPassword::from_typed(change.new_password);
        let repeat_differs = password.expose() != NewPassword::from_typed(change.repeated).expose();
        let assessment = self.assess(&credentials.account, &password, false);
        if repeat_differs || !assessment.broken.is_empty() {
            return Ok(PasswordChangeAnswer::Broken { assessment, repeat_differs });
        }
        // Compared only once nothing else is wrong: a form that always fails would otherwise be a way to guess the
        // initial password.
        match self.is_initial_password(&credentials, session.id, password.expose(), change.origin).await? {
            None => return Ok(PasswordChangeAnswer::Refused),
            Some(true) => {
                let assessment = self.assess(&credentials.account, &password, true);
                return Ok(PasswordChangeAnswer::Broken { assessment, repeat_differs: false });
            }
            Some(false) => {}
        }
        match self.is_former_password(&session, password.expose(), change.origin).await? {
            None => return Ok(PasswordChangeAnswer::Refused),
            Some(true) => {
                let assessment = Assessment { broken: vec![BrokenRule::UsedBefore], strength: None };
                return Ok(PasswordChangeAnswer::Broken { assessment, repeat_differs: false });
            }
            Some(false) => {}
        }
        let line = Whose::PasswordChange(session.id).line(change.origin);
        let hash = self.hasher.hash(line, password.expose(), self.ambient.entropy()).await?;
        self.commit_change(&change, session, &credentials, &hash).await
    }

    pub(super) fn assess(
        &self,
        account: &Account,
        password: &NewPassword,
        is_initial_password: bool,
    ) -> Assessment {
        let company: Vec<&str> = self.company_words.iter().map(String::as_str).collect();
        let circumstances = Circumstances {
            login: account.login.as_str(),
            given_name: &account.profile.given_name,
            family_name: &account.profile.family_name,
            organisation: account.profile.organisation_name.as_deref(),
            street: account.profile.street.as_deref(),
            city: account.profile.city.as_deref(),
            company: &company,
            is_initial_password,
        };
        self.policy.assess(password, &circumstances)
    }

    async fn commit_change(
        &self,
        change: &PasswordChange<'_>,
        mut session: Session,
        credentials: &Credentials,
        hash: &str,
    ) -> Result<PasswordChangeAnswer, VerdictError> {
        let account = &credentials.account;
        let transaction = self.database.begin().await?;
        let now = self.ambient.now();
        // Under the account's lock no sign-in with the initial password slips in between: whoever came in with it is
        // either seen below, and put out, or finds it dead.
        let locked = accounts::lock_credentials(&transaction, account.id).await?;
        let same_letter = locked.filter(|locked| locked.initial_hash() == credentials.initial_hash());
        let becomes =
            same_letter.and_then(|locked| locked.account.state.after(AccountEvent::PasswordChosen).ok());
        let Some(becomes) = becomes else {
            transaction.rollback().await?;
            return self.changed_before(change).await;
        };
        if !self.recovery.letters_from_before {
            accounts::let_initial_password_recover(&transaction, account.id, false).await?;
        }
        session.settle(Owed::PasswordChange);
        let secret = self.ambient.new_secret();
        // Conditional: of two submits at once, one changes the password and the other finds it changed.
        let renewed =
            sessions::renew(&transaction, &session, change.secret.digest(), secret.digest(), now).await?;
        let chosen = renewed
            && accounts::choose_password(&transaction, account.id, account.state, becomes, hash, now).await?;
        if !chosen {
            transaction.rollback().await?;
            return self.changed_before(change).await;
        }
        // Whoever else came in with the initial password is out.
        for other in sessions::live_ids_of(&transaction, account.id, Some(session.id), now).await? {
            end_session(
                &self.journal,
                &transaction,
                other,
                account.id,
                "password_changed",
                now,
                change.origin,
            )
            .await?;
        }
        distrust(
            &self.journal,
            &transaction,
            account.id,
            Some(session.id),
            Occasion::PasswordChanged,
            "password_changed",
            change.origin,
        )
        .await?;
        let device = self.arrive(&transaction, &session, change.device, change.origin).await?;
        let record = AuditRecord::of_account(Action::PasswordChanged, account.id)
            .session(session.id)
            .outcome(if session.is_recovery() { "recovered" } else { "initial_password_replaced" })
            .from(change.origin);
        self.journal.record(&transaction, &record).await?;
        self.journal
            .announce(
                &transaction,
                "password.changed",
                serde_json::json!({"account": account.id.to_string()}),
            )
            .await?;
        // That the letter's own password was replaced is no news to its owner; that a chosen one was, may be. Whoever came
        // in with the letter had a mail about that a moment ago, with the same link.
        if account.state.password_kind() == Some(PasswordKind::Chosen) && !session.is_recovery() {
            let changed = Message::PasswordChanged { account: account.id, at: now };
            owner::tell(&self.journal, &transaction, account, changed).await?;
        }
        transaction.commit().await?;
        Ok(PasswordChangeAnswer::Changed(StartedSession { session, secret, device }))
    }

    /// The form came with a secret that opens nothing (any more). If it was renewed by a change a moment ago, this
    /// is the second of a double submit: whoever knows the new password gets their session, as by signing in.
    pub(super) async fn changed_before(
        &self,
        change: &PasswordChange<'_>,
    ) -> Result<PasswordChangeAnswer, VerdictError> {
        let renewed =
            sessions::find_renewed(self.database.read(), change.secret.digest(), self.ambient.now()).await?;
        let Some(renewed) = renewed else {
            return Ok(PasswordChangeAnswer::SignInFirst);
        };
        let Some(account) = accounts::find(self.database.read(), renewed.account).await? else {
            return Ok(PasswordChangeAnswer::SignInFirst);
        };
        let answer = self
            .sign_in(SignIn {
                login: account.login.as_str(),
                password: change.new_password,
                replaces: None,
                device: change.device,
                origin: change.origin,
            })
            .await?;
        Ok(match answer {
            SignInAnswer::SignedIn(started) => PasswordChangeAnswer::Changed(started),
            SignInAnswer::Refused | SignInAnswer::Expired => PasswordChangeAnswer::AlreadyChanged,
        })
    }
}
