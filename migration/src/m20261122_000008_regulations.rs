//! The published versions of the Regulations, and who accepted which of them when.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{pk_uuid, string_uniq, text, timestamp_with_time_zone, uuid};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("regulations")
                    .col(pk_uuid("id"))
                    .col(string_uniq("version"))
                    .col(text("text_pl"))
                    .col(text("text_en"))
                    .col(timestamp_with_time_zone("published_at"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("regulations_acceptance")
                    .col(uuid("account_id"))
                    .col(uuid("regulations_id"))
                    .col(timestamp_with_time_zone("accepted_at"))
                    .primary_key(Index::create().col("account_id").col("regulations_id"))
                    .foreign_key(
                        ForeignKey::create().from("regulations_acceptance", "account_id").to("account", "id"),
                    )
                    .foreign_key(
                        ForeignKey::create()
                            .from("regulations_acceptance", "regulations_id")
                            .to("regulations", "id"),
                    )
                    .to_owned(),
            )
            .await
    }
}
