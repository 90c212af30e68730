//! Who works here and who did. Roles are given and ended on the command line (`iok-id staff`): whoever holds the
//! console's highest role must not be able to give it away from a browser that was left open.

use sea_orm::DbErr;

use super::context::Office;
use crate::domain::staff::{StaffMember, Task};
use crate::storage::staff::{self, ListedMember};

impl Office {
    /// By login; those who work here first. `None` for whoever does not look after staff.
    pub async fn staff_list(&self, member: &StaffMember) -> Result<Option<Vec<ListedMember>>, DbErr> {
        if !member.may(Task::ManageStaff) {
            return Ok(None);
        }
        let mut list = staff::list(self.database.read()).await?;
        list.sort_by_key(|listed| listed.ended_at.is_some());
        Ok(Some(list))
    }
}
