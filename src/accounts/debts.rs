//! What a new session owes before any door opens, in the order in which it is settled. The one place that knows.

use sea_orm::{ConnectionTrait, DbErr};

use super::context::Accounts;
use super::factors::has_any;
use crate::domain::account::PasswordKind;
use crate::domain::ids::AccountId;
use crate::domain::session::Owed;
use crate::storage::staff;

impl Accounts {
    /// What a session owes that begins with this kind of password. To be asked under the lock on the account's row: who
    /// is made staff meanwhile is seen here, or signed out there.
    pub(super) async fn debts(
        &self,
        connection: &impl ConnectionTrait,
        account: AccountId,
        password: PasswordKind,
    ) -> Result<Vec<Owed>, DbErr> {
        let mut owed = Vec::new();
        if password == PasswordKind::Initial {
            owed.push(Owed::PasswordChange);
        }
        let works_here = staff::live(connection, account).await?.is_some();
        // Whoever works here sets one up; of the others, those who chose to have one prove it.
        if works_here || has_any(connection, account).await? {
            owed.push(Owed::SecondFactor);
        }
        // The Regulations are an agreement with contractors: whoever works here does not owe this.
        if !works_here && self.owes_regulations(connection, account).await? {
            owed.push(Owed::Regulations);
        }
        Ok(owed)
    }
}
