//! What makes the audit records checkable: their chain, signed checkpoints of it, and the keys that sign them.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{
    big_integer, big_integer_null, integer, string, string_null, string_uniq, text, text_null,
    timestamp_with_time_zone, timestamp_with_time_zone_null, uuid_null, uuid_uniq,
};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("audit_seal")
                    .col(big_integer("seq").primary_key())
                    // No foreign key: a record that somebody took away must be missed, not take its seal along.
                    .col(uuid_uniq("audit_id"))
                    .col(string("hash"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("audit_checkpoint")
                    .col(big_integer("number").primary_key())
                    .col(big_integer("seq"))
                    .col(string("hash"))
                    .col(timestamp_with_time_zone("at"))
                    .col(text("statement"))
                    .col(timestamp_with_time_zone_null("written_at"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("audit_key")
                    .col(integer("generation").primary_key())
                    .col(string_uniq("kid"))
                    .col(string("public"))
                    .col(text_null("sealed"))
                    .col(timestamp_with_time_zone("created_at"))
                    .col(text("introduction"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("audit_chain")
                    .col(integer("id").primary_key())
                    .col(uuid_null("holder"))
                    .col(timestamp_with_time_zone_null("leased_until"))
                    .col(timestamp_with_time_zone_null("look_from"))
                    .col(timestamp_with_time_zone_null("looked_everywhere_at"))
                    .col(big_integer_null("beginning_number"))
                    .col(big_integer_null("beginning_seq"))
                    .col(string_null("beginning_hash"))
                    .col(text_null("beginning_statement"))
                    .to_owned(),
            )
            .await?;
        // The one row: whoever works on the chain takes it first.
        let row =
            Query::insert().into_table("audit_chain").columns(["id"]).values_panic([1.into()]).to_owned();
        manager.execute(row).await
    }
}
