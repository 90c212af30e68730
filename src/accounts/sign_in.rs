//! Signing in: a login and a password become a session.

use sea_orm::{DatabaseTransaction, DbErr};

use super::context::Accounts;
use super::ending::end_session;
use super::trusted_devices::DeviceCookie;
use super::verdict::{CorrectGuess, Usable, Verdict, VerdictError, typed_password};
use crate::domain::account::PasswordKind;
use crate::domain::audit::{Action, AuditRecord, Origin};
use crate::domain::clock::Moment;
use crate::domain::device;
use crate::domain::ids::AccountId;
use crate::domain::login::Login;
use crate::domain::secret::BearerSecret;
use crate::domain::session::{AuthenticationEvent, AuthenticationMethod, Owed, Session};
use crate::storage::sessions;

// Not `Debug`: it holds a password.
#[allow(missing_debug_implementations)]
pub struct SignIn<'a> {
    /// As typed.
    pub login: &'a str,
    /// As typed.
    pub password: &'a str,
    /// The session that this browser holds already, if any: it ends.
    pub replaces: Option<&'a BearerSecret>,
    /// What this browser keeps to be known again, if anything.
    pub device: Option<&'a BearerSecret>,
    pub origin: &'a Origin,
}

#[derive(Debug)]
pub enum SignInAnswer {
    SignedIn(StartedSession),
    /// Wrong, unknown, locked, not open yet or any more: the same answer for all.
    Refused,
    /// A passkey's answer to a question that is too old, or another browser's.
    Expired,
}

/// A session with the secret that opens it, shown once.
#[derive(Debug)]
pub struct StartedSession {
    pub session: Session,
    pub secret: BearerSecret,
    /// What the browser keeps from now on to be known again, if that changes.
    pub device: Option<DeviceCookie>,
}

/// Who proved themselves, and how.
pub(super) struct Proved {
    pub account: AccountId,
    pub method: AuthenticationMethod,
    pub owed: Vec<Owed>,
    /// May a session of theirs in this browser go on?
    pub may_go_on: bool,
    /// As the audit record has it.
    pub outcome: &'static str,
}

/// The browser in which they did.
pub(super) struct Arriving<'a> {
    pub replaces: Option<&'a BearerSecret>,
    pub device: Option<&'a BearerSecret>,
    pub origin: &'a Origin,
}

impl Accounts {
    /// Signs in.
    ///
    /// # Errors
    /// [`VerdictError::Overloaded`] if too many sign in at once; nothing was counted then.
    pub async fn sign_in(&self, attempt: SignIn<'_>) -> Result<SignInAnswer, VerdictError> {
        let login = Login::canonical_of(attempt.login);
        let password = typed_password(attempt.password);
        // Twice: a right password is judged again if its hash was replaced meanwhile, as by another sign-in that made it
        // stronger. The second verdict is by the new hash.
        for _ in 0..2 {
            let guess = match self.judge(&login, &password, attempt.device, attempt.origin).await? {
                Verdict::Correct(guess) => guess,
                Verdict::Refused => return Ok(SignInAnswer::Refused),
            };
            let transaction = self.database.begin().await?;
            let usable = self.settle_correct(&transaction, &guess, attempt.origin).await?;
            let started = if usable == Usable::Yes {
                Some(self.start_session(&transaction, &guess, &attempt).await?)
            } else {
                None
            };
            self.settle_source(&transaction, &guess, usable).await?;
            transaction.commit().await?;
            self.wake_waiting(&guess);
            match (started, usable) {
                (Some(started), _) => return Ok(SignInAnswer::SignedIn(started)),
                (None, Usable::HashReplaced) => {}
                (None, Usable::Yes | Usable::TooLate) => break,
            }
        }
        Ok(SignInAnswer::Refused)
    }

    async fn start_session(
        &self,
        transaction: &DatabaseTransaction,
        guess: &CorrectGuess,
        attempt: &SignIn<'_>,
    ) -> Result<StartedSession, DbErr> {
        let account = guess.credentials.account.id;
        let proved = Proved {
            account,
            method: AuthenticationMethod::Password,
            owed: self.debts(transaction, account, guess.kind).await?,
            // Whoever came with the initial password begins anew.
            may_go_on: guess.kind == PasswordKind::Chosen,
            outcome: match guess.kind {
                PasswordKind::Initial => "initial_password",
                PasswordKind::Chosen => "password",
            },
        };
        let browser = Arriving { replaces: attempt.replaces, device: attempt.device, origin: attempt.origin };
        self.begin_session(transaction, proved, browser).await
    }

    /// The same person signing in again goes on in the same session, under a new secret: clients know it by the same
    /// `sid`, and what it granted ends with it. Anybody else gets a session of their own, and the old one ends.
    pub(super) async fn begin_session(
        &self,
        transaction: &DatabaseTransaction,
        proved: Proved,
        browser: Arriving<'_>,
    ) -> Result<StartedSession, DbErr> {
        let Proved { account, method, owed, may_go_on, outcome } = proved;
        let Arriving { replaces, device, origin } = browser;
        let now = self.ambient.now();
        let event = AuthenticationEvent { method, at: now };
        let secret = self.ambient.new_secret();
        if let Some(old) = replaces
            // However idle it was: it must not be left open.
            && let Some(mut session) = sessions::find_live(transaction, old.digest(), now, Moment::UNIX_EPOCH).await?
        {
            if session.account == account && session.owed.is_empty() && may_go_on {
                session.sign_in_again(event);
                session.owed.clone_from(&owed);
                session.expires_at = now + self.sessions.absolute;
                if sessions::renew(transaction, &session, old.digest(), secret.digest(), now).await? {
                    let record = AuditRecord::of_account(Action::SessionRenewed, account)
                        .session(session.id)
                        .outcome(outcome)
                        .from(origin);
                    self.journal.record(transaction, &record).await?;
                    let device = self.arrive(transaction, &session, device, origin).await?;
                    return Ok(StartedSession { session, secret, device });
                }
            }
            let (id, whose) = (session.id, session.account);
            end_session(&self.journal, transaction, id, whose, "replaced", now, origin).await?;
        }
        let session = Session {
            id: self.ambient.new_id(),
            account,
            owed,
            events: vec![event],
            created_at: now,
            last_seen_at: now,
            expires_at: now + self.sessions.absolute,
        };
        sessions::insert(transaction, &session, secret.digest()).await?;
        let label = origin.user_agent.as_deref().and_then(device::label);
        sessions::label_device(transaction, session.id, label).await?;
        let record = AuditRecord::of_account(Action::SessionStarted, account)
            .session(session.id)
            .outcome(outcome)
            .from(origin);
        self.journal.record(transaction, &record).await?;
        let device = self.arrive(transaction, &session, device, origin).await?;
        Ok(StartedSession { session, secret, device })
    }
}
