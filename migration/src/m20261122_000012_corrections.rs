//! An application that was sent back ends if nobody corrects it, after its applicant was reminded.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::timestamp_with_time_zone_null;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .alter_table(
                Table::alter()
                    .table("application")
                    .add_column(timestamp_with_time_zone_null("correction_reminded_at"))
                    .to_owned(),
            )
            .await
    }
}
