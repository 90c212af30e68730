//! What clients signed to prove themselves, once each; and what people are called towards each sector.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{string, timestamp_with_time_zone, uuid};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("client_assertion")
                    // Of the client's id and its `jti`.
                    .col(string("digest").primary_key())
                    .col(timestamp_with_time_zone("expires_at"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("client_assertion_expiry")
                    .table("client_assertion")
                    .col("expires_at")
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("pairwise_subject")
                    .col(uuid("account_id"))
                    .col(string("sector"))
                    .col(string("subject").unique_key())
                    .col(timestamp_with_time_zone("created_at"))
                    .primary_key(Index::create().col("account_id").col("sector"))
                    .foreign_key(
                        ForeignKey::create().from("pairwise_subject", "account_id").to("account", "id"),
                    )
                    .to_owned(),
            )
            .await?;
        // Removing a client removes its grants.
        manager
            .create_index(
                Index::create().name("token_grant_client").table("token_grant").col("client_id").to_owned(),
            )
            .await
    }
}
