//! The company's own people, and their second factor.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{
    big_integer_null, integer, pk_uuid, string, text, text_null, timestamp_with_time_zone,
    timestamp_with_time_zone_null, uuid, uuid_null,
};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("staff")
                    .col(pk_uuid("account_id"))
                    .col(string("role"))
                    .col(uuid_null("office_id"))
                    .col(timestamp_with_time_zone("created_at"))
                    // Kept after the end: audit records name the account, and somebody will ask who that was.
                    .col(timestamp_with_time_zone_null("ended_at"))
                    .foreign_key(ForeignKey::create().from("staff", "account_id").to("account", "id"))
                    .foreign_key(ForeignKey::create().from("staff", "office_id").to("office", "id"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("second_factor")
                    .col(pk_uuid("account_id"))
                    .col(text("sealed_seed"))
                    // The session that was shown the seed. Another one is shown another, until one is confirmed.
                    .col(uuid("session_id"))
                    .col(timestamp_with_time_zone_null("confirmed_at"))
                    // The last step (RFC 6238 §4.2) whose code was used.
                    .col(big_integer_null("last_step"))
                    // The recovery codes, sealed, until their owner has said that they are kept.
                    .col(text_null("sealed_codes"))
                    .col(timestamp_with_time_zone("created_at"))
                    .foreign_key(ForeignKey::create().from("second_factor", "account_id").to("account", "id"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("second_factor_code")
                    .col(uuid("account_id"))
                    .col(integer("number"))
                    .col(string("digest"))
                    .col(timestamp_with_time_zone_null("used_at"))
                    .primary_key(Index::create().col("account_id").col("number"))
                    .foreign_key(
                        ForeignKey::create()
                            .from("second_factor_code", "account_id")
                            .to("second_factor", "account_id")
                            .on_delete(ForeignKeyAction::Cascade),
                    )
                    .to_owned(),
            )
            .await
    }
}
