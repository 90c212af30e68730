//! What stands in a letter against what is stored of it: the next recovery code, or the initial password of a letter
//! from before (the procedure's row 7).
//!
//! The same steps as for a password, under budgets of their own. Whatever is wrong, the same queries are asked, one hash
//! is computed and one place is settled.

use chrono::TimeDelta;
use sea_orm::{DatabaseTransaction, DbErr};
use uuid::Uuid;
use zeroize::Zeroizing;

use super::{VerdictError, typed_password};
use crate::accounts::context::Accounts;
use crate::accounts::floods::{self, Limit};
use crate::accounts::lockout::{Admission, ReservedPlace, Settled, Whose};
use crate::domain::account::Account;
use crate::domain::audit::{Action, Actor, AuditRecord, Origin};
use crate::domain::clock::Moment;
use crate::domain::credential_letter::{LetterSerial, RecoveryCode};
use crate::domain::ids::{AccountId, CredentialLetterId};
use crate::domain::login::Login;
use crate::storage::accounts::Credentials;
use crate::storage::letters::Letter;
use crate::storage::{accounts, letters};

/// Of one network's refused recoveries, one is recorded in each window of this length.
const REFUSED_SOURCES_RECORDED_EVERY: TimeDelta = TimeDelta::minutes(15);

// Not `Debug`: it holds a secret.
/// What somebody read from their letter, as typed.
#[allow(missing_debug_implementations)]
#[derive(Clone, Copy)]
pub enum TypedLetter<'a> {
    WithCodes {
        login: &'a str,
        serial: &'a str,
        code: &'a str,
    },
    /// Printed by another system: it has no codes, and its serial is not asked for.
    FromBefore {
        login: &'a str,
        initial_password: &'a str,
    },
}

/// What was right about a letter, and is used up by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::accounts) enum RecoveryKey {
    Code { letter: CredentialLetterId, number: i16 },
    InitialPassword,
}

/// A right letter, with the place that its check reserved.
pub(in crate::accounts) struct CorrectLetter {
    pub account: AccountId,
    pub key: RecoveryKey,
    compared_with: String,
    place: ReservedPlace,
}

/// Where a guess is aimed: whose budget it draws on, and what it is compared with.
struct Aim {
    whose: Whose,
    /// Whom the records are about.
    about: Option<AccountId>,
    /// Or why there is nothing to compare it with, as a code.
    target: Result<Target, &'static str>,
}

struct Target {
    account: AccountId,
    key: RecoveryKey,
    hash: String,
}

impl TypedLetter<'_> {
    /// The secret part, as it is compared.
    fn secret(&self) -> Zeroizing<String> {
        match self {
            Self::WithCodes { code, .. } => RecoveryCode::typed(code),
            Self::FromBefore { initial_password, .. } => typed_password(initial_password),
        }
    }
}

impl Accounts {
    /// Judges a letter. `None` for whatever is wrong with it.
    pub(in crate::accounts) async fn judge_letter(
        &self,
        typed: TypedLetter<'_>,
        origin: &Origin,
    ) -> Result<Option<CorrectLetter>, VerdictError> {
        let Aim { whose, about, target } = match typed {
            TypedLetter::WithCodes { login, serial, .. } => self.aim_at_code(login, serial).await?,
            TypedLetter::FromBefore { login, .. } => self.aim_at_initial_password(login).await?,
        };
        let secret = typed.secret();
        let source_is_over_its_limit = self.source_is_over_its_limit(origin).await?;
        // Nobody guesses a serial: who types one has seen the letter, whose own budget holds. A neighbour, or everybody
        // behind one proxy, must not keep its owner out.
        let is_of_a_letter = matches!(whose, Whose::Recovery(_));
        if source_is_over_its_limit && !is_of_a_letter {
            self.hasher.compare_with_decoy_if_idle(whose.line(origin), &secret).await;
            self.record_refused_recovery_source(origin).await?;
            return Ok(None);
        }
        let place = match self.lockout.admit(&self.database, &self.ambient, whose).await? {
            Admission::Granted(place) => place,
            Admission::Refused => {
                self.refuse_unjudged(&secret, whose, about, origin).await?;
                return Ok(None);
            }
        };
        let line = whose.line(origin);
        let comparison = match &target {
            Ok(target) => self.hasher.compare(line, &secret, &target.hash).await.map(|found| found.matches),
            Err(_) => self.hasher.compare_with_decoy(line, &secret).await.map(|()| false),
        };
        let matches = match comparison {
            Ok(matches) => matches,
            Err(error) => {
                // No verdict was reached: the place comes back.
                self.settle_unused(&place).await?;
                return Err(error.into());
            }
        };
        let (action, outcome) = match target {
            Ok(Target { account, key, hash }) if matches => {
                return Ok(Some(CorrectLetter { account, key, compared_with: hash, place }));
            }
            Ok(_) => (Action::RecoveryVerdict, "wrong"),
            Err(why) => (Action::RecoveryRefused, why),
        };
        let transaction = self.database.begin().await?;
        self.lockout.fail(&transaction, &place, origin, self.ambient.now()).await?;
        self.record_recovery(&transaction, action, about, outcome, origin).await?;
        transaction.commit().await?;
        self.lockout.wake(&place);
        Ok(None)
    }

    /// Settles a right letter inside the transaction that lets its owner in, and uses up what was right about it. `None`
    /// if it is right no more: used by somebody else, void, or of an account that is not open any more.
    pub(in crate::accounts) async fn settle_letter(
        &self,
        transaction: &DatabaseTransaction,
        correct: &CorrectLetter,
        origin: &Origin,
    ) -> Result<Option<Account>, DbErr> {
        let now = self.ambient.now();
        // Letters change under their account's lock.
        let fresh = accounts::lock(transaction, correct.account).await?;
        let settled = self.lockout.give_back(transaction, &correct.place, now).await?;
        let open = fresh.filter(|account| account.state.can_be_recovered());
        let (let_in, outcome) = match (settled, open) {
            (Settled::TooLate, _) => (None, "too_late"),
            (Settled::Done, None) => (None, "not_open"),
            (Settled::Done, Some(account)) => {
                if self.use_up_letter(transaction, correct, now).await? {
                    (Some(account), "correct")
                } else {
                    (None, "used_meanwhile")
                }
            }
        };
        self.record_recovery(transaction, Action::RecoveryVerdict, Some(correct.account), outcome, origin)
            .await?;
        Ok(let_in)
    }

    /// Wakes those who waited for the place of a letter whose transaction is committed.
    pub(in crate::accounts) fn wake_waiting_letters(&self, correct: &CorrectLetter) {
        self.lockout.wake(&correct.place);
    }

    /// Counts one more try from there. It comes before any account's budget: whoever tries many accounts, each a few
    /// times, is stopped, and a flood uses up nobody's tries.
    async fn source_is_over_its_limit(&self, origin: &Origin) -> Result<bool, DbErr> {
        let limit = Limit {
            kind: "recovery.source",
            most: self.recovery.per_source_per_hour,
            within: TimeDelta::hours(1),
        };
        let source = floods::network_of(origin.address);
        let transaction = self.database.begin().await?;
        let over = floods::count(&transaction, &self.floods, limit, &source, self.ambient.now()).await?;
        transaction.commit().await?;
        Ok(over.is_some())
    }

    /// A source's refusals are about nobody, whatever was typed there, and of a flood one is recorded a while.
    async fn record_refused_recovery_source(&self, origin: &Origin) -> Result<(), DbErr> {
        let limit =
            Limit { kind: "recovery.source_refused", most: Some(0), within: REFUSED_SOURCES_RECORDED_EVERY };
        let source = floods::network_of(origin.address);
        let transaction = self.database.begin().await?;
        let passed = floods::count(&transaction, &self.floods, limit, &source, self.ambient.now()).await?;
        if passed.is_some_and(|passed| passed.is_first) {
            let record =
                AuditRecord::new(Action::RecoveryRefused, Actor::Visitor).outcome("source_over_limit");
            self.journal.record(&transaction, &record).await?;
        }
        transaction.commit().await
    }

    /// Refuses what is locked, without comparing anything of the person's, with the work of a comparison. Recorded as
    /// refused sign-ins are: the first of a lock, then one a window.
    async fn refuse_unjudged(
        &self,
        secret: &Zeroizing<String>,
        whose: Whose,
        about: Option<AccountId>,
        origin: &Origin,
    ) -> Result<(), VerdictError> {
        self.hasher.compare_with_decoy(whose.line(origin), secret).await?;
        let transaction = self.database.begin().await?;
        if self.lockout.is_refusal_to_be_recorded(&transaction, whose, self.ambient.now()).await? {
            self.record_recovery(&transaction, Action::RecoveryRefused, about, "locked", origin).await?;
        }
        transaction.commit().await?;
        Ok(())
    }

    async fn use_up_letter(
        &self,
        transaction: &DatabaseTransaction,
        correct: &CorrectLetter,
        now: Moment,
    ) -> Result<bool, DbErr> {
        let account = correct.account;
        match correct.key {
            RecoveryKey::Code { letter, number } => {
                let live = letters::live_of(transaction, account).await?;
                Ok(live.iter().any(|found| found.id == letter)
                    && letters::use_code(transaction, letter, number, now).await?)
            }
            RecoveryKey::InitialPassword => Ok(!letters::was_any_printed(transaction, account).await?
                && accounts::use_initial_password(transaction, account, &correct.compared_with, now).await?),
        }
    }

    async fn aim_at_code(&self, login: &str, serial: &str) -> Result<Aim, DbErr> {
        let connection = self.database.read();
        // What cannot be a serial is looked for all the same, as one that no letter has.
        let serial = LetterSerial::of_any_system(serial).ok();
        let serial = serial.as_ref().map_or("", LetterSerial::as_str);
        let letter = letters::find_by_serial(connection, serial).await?;
        let known = accounts::credentials_by_login(connection, &Login::canonical_of(login)).await?;
        let code_of = letter.as_ref().map_or_else(|| Uuid::nil().into(), |letter| letter.id);
        let code = letters::next_code(connection, code_of).await?;
        Ok(Aim {
            whose: match &letter {
                Some(letter) => Whose::Recovery(letter.id),
                None => self.lockout.unknown_letter(serial),
            },
            about: letter.as_ref().map(|letter| letter.account),
            target: code_target(letter, known, code),
        })
    }

    async fn aim_at_initial_password(&self, login: &str) -> Result<Aim, DbErr> {
        let connection = self.database.read();
        let login = Login::canonical_of(login);
        let known = accounts::credentials_by_login(connection, &login).await?;
        let account = known.as_ref().map(|found| found.account.id);
        let printed =
            letters::was_any_printed(connection, account.unwrap_or_else(|| Uuid::nil().into())).await?;
        Ok(Aim {
            whose: match account {
                Some(account) => Whose::LetterFromBefore(account),
                None => self.lockout.unknown_letter(&login),
            },
            about: account,
            target: match known {
                None => Err("unknown_login"),
                Some(_) if !self.recovery.letters_from_before => Err("switched_off"),
                Some(found) if !found.account.state.can_be_recovered() => Err("not_open"),
                // Once a letter with codes was printed, it is the letter.
                Some(_) if printed => Err("newer_letter"),
                Some(found) => initial_password_target(&found),
            },
        })
    }

    async fn record_recovery(
        &self,
        transaction: &DatabaseTransaction,
        action: Action,
        about: Option<AccountId>,
        outcome: &'static str,
        origin: &Origin,
    ) -> Result<(), DbErr> {
        let mut record = AuditRecord::new(action, Actor::Visitor).outcome(outcome).from(origin);
        record.account = about;
        self.journal.record(transaction, &record).await
    }
}

/// The next unused code of a letter that was handed over, of an open account, under its own login.
fn code_target(
    letter: Option<Letter>,
    known: Option<Credentials>,
    code: Option<(i16, String)>,
) -> Result<Target, &'static str> {
    let letter = letter.ok_or("unknown_letter")?;
    let account =
        known.map(|found| found.account).filter(|found| found.id == letter.account).ok_or("wrong_login")?;
    if letter.voided_at.is_some() {
        return Err("letter_void");
    }
    if letter.collected_at.is_none() {
        return Err("letter_not_collected");
    }
    if !account.state.can_be_recovered() {
        return Err("not_open");
    }
    let (number, hash) = code.ok_or("no_codes_left")?;
    Ok(Target { account: account.id, key: RecoveryKey::Code { letter: letter.id, number }, hash })
}

fn initial_password_target(found: &Credentials) -> Result<Target, &'static str> {
    let hash = found.recovering_hash().ok_or("no_letter_from_before")?;
    Ok(Target { account: found.account.id, key: RecoveryKey::InitialPassword, hash: hash.to_owned() })
}
