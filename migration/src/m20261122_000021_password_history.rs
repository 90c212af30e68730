//! The last passwords that accounts had, as hashes.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{integer, text, timestamp_with_time_zone, uuid};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("password_history")
                    .col(uuid("account_id"))
                    // Counted for each account, under its lock: two passwords of one moment have an order too.
                    .col(integer("number"))
                    .col(text("hash"))
                    .col(timestamp_with_time_zone("given_up_at"))
                    .primary_key(Index::create().col("account_id").col("number"))
                    .foreign_key(
                        ForeignKey::create().from("password_history", "account_id").to("account", "id"),
                    )
                    .to_owned(),
            )
            .await
    }
}
