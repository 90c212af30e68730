//! Clients, stored authorization requests, and everything that hangs on a grant.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{
    json, pk_uuid, string, string_null, text, text_null, timestamp_with_time_zone,
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
                    .table("client")
                    .col(string("id").primary_key())
                    .col(string_null("secret_digest"))
                    .col(json("metadata"))
                    .col(timestamp_with_time_zone("created_at"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("session_client")
                    .col(uuid("session_id"))
                    .col(string("client_id"))
                    .col(uuid("sid"))
                    .col(timestamp_with_time_zone("created_at"))
                    .primary_key(Index::create().col("session_id").col("client_id"))
                    .foreign_key(
                        ForeignKey::create()
                            .from("session_client", "session_id")
                            .to("session", "id")
                            .on_delete(ForeignKeyAction::Cascade),
                    )
                    .foreign_key(
                        ForeignKey::create()
                            .from("session_client", "client_id")
                            .to("client", "id")
                            .on_delete(ForeignKeyAction::Cascade),
                    )
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("authorization")
                    .col(pk_uuid("id"))
                    .col(string("client_id"))
                    .col(json("parameters"))
                    .col(string_null("visit_digest"))
                    .col(timestamp_with_time_zone("created_at"))
                    .col(timestamp_with_time_zone("expires_at"))
                    .col(timestamp_with_time_zone_null("consented_at"))
                    // Whose consent it was: another person may sign in over a page that was left open.
                    .col(uuid_null("consented_by"))
                    .col(timestamp_with_time_zone_null("ended_at"))
                    .col(uuid_null("grant_id"))
                    .foreign_key(
                        ForeignKey::create()
                            .from("authorization", "client_id")
                            .to("client", "id")
                            .on_delete(ForeignKeyAction::Cascade),
                    )
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("consent")
                    .col(uuid("account_id"))
                    .col(string("client_id"))
                    .col(string("scope"))
                    .col(timestamp_with_time_zone("given_at"))
                    .primary_key(Index::create().col("account_id").col("client_id"))
                    .foreign_key(ForeignKey::create().from("consent", "account_id").to("account", "id"))
                    .foreign_key(
                        ForeignKey::create()
                            .from("consent", "client_id")
                            .to("client", "id")
                            .on_delete(ForeignKeyAction::Cascade),
                    )
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("token_grant")
                    .col(pk_uuid("id"))
                    .col(uuid("account_id"))
                    .col(string("client_id"))
                    .col(uuid("session_id"))
                    .col(uuid("sid"))
                    .col(string("scope"))
                    .col(text_null("nonce"))
                    .col(timestamp_with_time_zone("auth_time"))
                    .col(string("acr"))
                    .col(json("amr"))
                    .col(timestamp_with_time_zone("created_at"))
                    // When nothing can hang on it any more; moves on with every refresh.
                    .col(timestamp_with_time_zone("expires_at"))
                    .col(timestamp_with_time_zone_null("revoked_at"))
                    .foreign_key(ForeignKey::create().from("token_grant", "account_id").to("account", "id"))
                    .foreign_key(
                        ForeignKey::create()
                            .from("token_grant", "client_id")
                            .to("client", "id")
                            .on_delete(ForeignKeyAction::Cascade),
                    )
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("authorization_code")
                    .col(string("digest").primary_key())
                    .col(uuid("grant_id"))
                    .col(text("redirect_uri"))
                    .col(string_null("code_challenge"))
                    .col(timestamp_with_time_zone("expires_at"))
                    .col(timestamp_with_time_zone_null("used_at"))
                    .foreign_key(
                        ForeignKey::create()
                            .from("authorization_code", "grant_id")
                            .to("token_grant", "id")
                            .on_delete(ForeignKeyAction::Cascade),
                    )
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("refresh_token")
                    .col(string("digest").primary_key())
                    .col(uuid("grant_id"))
                    .col(sea_orm_migration::schema::integer("generation"))
                    .col(timestamp_with_time_zone("created_at"))
                    .col(timestamp_with_time_zone("expires_at"))
                    .col(timestamp_with_time_zone_null("used_at"))
                    // The answer that was given for this token, sealed under a key derived from it: the same
                    // client may have lost it on the way and ask once more.
                    .col(text_null("sealed_answer"))
                    .foreign_key(
                        ForeignKey::create()
                            .from("refresh_token", "grant_id")
                            .to("token_grant", "id")
                            .on_delete(ForeignKeyAction::Cascade),
                    )
                    .to_owned(),
            )
            .await?;
        for (name, table, column) in [
            ("authorization_expiry", "authorization", "expires_at"),
            ("token_grant_session", "token_grant", "session_id"),
            ("token_grant_account", "token_grant", "account_id"),
            ("token_grant_expiry", "token_grant", "expires_at"),
            ("authorization_code_grant", "authorization_code", "grant_id"),
            ("refresh_token_grant", "refresh_token", "grant_id"),
            ("refresh_token_expiry", "refresh_token", "expires_at"),
        ] {
            manager.create_index(Index::create().name(name).table(table).col(column).to_owned()).await?;
        }
        Ok(())
    }
}
