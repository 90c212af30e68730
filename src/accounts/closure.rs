//! Asking for the account to be closed (GDPR Article 7(3) and 17). The person asks, the office closes: a tenancy goes on
//! after an account, and the office says what that means for the paper.

use sea_orm::{DatabaseTransaction, DbErr};

use super::context::Accounts;
use super::verdict::{Confirmation, CorrectGuess, Usable, VerdictError};
use crate::domain::audit::{Action, AuditRecord, Origin};
use crate::domain::clock::Moment;
use crate::domain::ids::AccountId;
use crate::domain::session::SignedIn;
use crate::storage::accounts;

/// More than anybody needs to say why; less than what fills a screen of the office.
pub const LONGEST_REASON: usize = 1000;

// Not `Debug`: it holds a password.
#[allow(missing_debug_implementations)]
pub struct ClosureRequest<'a> {
    pub signed_in: &'a SignedIn,
    /// As typed.
    pub password: &'a str,
    /// May be empty.
    pub reason: &'a str,
    pub origin: &'a Origin,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ClosureAnswer {
    /// The office knows: now, or since the person asked before.
    Asked,
    /// Everything that is wrong with what was typed, at once.
    Faulty(ClosureFaults),
    /// Too many wrong passwords: none is looked at for a while.
    UsedUp,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ClosureFaults {
    pub password_is_missing: bool,
    pub password_is_wrong: bool,
    pub reason_is_too_long: bool,
}

impl Accounts {
    /// When the person asked for the account to be closed, if they did.
    pub async fn closure_requested_at(&self, account: AccountId) -> Result<Option<Moment>, DbErr> {
        accounts::closure_requested_at(self.database.read(), account).await
    }

    /// Asks for it, once the password shows that it is the owner who asks. Asking twice is the same as once.
    ///
    /// # Errors
    /// [`VerdictError::Overloaded`] if too many hashes are wanted at once; nothing was changed then.
    pub async fn request_closure(&self, request: ClosureRequest<'_>) -> Result<ClosureAnswer, VerdictError> {
        let reason = request.reason.trim();
        let mut faults = ClosureFaults {
            password_is_missing: request.password.is_empty(),
            password_is_wrong: false,
            reason_is_too_long: reason.chars().count() > LONGEST_REASON,
        };
        if faults != ClosureFaults::default() {
            return Ok(ClosureAnswer::Faulty(faults));
        }
        // Twice: a right password is judged again if its hash was replaced meanwhile.
        for _ in 0..2 {
            let guess =
                match self.confirm_password(request.signed_in, request.password, request.origin).await? {
                    Confirmation::Right(guess) => guess,
                    Confirmation::Wrong => {
                        faults.password_is_wrong = true;
                        return Ok(ClosureAnswer::Faulty(faults));
                    }
                    Confirmation::UsedUp => return Ok(ClosureAnswer::UsedUp),
                };
            let transaction = self.database.begin().await?;
            let usable = self.settle_correct(&transaction, &guess, request.origin).await?;
            if usable == Usable::Yes {
                self.note_closure_request(&transaction, &guess, reason, request.origin).await?;
            }
            transaction.commit().await?;
            self.wake_waiting(&guess);
            match usable {
                Usable::Yes => return Ok(ClosureAnswer::Asked),
                Usable::HashReplaced => {}
                Usable::TooLate => break,
            }
        }
        Ok(ClosureAnswer::UsedUp)
    }

    /// Under the account's lock, which the settled guess holds: the account is open, since its password still counts.
    async fn note_closure_request(
        &self,
        transaction: &DatabaseTransaction,
        guess: &CorrectGuess,
        reason: &str,
        origin: &Origin,
    ) -> Result<(), DbErr> {
        let account = guess.credentials.account.id;
        let reason = Some(reason).filter(|reason| !reason.is_empty());
        if !accounts::request_closure(transaction, account, reason, self.ambient.now()).await? {
            return Ok(());
        }
        let mut record =
            AuditRecord::of_account(Action::ClosureRequested, account).outcome("asked").from(origin);
        record.reason = reason.map(str::to_owned);
        self.journal.record(transaction, &record).await?;
        let event = serde_json::json!({"account": account.to_string()});
        self.journal.announce(transaction, "closure.requested", event).await
    }

    /// The person thought better of it, before the office acted.
    pub async fn take_back_closure(&self, account: AccountId, origin: &Origin) -> Result<(), DbErr> {
        let transaction = self.database.begin().await?;
        accounts::lock(&transaction, account).await?;
        if accounts::forget_closure_request(&transaction, account, self.ambient.now()).await? {
            let record =
                AuditRecord::of_account(Action::ClosureRequested, account).outcome("taken_back").from(origin);
            self.journal.record(&transaction, &record).await?;
        }
        transaction.commit().await
    }
}
