//! The offices of the configuration exist in the database: people and letters belong to them.

use sea_orm::DbErr;

use super::foundation::Foundation;
use crate::storage::people;

/// Records every configured office that is not there yet. Two servers that start at once end up with one row each.
pub(super) async fn found(foundation: &Foundation) -> Result<(), DbErr> {
    let Foundation { settings, ambient, database, .. } = foundation;
    // Most starts find them all, and do not take the writer's place for it.
    let known = people::office_names(database.read()).await?;
    let missing: Vec<&str> =
        settings.offices.names().filter(|name| !known.iter().any(|known| known == name)).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let transaction = database.begin().await?;
    for name in missing {
        people::office_named(&transaction, ambient.new_id(), name, ambient.now()).await?;
    }
    transaction.commit().await
}
