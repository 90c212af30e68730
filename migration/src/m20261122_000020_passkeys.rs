//! Passkeys (WebAuthn), and which of their answers were used up.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{
    boolean, pk_uuid, string, text, text_uniq, timestamp_with_time_zone, timestamp_with_time_zone_null, uuid,
};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("passkey")
                    .col(pk_uuid("id"))
                    .col(uuid("account_id"))
                    // What its authenticator calls it: an account is found by it, and no two have the same.
                    .col(text_uniq("credential_id"))
                    // The public key, the counter, and what the authenticator said of itself.
                    .col(text("credential"))
                    .col(string("name"))
                    .col(timestamp_with_time_zone("created_at"))
                    .col(timestamp_with_time_zone_null("last_used_at"))
                    // Is it enough by itself? Not after the account was taken back, until it was used after the password.
                    .col(boolean("opens_alone"))
                    .foreign_key(ForeignKey::create().from("passkey", "account_id").to("account", "id"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create().name("passkey_of_account").table("passkey").col("account_id").to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("passkey_ceremony")
                    .col(pk_uuid("id"))
                    .col(timestamp_with_time_zone("expires_at"))
                    .to_owned(),
            )
            .await
    }
}
