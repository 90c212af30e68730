//! The schema, one step a file. How to add one: see README.md beside this crate's manifest.

use sea_orm_migration::prelude::*;
pub use sea_orm_migration::prelude::{MigratorTrait, SchemaManager};

mod m20261122_000001_people;
mod m20261122_000002_sign_in;
mod m20261122_000003_records;
mod m20261122_000004_clients_and_tokens;
mod m20261122_000005_mail;
mod m20261122_000006_register;
mod m20261122_000007_staff;
mod m20261122_000008_regulations;
mod m20261122_000009_procedure;
mod m20261122_000010_letters_from_before;
mod m20261122_000011_links_and_reviews;
mod m20261122_000012_corrections;
mod m20261122_000013_requested_claims;
mod m20261122_000014_client_policy;
mod m20261122_000015_resources_and_answers;
mod m20261122_000016_registration;
mod m20261122_000017_logout_notices;
mod m20261122_000018_trusted_devices;
mod m20261122_000019_lockout;
mod m20261122_000020_passkeys;
mod m20261122_000021_password_history;
mod m20261122_000022_audit_chain;
mod m20261123_000023_paper_corrections;

#[derive(Debug)]
pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m20261122_000001_people::Migration),
            Box::new(m20261122_000002_sign_in::Migration),
            Box::new(m20261122_000003_records::Migration),
            Box::new(m20261122_000004_clients_and_tokens::Migration),
            Box::new(m20261122_000005_mail::Migration),
            Box::new(m20261122_000006_register::Migration),
            Box::new(m20261122_000007_staff::Migration),
            Box::new(m20261122_000008_regulations::Migration),
            Box::new(m20261122_000009_procedure::Migration),
            Box::new(m20261122_000010_letters_from_before::Migration),
            Box::new(m20261122_000011_links_and_reviews::Migration),
            Box::new(m20261122_000012_corrections::Migration),
            Box::new(m20261122_000013_requested_claims::Migration),
            Box::new(m20261122_000014_client_policy::Migration),
            Box::new(m20261122_000015_resources_and_answers::Migration),
            Box::new(m20261122_000016_registration::Migration),
            Box::new(m20261122_000017_logout_notices::Migration),
            Box::new(m20261122_000018_trusted_devices::Migration),
            Box::new(m20261122_000019_lockout::Migration),
            Box::new(m20261122_000020_passkeys::Migration),
            Box::new(m20261122_000021_password_history::Migration),
            Box::new(m20261122_000022_audit_chain::Migration),
            Box::new(m20261123_000023_paper_corrections::Migration),
        ]
    }
}
