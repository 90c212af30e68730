//! The company's own people: who works here now, who begins and who ends.

use sea_orm::{DatabaseTransaction, DbErr};

use super::context::Accounts;
use super::ending::end_everything;
use super::lockout::Whose;
use crate::domain::account::{Account, AccountState, Profile};
use crate::domain::ambient::Ambient;
use crate::domain::audit::{Action, Actor, AuditRecord, Origin};
use crate::domain::clock::Moment;
use crate::domain::ids::{AccountId, OfficeId};
use crate::domain::login::Login;
use crate::domain::staff::{Role, StaffMember};
use crate::storage::accounts::{self, NewAccount};
use crate::storage::database::Database;
use crate::storage::journal::Journal;
pub use crate::storage::staff::ListedMember;
use crate::storage::{budgets, passkeys, people, second_factors, staff};

impl Accounts {
    /// Who works here under this account now.
    pub async fn staff_member(&self, account: AccountId) -> Result<Option<StaffMember>, DbErr> {
        staff::live(self.database.read(), account).await
    }
}

/// What the operator's commands work with.
#[derive(Debug, Clone, Copy)]
pub struct Personnel<'a> {
    pub database: &'a Database,
    pub ambient: &'a Ambient,
    pub journal: &'a Journal,
}

/// Somebody who begins to work here, or goes on as something else.
#[derive(Debug, Clone, Copy)]
pub struct NewMember<'a> {
    pub login: &'a Login,
    pub role: Role,
    pub office: Option<NamedOffice<'a>>,
    /// Who they are, if they have no account yet.
    pub person: Option<NewPerson<'a>>,
}

#[derive(Debug, Clone, Copy)]
pub struct NamedOffice<'a> {
    pub name: &'a str,
    /// Make it, if there is none of that name.
    pub may_be_new: bool,
}

/// What an account is made of. Not `Debug`: it holds a hash.
#[derive(Clone, Copy)]
pub struct NewPerson<'a> {
    pub given_name: &'a str,
    pub family_name: &'a str,
    pub email: Option<&'a str>,
    /// Of the initial password that the person will be told.
    pub initial_password_hash: &'a str,
}

impl std::fmt::Debug for NewPerson<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("NewPerson").field("family_name", &self.family_name).finish_non_exhaustive()
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Added {
    /// With an account, which opens with the initial password.
    WithAccount,
    /// To an account that was there; its passwords stay what they are.
    ToAccount,
}

#[derive(Debug, thiserror::Error)]
pub enum StaffError {
    #[error(transparent)]
    Database(#[from] DbErr),
    #[error("there is no account {0} yet: say whose it will be")]
    NoPerson(Login),
    #[error("the account {login} is {state}: only an account that can be signed in to can belong to staff")]
    NotOpen { login: Login, state: AccountState },
    #[error("a {0} works at one office: name it")]
    NeedsOffice(Role),
    #[error("there is no office {name:?}; {}", offices_in_words(known))]
    UnknownOffice { name: String, known: Vec<String> },
    #[error("nobody works here under the login {0}")]
    NotStaff(String),
    #[error("{0} has no second factor")]
    NoSecondFactor(String),
}

fn offices_in_words(known: &[String]) -> String {
    if known.is_empty() {
        "no office is known yet".to_owned()
    } else {
        format!("the offices are {}", known.join(", "))
    }
}

impl Personnel<'_> {
    pub async fn has_account(&self, login: &Login) -> Result<bool, DbErr> {
        Ok(accounts::find_by_login(self.database.read(), login.as_str()).await?.is_some())
    }

    pub async fn list(&self) -> Result<Vec<ListedMember>, DbErr> {
        staff::list(self.database.read()).await
    }

    /// Gives somebody a role, and an account if they have none. Whoever is signed in is signed out: the next sign-in owes
    /// a second factor.
    ///
    /// # Errors
    /// What is missing or cannot be; nothing was changed then.
    pub async fn add(&self, new: NewMember<'_>) -> Result<Added, StaffError> {
        if new.role.is_bound_to_an_office() && new.office.is_none() {
            return Err(StaffError::NeedsOffice(new.role));
        }
        let transaction = self.database.begin().await?;
        let now = self.ambient.now();
        let known = match accounts::find_by_login(&transaction, new.login.as_str()).await? {
            Some(known) => accounts::lock(&transaction, known.id).await?,
            None => None,
        };
        let office = match new.office {
            Some(office) => Some(self.office(&transaction, office, now).await?),
            None => None,
        };
        let (account, added) = if let Some(known) = known {
            (open_account(known)?, Added::ToAccount)
        } else {
            let person = new.person.ok_or_else(|| StaffError::NoPerson(new.login.clone()))?;
            (self.make_account(&transaction, &new, person, office, now).await?, Added::WithAccount)
        };
        staff::appoint(&transaction, account, new.role, office, now).await?;
        let record =
            AuditRecord::new(Action::StaffAdded, Actor::Operator).about(account).outcome(new.role.as_str());
        self.journal.record(&transaction, &record).await?;
        self.sign_out(&transaction, account, "staff_added", now).await?;
        transaction.commit().await?;
        Ok(added)
    }

    /// Ends somebody's work here: the role, the second factor and every session. The account stays, as a contractor's.
    ///
    /// # Errors
    /// If nobody works here under this login.
    pub async fn end(&self, login: &str) -> Result<(), StaffError> {
        let transaction = self.database.begin().await?;
        let now = self.ambient.now();
        let account = locked(&transaction, login).await?;
        if !staff::end(&transaction, account, now).await? {
            return Err(StaffError::NotStaff(login.to_owned()));
        }
        second_factors::remove(&transaction, account).await?;
        passkeys::remove_all(&transaction, account).await?;
        let record = AuditRecord::new(Action::StaffEnded, Actor::Operator).about(account);
        self.journal.record(&transaction, &record).await?;
        self.sign_out(&transaction, account, "staff_ended", now).await?;
        transaction.commit().await?;
        Ok(())
    }

    /// Takes the second factors away, because the telephone and the codes are lost: the next sign-in sets up another. Ends
    /// every session, and lifts the lock on codes.
    ///
    /// # Errors
    /// If nobody works here under this login, or they have no second factor.
    pub async fn reset_second_factor(&self, login: &str) -> Result<(), StaffError> {
        let transaction = self.database.begin().await?;
        let now = self.ambient.now();
        let account = locked(&transaction, login).await?;
        if staff::live(&transaction, account).await?.is_none() {
            return Err(StaffError::NotStaff(login.to_owned()));
        }
        let had_app = second_factors::remove(&transaction, account).await?;
        let had_passkeys = passkeys::remove_all(&transaction, account).await? > 0;
        if !had_app && !had_passkeys {
            return Err(StaffError::NoSecondFactor(login.to_owned()));
        }
        let record = AuditRecord::new(Action::SecondFactorReset, Actor::Operator)
            .about(account)
            .outcome("command_line");
        self.journal.record(&transaction, &record).await?;
        self.sign_out(&transaction, account, "second_factor_reset", now).await?;
        transaction.commit().await?;
        // Apart: budgets are locked apart from accounts.
        let whose = Whose::SecondFactor(account);
        let transaction = self.database.begin().await?;
        let budget =
            budgets::lock(&transaction, whose.kind(), &whose.subject(), self.ambient.new_id(), now).await?;
        budgets::lift_lock(&transaction, budget.id, now).await?;
        transaction.commit().await?;
        Ok(())
    }

    async fn office(
        &self,
        transaction: &DatabaseTransaction,
        office: NamedOffice<'_>,
        now: Moment,
    ) -> Result<OfficeId, StaffError> {
        let known = people::office_names(transaction).await?;
        if !office.may_be_new && !known.iter().any(|name| name == office.name) {
            return Err(StaffError::UnknownOffice { name: office.name.to_owned(), known });
        }
        Ok(people::office_named(transaction, self.ambient.new_id(), office.name, now).await?)
    }

    async fn make_account(
        &self,
        transaction: &DatabaseTransaction,
        new: &NewMember<'_>,
        person: NewPerson<'_>,
        office: Option<OfficeId>,
        now: Moment,
    ) -> Result<AccountId, DbErr> {
        let account = self.ambient.new_id();
        accounts::insert(
            transaction,
            NewAccount {
                id: account,
                login: new.login.clone(),
                subject: self.ambient.new_secret().expose().to_owned(),
                state: AccountState::InitialPassword,
                initial_password_hash: Some(person.initial_password_hash.to_owned()),
                password_hash: None,
                profile: Profile {
                    given_name: person.given_name.to_owned(),
                    family_name: person.family_name.to_owned(),
                    email: person.email.map(str::to_owned),
                    ..Profile::default()
                },
                office,
                created_at: now,
            },
        )
        .await?;
        self.journal.make_person_key(transaction, account, now).await?;
        Ok(account)
    }

    async fn sign_out(
        &self,
        transaction: &DatabaseTransaction,
        account: AccountId,
        why: &'static str,
        now: Moment,
    ) -> Result<(), DbErr> {
        end_everything(self.journal, transaction, account, why, now, &Origin::default()).await
    }
}

/// The account of this login, its row locked until the transaction ends: sign-ins wait.
async fn locked(transaction: &DatabaseTransaction, login: &str) -> Result<AccountId, StaffError> {
    let not_staff = || StaffError::NotStaff(login.to_owned());
    let found = accounts::find_by_login(transaction, &Login::canonical_of(login)).await?;
    let account = found.ok_or_else(not_staff)?.id;
    accounts::lock(transaction, account).await?;
    Ok(account)
}

fn open_account(account: Account) -> Result<AccountId, StaffError> {
    if account.state.password_kind().is_some() {
        Ok(account.id)
    } else {
        Err(StaffError::NotOpen { login: account.login, state: account.state })
    }
}
