//! Since when mailed links may block an account, and why one is suspended; what a supervisor has looked at of the
//! applications and orders that one person saw through alone.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{string_null, timestamp_with_time_zone_null, uuid_null};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for column in [timestamp_with_time_zone_null("block_links_from"), string_null("suspended_why")] {
            manager.alter_table(Table::alter().table("account").add_column(column).to_owned()).await?;
        }
        for table in ["application", "letter_order"] {
            for column in [timestamp_with_time_zone_null("reviewed_at"), uuid_null("reviewed_by")] {
                manager.alter_table(Table::alter().table(table).add_column(column).to_owned()).await?;
            }
        }
        // Whoever is suspended already: the last record of it says why. Import writes none, and says nothing.
        manager
            .get_connection()
            .execute_unprepared(
                "UPDATE account SET suspended_why = (SELECT audit.outcome FROM audit \
                 WHERE audit.account_id = account.id AND audit.action = 'account.suspended' \
                 ORDER BY audit.at DESC LIMIT 1) WHERE state = 'suspended'",
            )
            .await
            .map(|_| ())
    }
}
