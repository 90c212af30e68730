//! The contractor register: where premises are, and what applications are compared with.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{integer, string_null};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // SQLite adds one column a statement. The program makes the keys, not the database: rows that are there
        // already have version 0, and get theirs right after this step.
        for (table, column) in [
            ("contractor", string_null("person_key")),
            ("contractor", string_null("organisation_key")),
            ("contractor", integer("key_version").default(0).to_owned()),
            ("premises", string_null("street")),
            ("premises", string_null("postal_code")),
            ("premises", string_null("city")),
            ("premises", string_null("address_key")),
            ("premises", integer("key_version").default(0).to_owned()),
        ] {
            manager.alter_table(Table::alter().table(table).add_column(column).to_owned()).await?;
        }
        for (name, table, column) in [
            ("contractor_person_key", "contractor", "person_key"),
            ("contractor_organisation_key", "contractor", "organisation_key"),
            ("contractor_key_version", "contractor", "key_version"),
            ("premises_address_key", "premises", "address_key"),
            ("premises_key_version", "premises", "key_version"),
            ("legal_title_premises", "legal_title", "premises_id"),
            ("account_contractor_contractor", "account_contractor", "contractor_id"),
        ] {
            manager.create_index(Index::create().name(name).table(table).col(column).to_owned()).await?;
        }
        Ok(())
    }
}
