//! Letters of another system carry no recovery codes: their initial password recovers the account, once.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::boolean;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .alter_table(
                Table::alter()
                    .table("account")
                    .add_column(boolean("initial_password_recovers").default(false))
                    .to_owned(),
            )
            .await?;
        // Whoever was imported before this step, and has not lost the initial password by choosing one. Staff were told
        // theirs, and hold no letter.
        manager
            .get_connection()
            .execute_unprepared(
                "UPDATE account SET initial_password_recovers = TRUE \
                 WHERE initial_password_hash IS NOT NULL \
                 AND NOT EXISTS (SELECT 1 FROM staff WHERE staff.account_id = account.id) \
                 AND NOT EXISTS (SELECT 1 FROM credential_letter \
                 WHERE credential_letter.account_id = account.id AND credential_letter.order_id IS NOT NULL)",
            )
            .await?;
        // Whoever was imported with a chosen password has made the account theirs.
        manager
            .get_connection()
            .execute_unprepared(
                "UPDATE account SET password_changed_at = created_at \
                 WHERE password_hash IS NOT NULL AND password_changed_at IS NULL",
            )
            .await
            .map(|_| ())
    }
}
