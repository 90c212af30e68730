//! Changing a password that was chosen before, by somebody who is signed in and knows it.

use sea_orm::{DatabaseTransaction, DbErr};

use super::change_password::{PasswordChange, PasswordChangeAnswer};
use super::context::Accounts;
use super::distrust::distrust;
use super::ending::{end_session, revoke};
use super::lockout::Whose;
use super::owner;
use super::sign_in::StartedSession;
use super::verdict::{Confirmation, CorrectGuess, Usable, VerdictError};
use crate::domain::account::PasswordKind;
use crate::domain::audit::Origin;
use crate::domain::audit::{Action, AuditRecord};
use crate::domain::clock::Moment;
use crate::domain::mail::Message;
use crate::domain::password_policy::{BrokenRule, NewPassword, Strength};
use crate::domain::secret::BearerSecret;
use crate::domain::session::{AuthenticationEvent, AuthenticationMethod, Owed, Session, SignedIn};
use crate::domain::trusted_device::Occasion;
use crate::storage::accounts::Credentials;
use crate::storage::{accounts, grants, sessions};

// Not `Debug`: it holds passwords.
#[allow(missing_debug_implementations)]
pub struct PasswordReplacement<'a> {
    /// The cookie the form came with.
    pub secret: &'a BearerSecret,
    /// The password that opens the account now; this and the next two as typed.
    pub present: &'a str,
    pub new_password: &'a str,
    pub repeated: &'a str,
    /// What this browser keeps to be known again, if anything.
    pub device: Option<&'a BearerSecret>,
    pub origin: &'a Origin,
}

/// Everything that is wrong with what was typed, at once.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ReplacementFaults {
    pub present: Option<PresentPasswordFault>,
    pub rules: Vec<BrokenRule>,
    /// How hard the new password is to guess: no fault, but told beside the faults.
    pub strength: Option<Strength>,
    /// The new password is the one that opens the account already.
    pub is_same: bool,
    pub repeat_differs: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PresentPasswordFault {
    Missing,
    Wrong,
}

#[derive(Debug)]
pub enum ReplacementAnswer {
    /// Done; the session goes on under a new secret, and no other does.
    Replaced(StartedSession),
    Faulty(ReplacementFaults),
    /// It was replaced a moment ago (a double submit whose first answer was lost) by something else.
    AlreadyReplaced,
    /// The session owes something first.
    NotYet(Owed),
    /// No session.
    SignInFirst,
    /// Too many wrong guesses at the present password: none is looked at for a while.
    UsedUp,
}

impl ReplacementFaults {
    fn is_empty(&self) -> bool {
        self.present.is_none() && self.rules.is_empty() && !self.is_same && !self.repeat_differs
    }
}

impl Accounts {
    /// Replaces the chosen password by another.
    ///
    /// # Errors
    /// [`VerdictError::Overloaded`] if too many hashes are wanted at once; nothing was changed then.
    pub async fn replace_password(
        &self,
        replacement: PasswordReplacement<'_>,
    ) -> Result<ReplacementAnswer, VerdictError> {
        // Twice: a right password is judged again if its hash was replaced meanwhile, or the session's secret was.
        for _ in 0..2 {
            let session = self.find_session(replacement.secret).await?;
            let signed_in = match session.map(SignedIn::try_from) {
                Some(Ok(signed_in)) => signed_in,
                Some(Err(owing)) => return Ok(ReplacementAnswer::NotYet(owing.first)),
                None => return self.replaced_before(&replacement).await,
            };
            let known = accounts::credentials(self.database.read(), signed_in.account()).await?;
            let Some(credentials) = known else {
                return Ok(ReplacementAnswer::SignInFirst);
            };
            let password = NewPassword::from_typed(replacement.new_password);
            let Some(mut faults) = self.faults(&credentials, &signed_in, &password, &replacement).await?
            else {
                return Ok(ReplacementAnswer::UsedUp);
            };
            // Before the verdict: a place that was reserved must not wait for a second hash.
            let mut hash = if faults.is_empty() {
                let line = Whose::PasswordChange(signed_in.session()).line(replacement.origin);
                Some(self.hasher.hash(line, password.expose(), self.ambient.entropy()).await?)
            } else {
                None
            };
            if faults.present.is_some() {
                return Ok(ReplacementAnswer::Faulty(faults));
            }
            let guess =
                match self.confirm_password(&signed_in, replacement.present, replacement.origin).await? {
                    Confirmation::Right(guess) if guess.kind == PasswordKind::Chosen => guess,
                    Confirmation::Right(_) | Confirmation::Wrong => {
                        if self.find_session(replacement.secret).await?.is_none() {
                            // Of a double click, the first was faster: the present password is another by now.
                            return self.replaced_before(&replacement).await;
                        }
                        faults.present = Some(PresentPasswordFault::Wrong);
                        return Ok(ReplacementAnswer::Faulty(faults));
                    }
                    Confirmation::UsedUp => return Ok(ReplacementAnswer::UsedUp),
                };
            // After the verdict, although its place waits for it: whoever cannot tell the present password does not
            // learn the former ones.
            let session = signed_in.session();
            if hash.is_some()
                && self.is_former_password_of(&guess, session, password.expose(), replacement.origin).await?
            {
                faults.rules.push(BrokenRule::UsedBefore);
                faults.strength = None;
                hash = None;
            }
            let transaction = self.database.begin().await?;
            let usable = self.settle_correct(&transaction, &guess, replacement.origin).await?;
            let replaced = match (usable, &hash) {
                (Usable::Yes, Some(hash)) => {
                    self.write_replacement(&transaction, &replacement, signed_in, &guess, hash).await?
                }
                _ => None,
            };
            transaction.commit().await?;
            self.wake_waiting(&guess);
            match (replaced, usable) {
                (Some(started), _) => return Ok(ReplacementAnswer::Replaced(started)),
                (None, Usable::Yes) if hash.is_none() => return Ok(ReplacementAnswer::Faulty(faults)),
                (None, Usable::TooLate) => return Ok(ReplacementAnswer::UsedUp),
                (None, Usable::Yes | Usable::HashReplaced) => {}
            }
        }
        Ok(ReplacementAnswer::UsedUp)
    }

    /// What can be said before the present password is compared. `None` if the budget is used up.
    async fn faults(
        &self,
        credentials: &Credentials,
        signed_in: &SignedIn,
        password: &NewPassword,
        replacement: &PasswordReplacement<'_>,
    ) -> Result<Option<ReplacementFaults>, VerdictError> {
        let assessment = self.assess(&credentials.account, password, false);
        let mut faults = ReplacementFaults {
            present: replacement.present.is_empty().then_some(PresentPasswordFault::Missing),
            rules: assessment.broken,
            strength: assessment.strength,
            is_same: password.expose() == NewPassword::from_typed(replacement.present).expose(),
            repeat_differs: password.expose() != NewPassword::from_typed(replacement.repeated).expose(),
        };
        // Nothing was chosen: that it is the same nothing as the present password helps nobody.
        faults.is_same &= !password.expose().is_empty();
        if faults.is_empty() {
            // It lives on only where a letter from before still recovers the account.
            let session = signed_in.session();
            let origin = replacement.origin;
            match self.is_initial_password(credentials, session, password.expose(), origin).await? {
                None => return Ok(None),
                Some(true) => faults.rules = self.assess(&credentials.account, password, true).broken,
                Some(false) => {}
            }
        }
        Ok(Some(faults))
    }

    /// In the transaction in which the guess was settled, and so under the account's lock. `None`, with nothing written,
    /// if the session has ended or goes on under another secret.
    async fn write_replacement(
        &self,
        transaction: &DatabaseTransaction,
        replacement: &PasswordReplacement<'_>,
        signed_in: SignedIn,
        guess: &CorrectGuess,
        hash: &str,
    ) -> Result<Option<StartedSession>, DbErr> {
        let account = &guess.credentials.account;
        let now = self.ambient.now();
        let mut session = Session::from(signed_in);
        session.prove(AuthenticationEvent { method: AuthenticationMethod::Password, at: now });
        let secret = self.ambient.new_secret();
        let (old, new) = (replacement.secret.digest(), secret.digest());
        if !sessions::renew(transaction, &session, old, new, now).await? {
            return Ok(None);
        }
        // The state cannot have changed: the account is locked, and still has the hash that was compared.
        accounts::choose_password(transaction, account.id, account.state, account.state, hash, now).await?;
        self.end_what_is_elsewhere(transaction, &session, "password_changed", now, replacement.origin)
            .await?;
        let (here, occasion) = (Some(session.id), Occasion::PasswordChanged);
        let (why, origin) = ("password_changed", replacement.origin);
        distrust(&self.journal, transaction, account.id, here, occasion, why, origin).await?;
        let record = AuditRecord::of_account(Action::PasswordChanged, account.id)
            .session(session.id)
            .outcome("replaced")
            .from(replacement.origin);
        self.journal.record(transaction, &record).await?;
        let event = serde_json::json!({"account": account.id.to_string()});
        self.journal.announce(transaction, "password.changed", event).await?;
        let message = Message::PasswordChanged { account: account.id, at: now };
        owner::tell(&self.journal, transaction, account, message).await?;
        Ok(Some(StartedSession { session, secret, device: None }))
    }

    /// Ends every other session of the account, and every grant that was not made in this one: those that were made to
    /// outlive their session among them. The caller holds the account's lock.
    pub(super) async fn end_what_is_elsewhere(
        &self,
        transaction: &DatabaseTransaction,
        here: &Session,
        why: &'static str,
        now: Moment,
        origin: &Origin,
    ) -> Result<(), DbErr> {
        let account = here.account;
        for other in sessions::live_ids_of(transaction, account, Some(here.id), now).await? {
            end_session(&self.journal, transaction, other, account, why, now, origin).await?;
        }
        for grant in grants::live_of_account(transaction, account).await? {
            if grant.session != here.id {
                revoke(&self.journal, transaction, &grant, why, now, origin).await?;
            }
        }
        Ok(())
    }

    /// The form came with a secret that opens nothing any more: the second of a double submit, or nobody's.
    async fn replaced_before(
        &self,
        replacement: &PasswordReplacement<'_>,
    ) -> Result<ReplacementAnswer, VerdictError> {
        let change = PasswordChange {
            secret: replacement.secret,
            new_password: replacement.new_password,
            repeated: replacement.repeated,
            device: replacement.device,
            origin: replacement.origin,
        };
        Ok(match self.changed_before(&change).await? {
            PasswordChangeAnswer::Changed(started) => ReplacementAnswer::Replaced(started),
            PasswordChangeAnswer::AlreadyChanged => ReplacementAnswer::AlreadyReplaced,
            _ => ReplacementAnswer::SignInFirst,
        })
    }
}
