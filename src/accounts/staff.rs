//! The company's own people: who works here now.

use sea_orm::DbErr;

use super::context::Accounts;
use crate::domain::ids::AccountId;
use crate::domain::staff::StaffMember;
use crate::storage::staff;

impl Accounts {
    /// Who works here under this account now.
    pub async fn staff_member(&self, account: AccountId) -> Result<Option<StaffMember>, DbErr> {
        staff::live(self.database.read(), account).await
    }
}
