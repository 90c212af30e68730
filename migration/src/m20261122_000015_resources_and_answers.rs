//! Which resources a grant is for (RFC 8707), and a quick way to answers that are kept for whoever lost one.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::json_null;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .alter_table(
                Table::alter()
                    .table("token_grant")
                    // Absent: none was named, as in every grant from before this step.
                    .add_column(json_null("resources"))
                    .to_owned(),
            )
            .await?;
        // Few tokens have an answer at any time, and the sweep looks for them among all. Both databases know indexes of
        // some rows only; the schema builder does not.
        manager
            .get_connection()
            .execute_unprepared(
                "CREATE INDEX refresh_token_answer ON refresh_token (used_at) WHERE sealed_answer IS NOT NULL",
            )
            .await
            .map(|_| ())
    }
}
