//! Devices on which an account's owner has signed in before.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{
    pk_uuid, string, string_null, timestamp_with_time_zone, timestamp_with_time_zone_null, uuid,
};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("trusted_device")
                    .col(pk_uuid("id"))
                    .col(uuid("account_id"))
                    .col(string("secret_digest"))
                    // What the secret was before the last rotation: its answer may have been lost.
                    .col(string_null("previous_digest"))
                    .col(timestamp_with_time_zone("rotated_at"))
                    .col(string_null("label"))
                    .col(timestamp_with_time_zone("created_at"))
                    .col(timestamp_with_time_zone("last_used_at"))
                    .col(timestamp_with_time_zone("trusted_until"))
                    .foreign_key(
                        ForeignKey::create().from("trusted_device", "account_id").to("account", "id"),
                    )
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("trusted_device_account")
                    .table("trusted_device")
                    .col("account_id")
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("trusted_device_until")
                    .table("trusted_device")
                    .col("trusted_until")
                    .to_owned(),
            )
            .await?;
        // Whose first sign-in it is has nobody to warn of a new device. Empty also for everybody who signed in before
        // this step: they are not all to be written to on the day of an update.
        manager
            .alter_table(
                Table::alter()
                    .table("account")
                    .add_column(timestamp_with_time_zone_null("first_signed_in_at"))
                    .to_owned(),
            )
            .await
    }
}
