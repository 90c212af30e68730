//! Clients that register themselves (RFC 7591, RFC 7592), and the tokens that let them.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{
    integer, pk_uuid, string, string_null, timestamp_with_time_zone, timestamp_with_time_zone_null,
};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // Null for what the operator registered.
        for column in [
            string_null("registration_token_digest"),
            // To the day, and of clients that registered themselves only: nobody writes at each token.
            timestamp_with_time_zone_null("last_used_at"),
        ] {
            manager.alter_table(Table::alter().table("client").add_column(column).to_owned()).await?;
        }
        manager
            .create_table(
                Table::create()
                    .table("initial_access_token")
                    .col(pk_uuid("id"))
                    .col(string("digest").unique_key())
                    .col(string("label"))
                    .col(integer("uses_left"))
                    .col(timestamp_with_time_zone("created_at"))
                    .col(timestamp_with_time_zone("expires_at"))
                    .col(timestamp_with_time_zone_null("revoked_at"))
                    .to_owned(),
            )
            .await
    }
}
