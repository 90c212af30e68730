//! The procedure from an application to a collected letter: applications, orders of letters, recovery codes, changes
//! of contact data, and counters against floods.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{
    date_null, integer, pk_uuid, small_integer, string, string_null, text, text_null,
    timestamp_with_time_zone, timestamp_with_time_zone_null, uuid, uuid_null,
};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        applications(manager).await?;
        letters(manager).await?;
        accounts(manager).await?;
        person_keys_before_accounts(manager).await?;
        floods(manager).await
    }
}

async fn applications(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table("application")
                .col(pk_uuid("id"))
                .col(string("state"))
                .col(timestamp_with_time_zone("state_since"))
                .col(string("channel"))
                .col(string("locale"))
                .col(uuid("office_id"))
                // What the contractor filled in.
                .col(string("applicant"))
                .col(string("given_name"))
                .col(string("family_name"))
                .col(string_null("organisation_name"))
                .col(string_null("contractor_number"))
                .col(string("premises_street"))
                .col(string("premises_postal_code"))
                .col(string("premises_city"))
                .col(string("title_role"))
                .col(string_null("email"))
                .col(string_null("phone_number"))
                .col(string("regulations_version"))
                .col(timestamp_with_time_zone("regulations_accepted_at"))
                // Folded, to find the same person again.
                .col(string("name_key"))
                .col(string("address_key"))
                // Paper.
                .col(string_null("scan_reference"))
                .col(uuid_null("taken_in_by"))
                .col(date_null("received_on"))
                // Its way.
                .col(timestamp_with_time_zone("created_at"))
                .col(timestamp_with_time_zone_null("link_sent_at"))
                .col(timestamp_with_time_zone_null("submitted_at"))
                .col(timestamp_with_time_zone_null("decided_at"))
                .col(uuid_null("decided_by"))
                .col(text_null("decision_reason"))
                .col(text_null("override_reason"))
                .foreign_key(ForeignKey::create().from("application", "office_id").to("office", "id"))
                .to_owned(),
        )
        .await?;
    for (name, columns) in [
        ("application_queue", &["state", "office_id", "submitted_at"][..]),
        ("application_name", &["name_key"]),
        ("application_address", &["address_key"]),
        ("application_number", &["contractor_number"]),
    ] {
        let mut index = Index::create();
        index.name(name).table("application");
        for column in columns {
            index.col(*column);
        }
        manager.create_index(index).await?;
    }
    Ok(())
}

async fn letters(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table("letter_order")
                .col(pk_uuid("id"))
                .col(uuid("account_id"))
                .col(string("kind"))
                .col(string("state"))
                .col(text_null("reason"))
                .col(uuid_null("requested_by"))
                .col(timestamp_with_time_zone("requested_at"))
                .col(uuid_null("decided_by"))
                .col(timestamp_with_time_zone_null("decided_at"))
                .foreign_key(ForeignKey::create().from("letter_order", "account_id").to("account", "id"))
                .to_owned(),
        )
        .await?;
    for (name, columns) in
        [("letter_order_state", &["state", "requested_at"][..]), ("letter_order_account", &["account_id"])]
    {
        let mut index = Index::create();
        index.name(name).table("letter_order");
        for column in columns {
            index.col(*column);
        }
        manager.create_index(index).await?;
    }
    for column in [
        uuid_null("order_id"),
        // Until it is collected, a letter opens nothing: its password waits here, not with the account.
        text_null("initial_password_hash"),
        uuid_null("printed_by"),
        timestamp_with_time_zone_null("collected_at"),
        uuid_null("collected_by"),
        string_null("identity_document"),
        string_null("void_reason"),
        timestamp_with_time_zone_null("reminded_at"),
        timestamp_with_time_zone_null("reviewed_at"),
        uuid_null("reviewed_by"),
    ] {
        manager.alter_table(Table::alter().table("credential_letter").add_column(column).to_owned()).await?;
    }
    manager
        .create_table(
            Table::create()
                .table("recovery_code")
                .col(uuid("letter_id"))
                .col(small_integer("number"))
                .col(text("hash"))
                .col(timestamp_with_time_zone_null("used_at"))
                .primary_key(Index::create().col("letter_id").col("number"))
                .foreign_key(
                    ForeignKey::create().from("recovery_code", "letter_id").to("credential_letter", "id"),
                )
                .to_owned(),
        )
        .await
}

async fn accounts(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    for column in [
        // When the account came into its state; before this step nobody kept it.
        timestamp_with_time_zone_null("state_since"),
        timestamp_with_time_zone_null("closure_requested_at"),
        text_null("closure_reason"),
    ] {
        manager.alter_table(Table::alter().table("account").add_column(column).to_owned()).await?;
    }
    manager
        .alter_table(Table::alter().table("session").add_column(string_null("device_label")).to_owned())
        .await?;
    manager
        .create_table(
            Table::create()
                .table("contact_change")
                .col(pk_uuid("id"))
                .col(uuid("account_id"))
                .col(string_null("email"))
                .col(text("reason"))
                .col(string("state"))
                .col(uuid("requested_by"))
                .col(timestamp_with_time_zone("requested_at"))
                .col(uuid_null("decided_by"))
                .col(timestamp_with_time_zone_null("decided_at"))
                .foreign_key(ForeignKey::create().from("contact_change", "account_id").to("account", "id"))
                .to_owned(),
        )
        .await?;
    manager
        .create_index(
            Index::create()
                .name("contact_change_state")
                .table("contact_change")
                .col("state")
                .col("requested_at")
                .to_owned(),
        )
        .await
}

/// An application has a key for what is personal before it has an account, under the same id: the key is no child of
/// the account any more. SQLite cannot drop a foreign key, so the table is made anew.
async fn person_keys_before_accounts(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table("person_key_new")
                .col(pk_uuid("person_id"))
                .col(text("sealed"))
                .col(timestamp_with_time_zone("created_at"))
                .to_owned(),
        )
        .await?;
    manager
        .get_connection()
        .execute_unprepared(
            "INSERT INTO person_key_new (person_id, sealed, created_at) \
             SELECT account_id, sealed, created_at FROM person_key",
        )
        .await?;
    manager.drop_table(Table::drop().table("person_key").to_owned()).await?;
    manager.rename_table(Table::rename().table("person_key_new", "person_key").to_owned()).await
}

async fn floods(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table("flood_counter")
                .col(string("kind"))
                .col(string("subject"))
                .col(timestamp_with_time_zone("window_start"))
                .col(integer("count"))
                .primary_key(Index::create().col("kind").col("subject").col("window_start"))
                .to_owned(),
        )
        .await
}
