//! A paper application that was sent back is corrected by a clerk, who does not approve it then.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::uuid_null;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let corrected_by = uuid_null("corrected_by");
        manager.alter_table(Table::alter().table("application").add_column(corrected_by).to_owned()).await
    }
}
