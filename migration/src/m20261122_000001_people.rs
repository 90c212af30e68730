//! Offices, contractors and what they have title to; accounts and the letters that open them.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{
    boolean, date_null, json, pk_uuid, string, string_null, string_uniq, text_null, timestamp_with_time_zone,
    timestamp_with_time_zone_null, uuid, uuid_null,
};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[allow(clippy::too_many_lines, reason = "a list of tables: splitting it would hide the order")]
#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("office")
                    .col(pk_uuid("id"))
                    .col(string_uniq("name"))
                    .col(timestamp_with_time_zone("created_at"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("contractor")
                    .col(pk_uuid("id"))
                    .col(string_uniq("number"))
                    .col(string("given_name"))
                    .col(string("family_name"))
                    .col(string_null("organisation_name"))
                    .col(uuid_null("office_id"))
                    .col(timestamp_with_time_zone("created_at"))
                    .foreign_key(ForeignKey::create().from("contractor", "office_id").to("office", "id"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("premises")
                    .col(pk_uuid("id"))
                    .col(string_uniq("code"))
                    .col(string("kind"))
                    .col(timestamp_with_time_zone("created_at"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("legal_title")
                    .col(pk_uuid("id"))
                    .col(uuid("contractor_id"))
                    .col(uuid("premises_id"))
                    .col(string("role"))
                    .col(date_null("valid_from"))
                    .col(date_null("valid_until"))
                    .col(timestamp_with_time_zone("created_at"))
                    .foreign_key(
                        ForeignKey::create().from("legal_title", "contractor_id").to("contractor", "id"),
                    )
                    .foreign_key(ForeignKey::create().from("legal_title", "premises_id").to("premises", "id"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("legal_title_once")
                    .table("legal_title")
                    .col("contractor_id")
                    .col("premises_id")
                    .col("role")
                    .unique()
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("account")
                    .col(pk_uuid("id"))
                    .col(string_uniq("login"))
                    .col(string_uniq("subject"))
                    .col(string("state"))
                    .col(text_null("initial_password_hash"))
                    .col(text_null("password_hash"))
                    .col(string("given_name"))
                    .col(string("family_name"))
                    .col(string_null("organisation_name"))
                    .col(string_null("email"))
                    .col(boolean("email_verified"))
                    .col(string_null("phone_number"))
                    .col(string_null("street"))
                    .col(string_null("postal_code"))
                    .col(string_null("city"))
                    .col(string_null("locale"))
                    .col(json("attributes"))
                    .col(uuid_null("office_id"))
                    .col(timestamp_with_time_zone_null("password_changed_at"))
                    .col(timestamp_with_time_zone("created_at"))
                    .col(timestamp_with_time_zone("updated_at"))
                    .foreign_key(ForeignKey::create().from("account", "office_id").to("office", "id"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("account_contractor")
                    .col(uuid("account_id"))
                    .col(uuid("contractor_id"))
                    .primary_key(Index::create().col("account_id").col("contractor_id"))
                    .foreign_key(
                        ForeignKey::create().from("account_contractor", "account_id").to("account", "id"),
                    )
                    .foreign_key(
                        ForeignKey::create()
                            .from("account_contractor", "contractor_id")
                            .to("contractor", "id"),
                    )
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("credential_letter")
                    .col(pk_uuid("id"))
                    .col(uuid("account_id"))
                    .col(string_uniq("serial"))
                    .col(timestamp_with_time_zone("created_at"))
                    .col(timestamp_with_time_zone_null("voided_at"))
                    .foreign_key(
                        ForeignKey::create().from("credential_letter", "account_id").to("account", "id"),
                    )
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("credential_letter_account")
                    .table("credential_letter")
                    .col("account_id")
                    .to_owned(),
            )
            .await
    }
}
