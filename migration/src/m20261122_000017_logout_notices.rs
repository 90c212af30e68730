//! The news for clients that a session ended (OpenID Connect Back-Channel Logout 1.0).

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{
    integer, pk_uuid, string, string_null, timestamp_with_time_zone, timestamp_with_time_zone_null, uuid,
};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("logout_notice")
                    .col(pk_uuid("id"))
                    .col(string("client_id"))
                    // Not a key of `session_client`: the session is forgotten earlier than a client that is away is
                    // given up.
                    .col(uuid("sid"))
                    .col(uuid("account_id"))
                    .col(string("why"))
                    .col(timestamp_with_time_zone("created_at"))
                    .col(timestamp_with_time_zone("try_until"))
                    .col(integer("attempts"))
                    .col(timestamp_with_time_zone("next_attempt_at"))
                    .col(timestamp_with_time_zone_null("leased_until"))
                    .col(timestamp_with_time_zone_null("delivered_at"))
                    .col(timestamp_with_time_zone_null("given_up_at"))
                    .col(string_null("last_error"))
                    .foreign_key(
                        ForeignKey::create()
                            .from("logout_notice", "client_id")
                            .to("client", "id")
                            .on_delete(ForeignKeyAction::Cascade),
                    )
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("logout_notice_waiting")
                    .table("logout_notice")
                    .col("delivered_at")
                    .col("next_attempt_at")
                    .to_owned(),
            )
            .await?;
        // Sessions that ran out are looked for every minute, among all that go on.
        manager
            .create_index(
                Index::create()
                    .name("session_running")
                    .table("session")
                    .col("ended_at")
                    .col("last_seen_at")
                    .to_owned(),
            )
            .await
    }
}
