//! What somebody proves themselves with beside the password: seen, and taken away, by their owner.

use sea_orm::{ConnectionTrait, DatabaseTransaction, DbErr};

use super::context::Accounts;
use super::ending::end_session;
use super::owner;
use super::sign_in::StartedSession;
use super::verdict::{Confirmation, Usable, VerdictError};
use crate::domain::account::{Account, PasswordKind};
use crate::domain::audit::{Action, Actor, AuditRecord, Origin};
use crate::domain::clock::Moment;
use crate::domain::ids::{AccountId, PasskeyId};
use crate::domain::mail::Message;
use crate::domain::second_factor::Factor;
use crate::domain::secret::BearerSecret;
use crate::domain::session::{AuthenticationEvent, AuthenticationMethod, Owed, Session, SignedIn};
use crate::storage::journal::Journal;
use crate::storage::passkeys::StoredPasskey;
use crate::storage::{accounts, passkeys, second_factors, sessions, staff};

/// What an account has.
#[derive(Debug)]
pub struct Factors {
    /// Codes of an authenticator app, with how many recovery codes are left.
    pub app: Option<u64>,
    pub passkeys: Vec<StoredPasskey>,
    /// Whoever works here keeps at least one.
    pub last_one_stays: bool,
}

impl Factors {
    pub fn is_empty(&self) -> bool {
        self.app.is_none() && self.passkeys.is_empty()
    }
}

/// What is to be taken away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RemovedFactor {
    App,
    Passkey(PasskeyId),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RemovalAnswer {
    /// Gone, also if it was gone before.
    Done,
    /// The person has to prove themselves again first.
    ConfirmFirst,
    /// Whoever works here keeps at least one.
    LastOne,
}

#[derive(Debug)]
pub enum ConfirmAnswer {
    /// The session goes on under a new secret.
    Confirmed(StartedSession),
    Missing,
    Wrong,
    /// Too many wrong guesses: none is looked at for a while.
    UsedUp,
    SignInFirst,
}

impl Accounts {
    /// What the account of this session has.
    pub async fn factors(&self, account: AccountId) -> Result<Factors, DbErr> {
        let connection = self.database.read();
        let app = if second_factors::is_confirmed(connection, account).await? {
            Some(second_factors::unused_codes(connection, account).await?)
        } else {
            None
        };
        Ok(Factors {
            app,
            passkeys: passkeys::of_account(connection, account).await?,
            last_one_stays: staff::live(connection, account).await?.is_some(),
        })
    }

    /// May this session change how its person signs in? They proved themselves lately, and by a second factor if they have
    /// one: a password that somebody else knows must not be enough to replace it.
    pub(super) async fn may_change_factors(
        &self,
        connection: &impl ConnectionTrait,
        session: &Session,
        now: Moment,
    ) -> Result<bool, DbErr> {
        Ok(session.owed.is_empty()
            && session.is_confirmed(now)
            && (session.has_second_factor() || !has_any(connection, session.account).await?))
    }

    /// The password once more, before anything is changed. `secret`: the cookie that the form came with. Another takes its
    /// place, so that whoever came by it before shares nothing of what is proved now (OWASP ASVS 5.0, 7.2.4).
    ///
    /// # Errors
    /// [`VerdictError::Overloaded`] if too many hashes are wanted at once; nothing was counted then.
    pub async fn confirm_identity(
        &self,
        signed_in: &SignedIn,
        secret: &BearerSecret,
        password: &str,
        origin: &Origin,
    ) -> Result<ConfirmAnswer, VerdictError> {
        if password.is_empty() {
            return Ok(ConfirmAnswer::Missing);
        }
        let guess = match self.confirm_password(signed_in, password, origin).await? {
            Confirmation::Right(guess) if guess.kind == PasswordKind::Chosen => guess,
            Confirmation::Right(_) | Confirmation::Wrong => return Ok(ConfirmAnswer::Wrong),
            Confirmation::UsedUp => return Ok(ConfirmAnswer::UsedUp),
        };
        let transaction = self.database.begin().await?;
        let usable = self.settle_correct(&transaction, &guess, origin).await?;
        let now = self.ambient.now();
        let session = sessions::lock_live(&transaction, signed_in.session(), now).await?;
        let answer = match (usable, session) {
            (Usable::Yes, Some(mut session)) => {
                session.prove(AuthenticationEvent { method: AuthenticationMethod::Password, at: now });
                let renewed = self.ambient.new_secret();
                let (old, new) = (secret.digest(), renewed.digest());
                // Of a double click the other one was faster: whoever brings the secret from before its renewal, and the
                // password, gets a session that works out of the answer which their browser shows.
                if sessions::renew(&transaction, &session, old, new, now).await?
                    || sessions::reissue(&transaction, session.id, old, new, now).await?
                {
                    let record = AuditRecord::of_account(Action::IdentityConfirmed, signed_in.account())
                        .session(session.id)
                        .outcome("password")
                        .from(origin);
                    self.journal.record(&transaction, &record).await?;
                    ConfirmAnswer::Confirmed(StartedSession { session, secret: renewed, device: None })
                } else {
                    ConfirmAnswer::SignInFirst
                }
            }
            (Usable::Yes, None) => ConfirmAnswer::SignInFirst,
            (Usable::HashReplaced, _) => ConfirmAnswer::Wrong,
            (Usable::TooLate, _) => ConfirmAnswer::UsedUp,
        };
        transaction.commit().await?;
        self.wake_waiting(&guess);
        Ok(answer)
    }

    /// Takes one away. A session that still owed it has nothing to settle its debt with, and ends.
    pub async fn remove_factor(
        &self,
        signed_in: &SignedIn,
        removed: RemovedFactor,
        origin: &Origin,
    ) -> Result<RemovalAnswer, DbErr> {
        let transaction = self.database.begin().await?;
        let now = self.ambient.now();
        let Some(credentials) = accounts::lock_credentials(&transaction, signed_in.account()).await? else {
            return Ok(RemovalAnswer::ConfirmFirst);
        };
        let account = credentials.account;
        let session = sessions::lock_live(&transaction, signed_in.session(), now).await?;
        let Some(session) = session else {
            return Ok(RemovalAnswer::ConfirmFirst);
        };
        if !self.may_change_factors(&transaction, &session, now).await? {
            return Ok(RemovalAnswer::ConfirmFirst);
        }
        let (was_there, factor) = match removed {
            RemovedFactor::App => {
                let is_confirmed = second_factors::is_confirmed(&transaction, account.id).await?;
                (second_factors::remove(&transaction, account.id).await? && is_confirmed, Factor::App)
            }
            RemovedFactor::Passkey(id) => {
                (passkeys::remove(&transaction, account.id, id).await?, Factor::Passkey)
            }
        };
        if !was_there {
            transaction.rollback().await?;
            return Ok(RemovalAnswer::Done);
        }
        let none_left = !has_any(&transaction, account.id).await?;
        if none_left && staff::live(&transaction, account.id).await?.is_some() {
            transaction.rollback().await?;
            return Ok(RemovalAnswer::LastOne);
        }
        if none_left {
            end_those_who_owe(&self.journal, &transaction, &account, now, origin).await?;
        }
        let record = AuditRecord::of_account(Action::SecondFactorRemoved, account.id)
            .session(session.id)
            .outcome(factor.as_str())
            .from(origin);
        self.journal.record(&transaction, &record).await?;
        let message = Message::SecondFactorRemoved { account: account.id, at: now, factor };
        owner::tell(&self.journal, &transaction, &account, message).await?;
        transaction.commit().await?;
        Ok(RemovalAnswer::Done)
    }
}

/// Why every second factor of an account is taken away at once.
#[derive(Debug, Clone)]
pub struct RemovingAll<'a> {
    pub actor: Actor,
    /// As the audit record has it.
    pub outcome: &'static str,
    /// In the words of who did it.
    pub reason: Option<&'a str>,
    pub origin: &'a Origin,
    pub at: Moment,
}

/// Takes every second factor of an account away, and tells its owner. Returns whether there was one. The caller holds the
/// account's row.
pub async fn remove_all(
    journal: &Journal,
    transaction: &DatabaseTransaction,
    account: &Account,
    removing: RemovingAll<'_>,
) -> Result<bool, DbErr> {
    let RemovingAll { actor, outcome, reason, origin, at } = removing;
    if !has_any(transaction, account.id).await? {
        return Ok(false);
    }
    second_factors::remove(transaction, account.id).await?;
    passkeys::remove_all(transaction, account.id).await?;
    end_those_who_owe(journal, transaction, account, at, origin).await?;
    let mut record =
        AuditRecord::new(Action::SecondFactorRemoved, actor).about(account.id).outcome(outcome).from(origin);
    record.reason = reason.map(str::to_owned);
    journal.record(transaction, &record).await?;
    let message = Message::SecondFactorRemoved { account: account.id, at, factor: Factor::All };
    owner::tell(journal, transaction, account, message).await?;
    Ok(true)
}

/// Has the account any second factor?
pub async fn has_any(connection: &impl ConnectionTrait, account: AccountId) -> Result<bool, DbErr> {
    Ok(second_factors::is_confirmed(connection, account).await?
        || passkeys::count(connection, account).await? > 0)
}

async fn end_those_who_owe(
    journal: &Journal,
    transaction: &DatabaseTransaction,
    account: &Account,
    now: Moment,
    origin: &Origin,
) -> Result<(), DbErr> {
    for id in sessions::live_ids_of(transaction, account.id, None, now).await? {
        let session = sessions::find_live_by_id(transaction, id, now).await?;
        if session.is_some_and(|session| session.owed.contains(&Owed::SecondFactor)) {
            end_session(journal, transaction, id, account.id, "second_factor_removed", now, origin).await?;
        }
    }
    Ok(())
}
