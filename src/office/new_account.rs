//! The account that an approved application becomes.

use sea_orm::{ConnectionTrait, DbErr};

use super::context::Office;
use crate::domain::account::{AccountState, Profile};
use crate::domain::application::{Application, Channel};
use crate::domain::clock::Moment;
use crate::domain::ids::AccountId;
use crate::domain::login::Login;
use crate::domain::secret::{Entropy, uniform_below};
use crate::storage::accounts::{self, NewAccount};

/// How many logins are drawn before the space counts as full. With seven digits, and a hundred thousand accounts, all
/// ten being taken is less likely than the machine failing.
const CANDIDATES: usize = 10;

impl Office {
    /// Makes the account. It waits for its letter to be collected, and nothing opens it yet.
    pub(super) async fn new_account(
        &self,
        transaction: &impl ConnectionTrait,
        application: &Application,
        now: Moment,
    ) -> Result<AccountId, DbErr> {
        let id = application.becomes();
        let new = NewAccount {
            id,
            login: self.free_login(transaction).await?,
            subject: self.ambient.new_secret().expose().to_owned(),
            state: AccountState::AwaitingCollection,
            initial_password_hash: None,
            password_hash: None,
            profile: profile_of(application),
            office: Some(application.particulars.office),
            created_at: now,
        };
        accounts::insert(transaction, new).await?;
        Ok(id)
    }

    /// One that no account has or ever had: an erased account keeps its row, and with it its login.
    async fn free_login(&self, transaction: &impl ConnectionTrait) -> Result<Login, DbErr> {
        let drawn: Vec<String> =
            (0..CANDIDATES).map(|_| login(&self.rules.login_prefix, self.ambient.entropy())).collect();
        let taken = accounts::taken_logins(transaction, &drawn).await?;
        let free = drawn.into_iter().find(|candidate| !taken.contains(candidate));
        let free = free.ok_or_else(|| DbErr::Custom("every login that was drawn is taken".to_owned()))?;
        Login::parse(&free).map_err(|error| DbErr::Custom(error.to_string()))
    }
}

/// The prefix and seven digits. Random, so that a login says nothing about how many there are, or who comes next.
fn login(prefix: &str, entropy: &dyn Entropy) -> String {
    format!("{prefix}{:07}", uniform_below(entropy, 10_000_000))
}

/// What the applicant filled in. An address counts as theirs if a link proved it, not if it was read off paper.
fn profile_of(application: &Application) -> Profile {
    let particulars = &application.particulars;
    Profile {
        given_name: particulars.given_name.clone(),
        family_name: particulars.family_name.clone(),
        organisation_name: particulars.organisation_name.clone(),
        email: particulars.email.clone(),
        email_verified: particulars.email.is_some() && application.channel == Channel::Online,
        phone_number: particulars.phone_number.clone(),
        street: Some(particulars.premises.street.clone()),
        postal_code: Some(particulars.premises.postal_code.clone()),
        city: Some(particulars.premises.city.clone()),
        locale: Some(application.locale),
        attributes: serde_json::Map::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::secret::SystemEntropy;

    #[test]
    fn a_login_is_the_prefix_and_seven_digits() {
        for _ in 0..200 {
            let login = login("iok", &SystemEntropy);
            let digits = login.strip_prefix("iok").expect("the prefix");
            assert!(digits.len() == 7 && digits.bytes().all(|byte| byte.is_ascii_digit()), "{login}");
            assert!(Login::parse(&login).is_ok());
        }
    }
}
