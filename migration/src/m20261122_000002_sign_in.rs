//! Sessions, and the attempt budgets that stand in front of every password.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{
    json, pk_uuid, string, string_uniq, timestamp_with_time_zone, timestamp_with_time_zone_null, uuid,
    uuid_null,
};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("session")
                    .col(pk_uuid("id"))
                    .col(string_uniq("secret_digest"))
                    // The secret before the last renewal: it opens nothing, but a double submit is told apart
                    // from a stranger by it.
                    .col(sea_orm_migration::schema::string_null("previous_digest"))
                    .col(uuid("account_id"))
                    .col(json("owed"))
                    .col(json("events"))
                    // Set once trusted devices exist.
                    .col(uuid_null("device_id"))
                    .col(timestamp_with_time_zone("created_at"))
                    .col(timestamp_with_time_zone("last_seen_at"))
                    .col(timestamp_with_time_zone("expires_at"))
                    .col(timestamp_with_time_zone_null("ended_at"))
                    .foreign_key(ForeignKey::create().from("session", "account_id").to("account", "id"))
                    .to_owned(),
            )
            .await?;
        for (name, column) in [
            ("session_previous", "previous_digest"),
            ("session_account", "account_id"),
            ("session_expiry", "expires_at"),
        ] {
            manager.create_index(Index::create().name(name).table("session").col(column).to_owned()).await?;
        }
        manager
            .create_table(
                Table::create()
                    .table("attempt_budget")
                    .col(pk_uuid("id"))
                    // What kind of budget, and whose: `account`/<account id> for unknown devices,
                    // `unknown_login`/<bucket>, `password_change`/<session id>; later `device`, `recovery`, `source`.
                    .col(string("kind"))
                    .col(string("subject"))
                    .col(timestamp_with_time_zone_null("locked_until"))
                    // How often in a row it locked: the next lock may be longer.
                    .col(sea_orm_migration::schema::integer("locks").default(0))
                    .col(timestamp_with_time_zone("updated_at"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("attempt_budget_of")
                    .table("attempt_budget")
                    .col("kind")
                    .col("subject")
                    .unique()
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("attempt_budget_idle")
                    .table("attempt_budget")
                    .col("updated_at")
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("attempt")
                    .col(pk_uuid("id"))
                    .col(uuid("budget_id"))
                    .col(timestamp_with_time_zone("lease_ends_at"))
                    .col(timestamp_with_time_zone_null("failed_at"))
                    .foreign_key(
                        ForeignKey::create()
                            .from("attempt", "budget_id")
                            .to("attempt_budget", "id")
                            .on_delete(ForeignKeyAction::Cascade),
                    )
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(Index::create().name("attempt_of").table("attempt").col("budget_id").to_owned())
            .await
    }
}
