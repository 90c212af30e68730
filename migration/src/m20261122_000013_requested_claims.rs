//! Claims that were asked for one by one: what the grant remembers of them, and what the person allowed.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{json_null, timestamp_with_time_zone_null};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (table, column) in [
            ("token_grant", json_null("claims")),
            ("consent", json_null("claims")),
            // `updated_at` of the row moves with passwords and states, which is nobody else's business.
            ("account", timestamp_with_time_zone_null("profile_updated_at")),
        ] {
            manager.alter_table(Table::alter().table(table).add_column(column).to_owned()).await?;
        }
        Ok(())
    }
}
