//! What the lockout remembers beside failures: its locks, its sources, and whether somebody guesses all over the place.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, pk_uuid, small_integer, timestamp_with_time_zone_null};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for column in ["last_locked_at", "refusal_recorded_at"] {
            manager
                .alter_table(
                    Table::alter()
                        .table("attempt_budget")
                        .add_column(timestamp_with_time_zone_null(column))
                        .to_owned(),
                )
                .await?;
        }
        manager
            .create_table(
                Table::create()
                    .table("source_bucket")
                    .col(pk_uuid("id"))
                    // Microseconds since 1970: a number that one statement can add to in both databases.
                    .col(big_integer("full_at"))
                    .col(timestamp_with_time_zone_null("refusal_recorded_at"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create().name("source_bucket_full").table("source_bucket").col("full_at").to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("guessing_alarm")
                    // There is one.
                    .col(small_integer("id").primary_key())
                    .col(timestamp_with_time_zone_null("on_until"))
                    .col(timestamp_with_time_zone_null("noticed_at"))
                    .col(timestamp_with_time_zone_null("told_at"))
                    .to_owned(),
            )
            .await?;
        manager.get_connection().execute_unprepared("INSERT INTO guessing_alarm (id) VALUES (1)").await?;
        Ok(())
    }
}
