//! The one place where a secret that somebody typed is compared with a stored hash: here passwords, in [`recovery`] what
//! stands in a letter.
//!
//! Reserve a place in the attempt budget, hash with no transaction open, settle: `SignInVerdict` is recorded with
//! the settlement. A locked account, an unknown login and a wrong password cost the same: one budget, one hash, one
//! settlement.

mod former;
mod recovery;

use sea_orm::{DatabaseTransaction, DbErr};
use zeroize::Zeroizing;

use super::context::Accounts;
use super::lockout::{Admission, ReservedPlace, Settled, Whose};
use super::sources::{SourceAnswer, SourceToken};
use crate::crypto::password::HashError;
use crate::domain::account::PasswordKind;
use crate::domain::audit::{Action, Actor, AuditRecord, Origin};
use crate::domain::ids::SessionId;
use crate::domain::password_policy::normalise;
use crate::domain::secret::BearerSecret;
use crate::domain::session::SignedIn;
use crate::storage::accounts::{self, Credentials};

pub use recovery::TypedLetter;
pub(super) use recovery::{CorrectLetter, RecoveryKey};

/// Longer than any policy allows; shorter than what makes hashing slow.
const LONGEST_PASSWORD: usize = 1024;

/// What a guess came to, before it is settled.
pub(super) enum Verdict {
    /// Right. The place still has to be given back, in the transaction that makes use of it.
    Correct(Box<CorrectGuess>),
    /// Wrong, unknown, locked, not open: one answer for all.
    Refused,
}

/// May a right guess be used?
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Usable {
    Yes,
    /// The account has another hash by now: of another password, or of the same one made stronger. Judge again.
    HashReplaced,
    /// The lease ran out, and was counted as a failure.
    TooLate,
}

/// What the present password of somebody who is signed in came to.
pub(super) enum Confirmation {
    /// Right. The place still has to be given back, in the transaction that makes use of it.
    Right(Box<CorrectGuess>),
    Wrong,
    /// The session's budget has run out: nothing was compared.
    UsedUp,
}

/// A right password, with the place that its check reserved.
pub(super) struct CorrectGuess {
    pub credentials: Credentials,
    pub kind: PasswordKind,
    place: ReservedPlace,
    /// What its source is owed once it is used, if sources limit it.
    source: Option<SourceToken>,
    /// The hash it was compared with: if the account has another by the time this is used, it is not right any more.
    compared_with: String,
    /// The same password under today's parameters, where the stored hash is weaker.
    rehashed: Option<String>,
}

#[derive(Debug, thiserror::Error)]
pub enum VerdictError {
    #[error(transparent)]
    Database(#[from] DbErr),
    /// Shed; nothing was counted.
    #[error("too many sign-ins at once")]
    Overloaded,
    #[error(transparent)]
    Hash(HashError),
}

/// A typed password as it is compared: in NFC, and cut if it is nobody's, so that it still costs one hash and one place.
pub(super) fn typed_password(typed: &str) -> Zeroizing<String> {
    let mut password = normalise(typed);
    if password.len() > LONGEST_PASSWORD {
        let end = password.floor_char_boundary(LONGEST_PASSWORD);
        password.truncate(end);
    }
    password
}

impl From<HashError> for VerdictError {
    fn from(error: HashError) -> Self {
        match error {
            HashError::Overloaded => Self::Overloaded,
            other => Self::Hash(other),
        }
    }
}

impl Accounts {
    /// Judges a login and a password typed into a sign-in page. `device`: what the browser keeps to be known again.
    pub(super) async fn judge(
        &self,
        login: &str,
        password: &str,
        device: Option<&BearerSecret>,
        origin: &Origin,
    ) -> Result<Verdict, VerdictError> {
        let known = accounts::credentials_by_login(self.database.read(), login).await?;
        let account = known.as_ref().map(|credentials| credentials.account.id);
        let device = self.recognised_device(account, device).await?;
        let whose = match (account, device) {
            (Some(_), Some(device)) => Whose::TrustedDevice(device),
            (Some(account), None) => Whose::UnknownDevices(account),
            (None, _) => self.lockout.unknown_login(login),
        };
        let token = match self.sources.take(&self.database, whose, origin, self.ambient.now()).await? {
            SourceAnswer::Passed(token) => token,
            SourceAnswer::Refused { to_be_recorded } => {
                // It counts for nothing against the account: whoever sits beside a guesser has not guessed. Its hash is
                // spared where others wait for theirs: it would tell nothing of any account, and who may open many
                // connections would have it computed without an end.
                self.hasher.compare_with_decoy_if_idle(whose.line(origin), password).await;
                self.record_refused_source(to_be_recorded).await?;
                return Ok(Verdict::Refused);
            }
        };
        let verdict = match self.lockout.admit(&self.database, &self.ambient, whose).await? {
            Admission::Granted(place) => self.compare(known, password, place, origin).await,
            // The same work as a wrong password, with nothing of the person's compared.
            Admission::Refused => match self.hasher.compare_with_decoy(whose.line(origin), password).await {
                Ok(()) => {
                    self.record_refusal(known.as_ref(), whose, "locked", origin).await?;
                    Ok(Verdict::Refused)
                }
                Err(error) => Err(error.into()),
            },
        };
        match verdict {
            Ok(Verdict::Correct(mut guess)) => {
                guess.source = Some(token);
                Ok(Verdict::Correct(guess))
            }
            Err(VerdictError::Overloaded) => {
                // Nobody was wrong.
                self.give_source_back(&token).await?;
                Err(VerdictError::Overloaded)
            }
            other => other,
        }
    }

    async fn compare(
        &self,
        known: Option<Credentials>,
        password: &str,
        place: ReservedPlace,
        origin: &Origin,
    ) -> Result<Verdict, VerdictError> {
        let target = known
            .as_ref()
            .and_then(|credentials| credentials.current_hash())
            .map(|(kind, hash)| (kind, hash.to_owned()));
        let line = place.whose().line(origin);
        let comparison = match &target {
            Some((_, hash)) => self.hasher.compare(line.clone(), password, hash).await.map(Some),
            None => self.hasher.compare_with_decoy(line.clone(), password).await.map(|()| None),
        };
        let comparison = match comparison {
            Ok(comparison) => comparison,
            Err(error) => {
                // No verdict was reached: the place comes back.
                self.settle_unused(&place).await?;
                return Err(error.into());
            }
        };
        match (known, target, comparison) {
            (Some(credentials), Some((kind, compared_with)), Some(comparison)) if comparison.matches => {
                let rehashed = if comparison.outdated {
                    // Not worth failing a sign-in for: the next one tries again.
                    self.hasher.hash(line, password, self.ambient.entropy()).await.ok()
                } else {
                    None
                };
                Ok(Verdict::Correct(Box::new(CorrectGuess {
                    credentials,
                    kind,
                    place,
                    source: None,
                    compared_with,
                    rehashed,
                })))
            }
            (known, target, _) => {
                self.settle_failure(known.as_ref(), target.is_some(), &place, origin).await?;
                Ok(Verdict::Refused)
            }
        }
    }

    /// Settles a right guess inside the transaction that makes use of it.
    pub(super) async fn settle_correct(
        &self,
        transaction: &DatabaseTransaction,
        guess: &CorrectGuess,
        origin: &Origin,
    ) -> Result<Usable, DbErr> {
        let account = guess.credentials.account.id;
        let now = self.ambient.now();
        let fresh = accounts::lock_credentials(transaction, account).await?;
        let settled = self.lockout.give_back(transaction, &guess.place, now).await?;
        let still_right = fresh
            .as_ref()
            .and_then(Credentials::current_hash)
            .is_some_and(|(_, hash)| hash == guess.compared_with);
        let (usable, outcome) = match (settled, still_right) {
            (Settled::Done, true) => (Usable::Yes, "correct"),
            (Settled::Done, false) => (Usable::HashReplaced, "hash_replaced"),
            (Settled::TooLate, _) => (Usable::TooLate, "too_late"),
        };
        let record = AuditRecord::new(Action::SignInVerdict, Actor::Visitor)
            .about(account)
            .outcome(outcome)
            .from(origin);
        self.journal.record(transaction, &record).await?;
        if usable == Usable::Yes
            && let Some(rehashed) = &guess.rehashed
        {
            accounts::rehash(transaction, account, guess.kind, &guess.compared_with, rehashed).await?;
            let record = AuditRecord::new(Action::PasswordRehashed, Actor::Visitor).about(account);
            self.journal.record(transaction, &record).await?;
        }
        Ok(usable)
    }

    /// Tells its source's limits that a guess was right. The last thing in the transaction that makes use of it: a crowd
    /// behind one address meets there.
    pub(super) async fn settle_source(
        &self,
        transaction: &DatabaseTransaction,
        guess: &CorrectGuess,
        usable: Usable,
    ) -> Result<(), DbErr> {
        match (&guess.source, usable) {
            (Some(token), Usable::Yes) => self.sources.succeed(transaction, token, self.ambient.now()).await,
            (Some(token), Usable::HashReplaced) => self.sources.give_back(transaction, token).await,
            (_, Usable::TooLate) | (None, _) => Ok(()),
        }
    }

    async fn give_source_back(&self, token: &SourceToken) -> Result<(), DbErr> {
        let transaction = self.database.begin().await?;
        self.sources.give_back(&transaction, token).await?;
        transaction.commit().await
    }

    /// A source's refusals are about nobody: whose login was typed there is no matter.
    async fn record_refused_source(&self, to_be_recorded: bool) -> Result<(), DbErr> {
        if !to_be_recorded {
            return Ok(());
        }
        let transaction = self.database.begin().await?;
        let record = AuditRecord::new(Action::SignInRefused, Actor::Visitor).outcome("source");
        self.journal.record(&transaction, &record).await?;
        transaction.commit().await
    }

    /// Wakes those who waited for the place of a guess whose transaction is committed.
    pub(super) fn wake_waiting(&self, guess: &CorrectGuess) {
        self.lockout.wake(&guess.place);
    }

    async fn settle_failure(
        &self,
        known: Option<&Credentials>,
        was_verdict: bool,
        place: &ReservedPlace,
        origin: &Origin,
    ) -> Result<(), DbErr> {
        let transaction = self.database.begin().await?;
        self.lockout.fail(&transaction, place, origin, self.ambient.now()).await?;
        let (action, outcome) = match (known, was_verdict) {
            (Some(_), true) => (Action::SignInVerdict, "wrong"),
            (Some(_), false) => (Action::SignInRefused, "not_open"),
            (None, _) => (Action::SignInRefused, "unknown_login"),
        };
        let mut record = AuditRecord::new(action, Actor::Visitor).outcome(outcome).from(origin);
        record.account = known.map(|credentials| credentials.account.id);
        self.journal.record(&transaction, &record).await?;
        transaction.commit().await?;
        self.lockout.wake(place);
        Ok(())
    }

    pub(super) async fn settle_unused(&self, place: &ReservedPlace) -> Result<(), DbErr> {
        let transaction = self.database.begin().await?;
        self.lockout.give_back(&transaction, place, self.ambient.now()).await?;
        transaction.commit().await?;
        self.lockout.wake(place);
        Ok(())
    }

    async fn record_refusal(
        &self,
        known: Option<&Credentials>,
        whose: Whose,
        outcome: &'static str,
        origin: &Origin,
    ) -> Result<(), DbErr> {
        let transaction = self.database.begin().await?;
        if self.lockout.is_refusal_to_be_recorded(&transaction, whose, self.ambient.now()).await? {
            let mut record =
                AuditRecord::new(Action::SignInRefused, Actor::Visitor).outcome(outcome).from(origin);
            record.account = known.map(|credentials| credentials.account.id);
            self.journal.record(&transaction, &record).await?;
        }
        transaction.commit().await
    }

    /// Is this the account's initial password? Draws on the session's own budget: whoever holds a session that owes
    /// a change may find out, but not by trying without end. `None` if that budget is used up.
    pub(super) async fn is_initial_password(
        &self,
        credentials: &Credentials,
        session: SessionId,
        password: &str,
        origin: &Origin,
    ) -> Result<Option<bool>, VerdictError> {
        let Some(hash) = credentials.initial_hash() else {
            return Ok(Some(false));
        };
        let whose = Whose::PasswordChange(session);
        let place = match self.lockout.admit(&self.database, &self.ambient, whose).await? {
            Admission::Granted(place) => place,
            Admission::Refused => return Ok(None),
        };
        let matches = match self.hasher.compare(whose.line(origin), password, hash).await {
            Ok(comparison) => comparison.matches,
            Err(error) => {
                self.settle_unused(&place).await?;
                return Err(error.into());
            }
        };
        let transaction = self.database.begin().await?;
        // Either answer gives the place back: another password is what was asked for, and the same one tells its
        // owner nothing new.
        self.lockout.give_back(&transaction, &place, self.ambient.now()).await?;
        let record = AuditRecord::of_account(Action::SignInVerdict, credentials.account.id)
            .session(session)
            .outcome(if matches { "initial_password_kept" } else { "new_password" })
            .from(origin);
        self.journal.record(&transaction, &record).await?;
        transaction.commit().await?;
        self.lockout.wake(&place);
        Ok(Some(matches))
    }

    /// Is this the present password of whoever is signed in? Draws on the session's own budget, which strangers cannot use
    /// up, and which somebody who finds a session open cannot get past.
    pub(super) async fn confirm_password(
        &self,
        signed_in: &SignedIn,
        password: &str,
        origin: &Origin,
    ) -> Result<Confirmation, VerdictError> {
        let known = accounts::credentials(self.database.read(), signed_in.account()).await?;
        let whose = Whose::PasswordChange(signed_in.session());
        match self.lockout.admit(&self.database, &self.ambient, whose).await? {
            Admission::Granted(place) => {
                Ok(match self.compare(known, &typed_password(password), place, origin).await? {
                    Verdict::Correct(guess) => Confirmation::Right(guess),
                    Verdict::Refused => Confirmation::Wrong,
                })
            }
            Admission::Refused => {
                self.record_refusal(known.as_ref(), whose, "not_confirmed", origin).await?;
                Ok(Confirmation::UsedUp)
            }
        }
    }
}
