//! Codes as the second factor: setting an app up, and proving it at each sign-in. Passkeys have a room of their own.
//!
//! Like a password, a code is judged under a budget: reserve a place, check, settle. A one-time password is used up by
//! one conditional update of the last step, a recovery code by one of its row. Recovery codes are hashed as passwords are,
//! all of a set under one salt: whoever types one does not say which, and one hash must be enough to find it.

use chrono::TimeDelta;
use sea_orm::{DatabaseTransaction, DbErr};
use zeroize::Zeroizing;

use super::context::Accounts;
use super::factors::has_any;
use super::lockout::{Admission, ReservedPlace, Settled, Whose};
use super::owner;
use super::sign_in::StartedSession;
use super::trusted_devices::DeviceCookie;
use super::verdict::VerdictError;
use crate::crypto::password::Line;
use crate::crypto::sealing::purpose;
use crate::crypto::totp::Seed;
use crate::domain::account::{AccountState, PasswordKind};
use crate::domain::audit::{Action, AuditRecord, Origin};
use crate::domain::clock::Moment;
use crate::domain::ids::AccountId;
use crate::domain::mail::Message;
use crate::domain::second_factor::{Factor, RECOVERY_CODES, RecoveryCode, TypedFactor};
use crate::domain::secret::BearerSecret;
use crate::domain::session::{AuthenticationEvent, AuthenticationMethod, Owed, Session};
use crate::storage::second_factors::{self, StoredFactor};
use crate::storage::{accounts, passkeys, sessions};

/// How long the second of a double submit may come after the first: its answer was lost, and it brings the same code
/// with the same cookie.
const SUBMITTED_TWICE: TimeDelta = TimeDelta::minutes(1);

/// How a stored hash begins (the PHC string format); the digests of codes from before have no such sign.
const PHC: char = '$';

/// What was typed, as the database looks for it.
enum HashedFactor {
    OneTime(Zeroizing<String>),
    RecoveryCode(String),
}

// Not `Debug`: it holds a code.
#[allow(missing_debug_implementations)]
pub struct SecondFactorProof<'a> {
    /// The cookie the form came with.
    pub secret: &'a BearerSecret,
    /// As typed.
    pub code: &'a str,
    /// What this browser keeps to be known again, if anything.
    pub device: Option<&'a BearerSecret>,
    pub origin: &'a Origin,
}

#[derive(Debug)]
pub enum SecondFactorAnswer {
    /// Right. The session goes on under a new secret; it still owes until new recovery codes are kept.
    Proved(StartedSession),
    /// Wrong, or used before.
    Wrong,
    /// The budget has run out: no code is looked at for a while.
    Refused,
    /// No passkey of this account's, or one that is not to be trusted any more.
    WrongPasskey,
    /// A passkey's answer to a question that is too old, or another browser's.
    Expired,
    /// This session is not at that point.
    NotAsked(Session),
    /// No session.
    SignInFirst,
}

#[derive(Debug)]
pub enum CodesAnswer {
    /// Their owner keeps them, and the session owes no second factor any more.
    Kept(Session, Option<DeviceCookie>),
    /// This session is not at that point.
    NotAsked(Session),
    /// No session.
    SignInFirst,
}

/// What the page asks of a session that owes a second factor. Not `Debug`: it holds secrets.
#[allow(missing_debug_implementations)]
pub enum SecondFactorStage {
    /// There is none yet: an authenticator reads this seed, and shows a first code.
    SetUp { seed: Zeroizing<String>, otpauth: Zeroizing<String> },
    Prove {
        /// By a code of an app, or a recovery code.
        by_app: bool,
        by_passkey: bool,
    },
    /// Proved; these recovery codes are shown until their owner says that they are kept.
    KeepCodes(Vec<Zeroizing<String>>),
}

impl Accounts {
    /// What this session, which owes a second factor or may have one, has to do next; `None` if there is nothing. Makes
    /// the seed the first time that it is asked; of whoever owes nothing, only if they want to set one up.
    pub async fn second_factor_stage(
        &self,
        session: &Session,
        login: &str,
        wants_one: bool,
    ) -> Result<Option<SecondFactorStage>, DbErr> {
        let found = second_factors::find(self.database.read(), session.account).await?;
        let owes = match session.owed.first() {
            None => false,
            Some(Owed::SecondFactor) => true,
            Some(_) => return Ok(None),
        };
        let has_app = found.as_ref().is_some_and(|factor| factor.confirmed_at.is_some());
        let has_passkeys = passkeys::count(self.database.read(), session.account).await? > 0;
        if session.may_prove_second_factor() && (has_app || has_passkeys) {
            return Ok(Some(SecondFactorStage::Prove { by_app: has_app, by_passkey: has_passkeys }));
        }
        match found {
            Some(factor) if has_app => {
                let waits = owes || factor.sealed_codes.is_some();
                waits.then(|| self.unsealed_codes(&factor).map(SecondFactorStage::KeepCodes)).transpose()
            }
            _ if !(owes || wants_one) || !self.may_set_up(session) => Ok(None),
            Some(factor) if factor.session == session.id => self.set_up(&factor, login).map(Some),
            // A seed that another session was shown is never confirmed by this one: whoever holds that other session
            // knows it, and may be somebody else.
            Some(_) | None => self.offer_seed(session, login).await.map(Some),
        }
    }

    /// Staff must, at their first sign-in; everybody may who proved themselves lately.
    fn may_set_up(&self, session: &Session) -> bool {
        match session.owed.first() {
            Some(Owed::SecondFactor) => true,
            Some(_) => false,
            None => session.is_confirmed(self.ambient.now()),
        }
    }

    /// Proves the second factor, or confirms a new one by its first code.
    ///
    /// # Errors
    /// [`VerdictError::Overloaded`] if too many hashes are wanted at once; nothing was counted or changed then.
    pub async fn prove_second_factor(
        &self,
        proof: SecondFactorProof<'_>,
    ) -> Result<SecondFactorAnswer, VerdictError> {
        let Some(session) = self.find_session(proof.secret).await? else {
            return self.proved_before(&proof).await;
        };
        match second_factors::find(self.database.read(), session.account).await? {
            Some(factor) if factor.confirmed_at.is_some() => {
                if session.may_prove_second_factor() {
                    self.judge_factor(&proof, session).await
                } else {
                    Ok(SecondFactorAnswer::NotAsked(session))
                }
            }
            _ if !self.may_set_up(&session) => Ok(SecondFactorAnswer::NotAsked(session)),
            Some(factor) if factor.session == session.id => self.confirm(&proof, session, &factor).await,
            Some(_) | None => Ok(SecondFactorAnswer::Wrong),
        }
    }

    /// The recovery codes are kept: they are not shown again, and the debt is settled.
    pub async fn keep_recovery_codes(
        &self,
        secret: &BearerSecret,
        device: Option<&BearerSecret>,
        origin: &Origin,
    ) -> Result<CodesAnswer, DbErr> {
        let Some(session) = self.find_session(secret).await? else {
            return Ok(CodesAnswer::SignInFirst);
        };
        let transaction = self.database.begin().await?;
        accounts::lock_credentials(&transaction, session.account).await?;
        let now = self.ambient.now();
        let Some(mut session) = sessions::lock_live(&transaction, session.id, now).await? else {
            return Ok(CodesAnswer::SignInFirst);
        };
        let is_next = session.owed.first().is_none_or(|owed| *owed == Owed::SecondFactor);
        let waits = second_factors::find(&transaction, session.account)
            .await?
            .is_some_and(|factor| factor.sealed_codes.is_some());
        if !is_next || !session.has_second_factor() || (session.owed.is_empty() && !waits) {
            return Ok(CodesAnswer::NotAsked(session));
        }
        second_factors::forget_sealed_codes(&transaction, session.account).await?;
        session.settle(Owed::SecondFactor);
        sessions::settle(&transaction, &session).await?;
        let record = AuditRecord::of_account(Action::SecondFactorCodesKept, session.account)
            .session(session.id)
            .from(origin);
        self.journal.record(&transaction, &record).await?;
        let device = self.arrive(&transaction, &session, device, origin).await?;
        transaction.commit().await?;
        Ok(CodesAnswer::Kept(session, device))
    }

    /// Are there recovery codes that their owner has not said to keep?
    pub async fn has_codes_to_keep(&self, account: AccountId) -> Result<bool, DbErr> {
        let factor = second_factors::find(self.database.read(), account).await?;
        Ok(factor.is_some_and(|factor| factor.sealed_codes.is_some()))
    }

    /// How many recovery codes are left unused.
    pub async fn recovery_codes_left(&self, account: AccountId) -> Result<u64, DbErr> {
        second_factors::unused_codes(self.database.read(), account).await
    }

    async fn offer_seed(&self, session: &Session, login: &str) -> Result<SecondFactorStage, DbErr> {
        let seed = Seed::generate(self.ambient.entropy());
        let sealed = self.sealing.seal(purpose::SECOND_FACTOR_SEED, seed.as_bytes(), self.ambient.entropy());
        let transaction = self.database.begin().await?;
        second_factors::offer(&transaction, session.account, session.id, &sealed, self.ambient.now()).await?;
        // Two tabs at once: both show what stands there in the end.
        let factor = second_factors::find(&transaction, session.account).await?;
        transaction.commit().await?;
        match factor {
            Some(factor) if factor.confirmed_at.is_none() && factor.session == session.id => {
                self.set_up(&factor, login)
            }
            _ => Ok(SecondFactorStage::Prove { by_app: true, by_passkey: false }),
        }
    }

    fn set_up(&self, factor: &StoredFactor, login: &str) -> Result<SecondFactorStage, DbErr> {
        let seed = self.unsealed_seed(factor)?;
        let otpauth = seed.otpauth(&self.product_name, login).map_err(unusable)?;
        Ok(SecondFactorStage::SetUp { seed: seed.in_groups(), otpauth })
    }

    /// The first code of a new seed. It draws on no budget: whoever sends it was shown the seed, and has nothing to
    /// guess.
    async fn confirm(
        &self,
        proof: &SecondFactorProof<'_>,
        mut session: Session,
        factor: &StoredFactor,
    ) -> Result<SecondFactorAnswer, VerdictError> {
        let account = session.account;
        let now = self.ambient.now();
        let TypedFactor::OneTime(code) = TypedFactor::parse(proof.code) else {
            return Ok(SecondFactorAnswer::Wrong);
        };
        let Some(step) = self.unsealed_seed(factor)?.step_of(&code, now).map_err(unusable)? else {
            return Ok(SecondFactorAnswer::Wrong);
        };
        let codes: Vec<_> =
            (0..RECOVERY_CODES).map(|_| RecoveryCode::generate(self.ambient.entropy())).collect();
        // Before the transaction: nobody's rows wait for hashes.
        let hashes = self.hashed_codes(&codes, Whose::SecondFactor(account).line(proof.origin)).await?;
        let transaction = self.database.begin().await?;
        let credentials = accounts::lock_credentials(&transaction, account).await?;
        let is_first = !has_any(&transaction, account).await?;
        // Whoever owes a second factor sets up their first one; beside one that is there, it has to be proved.
        let may = if session.owed.is_empty() {
            self.may_change_factors(&transaction, &session, now).await?
        } else {
            is_first || session.has_second_factor()
        };
        if !may {
            transaction.rollback().await?;
            return Ok(SecondFactorAnswer::NotAsked(session));
        }
        let sealed_codes = self.sealed_codes(&codes);
        if !second_factors::confirm(&transaction, account, session.id, step, &sealed_codes, now).await? {
            // Another session was shown another seed meanwhile, or confirmed it.
            transaction.rollback().await?;
            return Ok(SecondFactorAnswer::Wrong);
        }
        second_factors::insert_codes(&transaction, account, hashes).await?;
        session.prove(AuthenticationEvent { method: AuthenticationMethod::Totp, at: now });
        let secret = self.ambient.new_secret();
        if !sessions::renew(&transaction, &session, proof.secret.digest(), secret.digest(), now).await? {
            transaction.rollback().await?;
            return self.proved_before(proof).await;
        }
        if is_first {
            self.end_what_is_elsewhere(&transaction, &session, "second_factor_added", now, proof.origin)
                .await?;
        }
        let record = AuditRecord::of_account(Action::SecondFactorEnrolled, account)
            .session(session.id)
            .outcome(Factor::App.as_str())
            .from(proof.origin);
        self.journal.record(&transaction, &record).await?;
        if let Some(credentials) = credentials {
            let message = Message::SecondFactorAdded { account, at: now, factor: Factor::App };
            owner::tell(&self.journal, &transaction, &credentials.account, message).await?;
        }
        let device = self.arrive(&transaction, &session, proof.device, proof.origin).await?;
        transaction.commit().await?;
        Ok(SecondFactorAnswer::Proved(StartedSession { session, secret, device }))
    }

    async fn judge_factor(
        &self,
        proof: &SecondFactorProof<'_>,
        mut session: Session,
    ) -> Result<SecondFactorAnswer, VerdictError> {
        let account = session.account;
        let Some(place) = self.place_for(&session, proof.origin).await? else {
            return Ok(SecondFactorAnswer::Refused);
        };
        let typed = match self.hashed_as_stored(account, proof.code, &place, proof.origin).await {
            Ok(typed) => typed,
            Err(error) => {
                // Nothing was compared: the place comes back.
                self.settle_unused(&place).await?;
                return Err(error);
            }
        };
        let transaction = self.database.begin().await?;
        let now = self.ambient.now();
        let Some((factor, method)) = self.use_up(&transaction, account, &typed, now).await? else {
            transaction.rollback().await?;
            if self.find_session(proof.secret).await?.is_none() {
                // The other of a double submit used it a moment ago.
                self.settle_unused(&place).await?;
                return self.proved_before(proof).await;
            }
            self.settle_wrong_factor(&session, &place, proof.origin).await?;
            return Ok(SecondFactorAnswer::Wrong);
        };
        session.prove(AuthenticationEvent { method, at: now });
        if factor.sealed_codes.is_none() {
            session.settle(Owed::SecondFactor);
        }
        let secret = self.ambient.new_secret();
        if !sessions::renew(&transaction, &session, proof.secret.digest(), secret.digest(), now).await? {
            // The other of a double submit was faster, or the session has ended: nothing is used up.
            transaction.rollback().await?;
            self.settle_unused(&place).await?;
            return self.proved_before(proof).await;
        }
        if self.lockout.give_back(&transaction, &place, now).await? == Settled::TooLate {
            transaction.rollback().await?;
            return Ok(SecondFactorAnswer::Refused);
        }
        let record = AuditRecord::of_account(Action::SecondFactorVerdict, account)
            .session(session.id)
            .outcome(match method {
                AuthenticationMethod::SecondFactorCode => "recovery_code",
                _ => "correct",
            })
            .from(proof.origin);
        self.journal.record(&transaction, &record).await?;
        let device = self.arrive(&transaction, &session, proof.device, proof.origin).await?;
        transaction.commit().await?;
        self.lockout.wake(&place);
        Ok(SecondFactorAnswer::Proved(StartedSession { session, secret, device }))
    }

    /// Uses up what was typed, if it is right and unused, under the lock on the account's row.
    async fn use_up(
        &self,
        transaction: &DatabaseTransaction,
        account: AccountId,
        typed: &HashedFactor,
        now: Moment,
    ) -> Result<Option<(StoredFactor, AuthenticationMethod)>, DbErr> {
        let credentials = accounts::lock_credentials(transaction, account).await?;
        let state = credentials.map(|credentials| credentials.account.state);
        let is_open = state.and_then(AccountState::password_kind) == Some(PasswordKind::Chosen);
        // Read under the lock: a reset may have taken it a moment ago.
        let factor = second_factors::find(transaction, account).await?;
        let Some(factor) = factor.filter(|factor| is_open && factor.confirmed_at.is_some()) else {
            return Ok(None);
        };
        let (used, method) = match typed {
            HashedFactor::OneTime(code) => {
                let step = self.unsealed_seed(&factor)?.step_of(code, now).map_err(unusable)?;
                let used = match step {
                    Some(step) => second_factors::use_step(transaction, account, step).await?,
                    None => false,
                };
                (used, AuthenticationMethod::Totp)
            }
            HashedFactor::RecoveryCode(hash) => {
                let used = second_factors::use_code(transaction, account, hash, now).await?;
                (used, AuthenticationMethod::SecondFactorCode)
            }
        };
        Ok(used.then_some((factor, method)))
    }

    /// The form came with a secret that opens nothing (any more). If it was renewed a moment ago by this very code, this
    /// is the second of a double submit, or its first answer was lost: whoever brings both gets the session. Nobody else
    /// has them together, and the code opens nothing with any other cookie.
    async fn proved_before(&self, proof: &SecondFactorProof<'_>) -> Result<SecondFactorAnswer, VerdictError> {
        let now = self.ambient.now();
        let renewed = sessions::find_renewed(self.database.read(), proof.secret.digest(), now).await?;
        let just_proved = |session: &Session| {
            session
                .events
                .iter()
                .any(|event| event.method.is_second_factor() && now - event.at <= SUBMITTED_TWICE)
        };
        let Some(session) = renewed.filter(just_proved) else {
            return Ok(SecondFactorAnswer::SignInFirst);
        };
        let Some(place) = self.place_for(&session, proof.origin).await? else {
            return Ok(SecondFactorAnswer::SignInFirst);
        };
        let typed = match self.hashed_as_stored(session.account, proof.code, &place, proof.origin).await {
            Ok(typed) => typed,
            Err(error) => {
                self.settle_unused(&place).await?;
                return Err(error);
            }
        };
        let transaction = self.database.begin().await?;
        accounts::lock_credentials(&transaction, session.account).await?;
        let was_this = self.was_just_used(&transaction, session.account, &typed, now).await?;
        let secret = self.ambient.new_secret();
        let again = was_this
            && sessions::reissue(&transaction, session.id, proof.secret.digest(), secret.digest(), now)
                .await?;
        if !again {
            transaction.rollback().await?;
            self.settle_wrong_factor(&session, &place, proof.origin).await?;
            return Ok(SecondFactorAnswer::SignInFirst);
        }
        if self.lockout.give_back(&transaction, &place, now).await? == Settled::TooLate {
            transaction.rollback().await?;
            return Ok(SecondFactorAnswer::SignInFirst);
        }
        let record = AuditRecord::of_account(Action::SecondFactorVerdict, session.account)
            .session(session.id)
            .outcome("submitted_twice")
            .from(proof.origin);
        self.journal.record(&transaction, &record).await?;
        let device = self.arrive(&transaction, &session, proof.device, proof.origin).await?;
        transaction.commit().await?;
        self.lockout.wake(&place);
        Ok(SecondFactorAnswer::Proved(StartedSession { session, secret, device }))
    }

    async fn was_just_used(
        &self,
        transaction: &DatabaseTransaction,
        account: AccountId,
        typed: &HashedFactor,
        now: Moment,
    ) -> Result<bool, DbErr> {
        let factor = second_factors::find(transaction, account).await?;
        let Some(factor) = factor.filter(|factor| factor.confirmed_at.is_some()) else {
            return Ok(false);
        };
        match typed {
            HashedFactor::OneTime(code) => {
                let step = self.unsealed_seed(&factor)?.step_of(code, now).map_err(unusable)?;
                Ok(step.is_some() && step == factor.last_step)
            }
            HashedFactor::RecoveryCode(hash) => {
                let used_at = second_factors::code_used_at(transaction, account, hash).await?;
                Ok(used_at.is_some_and(|at| now - at <= SUBMITTED_TWICE))
            }
        }
    }

    /// New recovery codes as they are stored: under one salt.
    async fn hashed_codes(&self, codes: &[RecoveryCode], line: Line) -> Result<Vec<String>, VerdictError> {
        let mut hashes: Vec<String> = Vec::with_capacity(codes.len());
        // One after the other: of the pool's threads this takes one at a time, like everybody.
        for code in codes {
            let hash = match hashes.first() {
                None => self.hasher.hash(line.clone(), code.canonical(), self.ambient.entropy()).await?,
                Some(first) => self.hasher.hash_like(line.clone(), code.canonical(), first).await?,
            };
            hashes.push(hash);
        }
        Ok(hashes)
    }

    /// What was typed, as it is looked for: a recovery code hashed as the account's own are.
    async fn hashed_as_stored(
        &self,
        account: AccountId,
        typed: &str,
        place: &ReservedPlace,
        origin: &Origin,
    ) -> Result<HashedFactor, VerdictError> {
        let code = match TypedFactor::parse(typed) {
            TypedFactor::OneTime(code) => return Ok(HashedFactor::OneTime(code)),
            TypedFactor::RecoveryCode(code) => code,
        };
        let stored = second_factors::any_code_of(self.database.read(), account).await?;
        Ok(HashedFactor::RecoveryCode(match stored.filter(|stored| stored.starts_with(PHC)) {
            Some(like) => self.hasher.hash_like(place.whose().line(origin), code.canonical(), &like).await?,
            None => code.digest().to_text(),
        }))
    }

    /// A place in the account's budget for codes; `None`, and a record of it, if there is none.
    async fn place_for(&self, session: &Session, origin: &Origin) -> Result<Option<ReservedPlace>, DbErr> {
        let whose = Whose::SecondFactor(session.account);
        if let Admission::Granted(place) = self.lockout.admit(&self.database, &self.ambient, whose).await? {
            return Ok(Some(place));
        }
        let transaction = self.database.begin().await?;
        if self.lockout.is_refusal_to_be_recorded(&transaction, whose, self.ambient.now()).await? {
            let record = AuditRecord::of_account(Action::SecondFactorVerdict, session.account)
                .session(session.id)
                .outcome("locked")
                .from(origin);
            self.journal.record(&transaction, &record).await?;
        }
        transaction.commit().await?;
        Ok(None)
    }

    async fn settle_wrong_factor(
        &self,
        session: &Session,
        place: &ReservedPlace,
        origin: &Origin,
    ) -> Result<(), DbErr> {
        let transaction = self.database.begin().await?;
        self.lockout.fail(&transaction, place, origin, self.ambient.now()).await?;
        let record = AuditRecord::of_account(Action::SecondFactorVerdict, session.account)
            .session(session.id)
            .outcome("wrong")
            .from(origin);
        self.journal.record(&transaction, &record).await?;
        transaction.commit().await?;
        self.lockout.wake(place);
        Ok(())
    }

    fn unsealed_seed(&self, factor: &StoredFactor) -> Result<Seed, DbErr> {
        let bytes = self.sealing.open(purpose::SECOND_FACTOR_SEED, &factor.sealed_seed).map_err(unusable)?;
        Seed::from_bytes(&bytes).map_err(unusable)
    }

    fn sealed_codes(&self, codes: &[RecoveryCode]) -> String {
        let mut lines = Zeroizing::new(String::new());
        for code in codes {
            lines.push_str(&code.expose());
            lines.push('\n');
        }
        self.sealing.seal(purpose::SECOND_FACTOR_CODES, lines.as_bytes(), self.ambient.entropy())
    }

    /// None if they were kept already, in another tab or another session.
    fn unsealed_codes(&self, factor: &StoredFactor) -> Result<Vec<Zeroizing<String>>, DbErr> {
        let Some(sealed) = &factor.sealed_codes else {
            return Ok(Vec::new());
        };
        let lines = self.sealing.open(purpose::SECOND_FACTOR_CODES, sealed).map_err(unusable)?;
        let lines = std::str::from_utf8(&lines).map_err(unusable)?;
        Ok(lines.lines().map(|line| Zeroizing::new(line.to_owned())).collect())
    }
}

/// A row that cannot be used was written by something else.
fn unusable(error: impl std::fmt::Display) -> DbErr {
    DbErr::Custom(format!("second factor: {error}"))
}
