//! What happened (audit), what others must be told (outbox), and the keys that seal what is personal.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{
    json, pk_uuid, string, string_null, string_uniq, text, text_null, timestamp_with_time_zone,
    timestamp_with_time_zone_null, uuid_null,
};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("person_key")
                    .col(pk_uuid("account_id"))
                    .col(text("sealed"))
                    .col(timestamp_with_time_zone("created_at"))
                    .foreign_key(ForeignKey::create().from("person_key", "account_id").to("account", "id"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("audit")
                    .col(pk_uuid("id"))
                    .col(timestamp_with_time_zone("at"))
                    .col(string("action"))
                    .col(string("actor_kind"))
                    .col(string_null("actor_id"))
                    .col(uuid_null("account_id"))
                    .col(uuid_null("session_id"))
                    .col(string_null("client_id"))
                    .col(string_null("outcome"))
                    .col(text_null("personal"))
                    .to_owned(),
            )
            .await?;
        for (name, column) in [("audit_at", "at"), ("audit_account", "account_id")] {
            manager.create_index(Index::create().name(name).table("audit").col(column).to_owned()).await?;
        }
        manager
            .create_table(
                Table::create()
                    .table("outbox")
                    .col(pk_uuid("id"))
                    .col(timestamp_with_time_zone("at"))
                    .col(string("topic"))
                    .col(json("payload"))
                    .col(timestamp_with_time_zone_null("delivered_at"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create().name("outbox_waiting").table("outbox").col("delivered_at").to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("signing_key")
                    .col(pk_uuid("id"))
                    .col(string_uniq("kid"))
                    .col(string("algorithm"))
                    // Two first starts at once make one first key: this is what they collide on.
                    .col(sea_orm_migration::schema::integer("generation"))
                    .col(text("sealed"))
                    .col(timestamp_with_time_zone("created_at"))
                    .col(timestamp_with_time_zone("signs_from"))
                    .col(timestamp_with_time_zone_null("verifies_until"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("signing_key_generation")
                    .table("signing_key")
                    .col("algorithm")
                    .col("generation")
                    .unique()
                    .to_owned(),
            )
            .await?;
        Ok(())
    }
}
