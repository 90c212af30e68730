//! Publishing a version of the Regulations: what an operator does from the command line.

use sea_orm::DbErr;

use crate::domain::ambient::Ambient;
use crate::domain::audit::{Action, Actor, AuditRecord};
use crate::domain::regulations::text::{self, TextError};
use crate::domain::regulations::{Edition, NotAVersion, Regulations};
use crate::storage::database::Database;
use crate::storage::journal::Journal;
use crate::storage::regulations;

/// What is to be published, as it was written.
#[derive(Debug, Clone, Copy)]
pub struct Draft<'a> {
    pub version: &'a str,
    pub polish: &'a str,
    pub english: &'a str,
}

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Published {
    /// It is in force from now on.
    Now(Edition),
    /// It was published before, with the same words.
    Before(Edition),
}

#[derive(Debug, thiserror::Error)]
pub enum PublishError {
    #[error(transparent)]
    Version(#[from] NotAVersion),
    #[error("the Polish text: {0}")]
    Polish(TextError),
    #[error("the English text: {0}")]
    English(TextError),
    #[error(
        "version {0} was published with other words, which people may have accepted; publish these under another version"
    )]
    OtherWords(String),
    #[error(transparent)]
    Database(#[from] DbErr),
}

/// Puts a version into force. The same once more changes nothing, so that a command whose answer was lost can be
/// repeated.
///
/// # Errors
/// If the version has no proper name, a text cannot be shown, or the version exists with other words.
pub async fn publish(
    database: &Database,
    ambient: &Ambient,
    journal: &Journal,
    draft: Draft<'_>,
) -> Result<Published, PublishError> {
    let new = Regulations {
        edition: Edition {
            id: ambient.new_id(),
            version: draft.version.parse()?,
            published_at: ambient.now(),
        },
        polish: text::checked(draft.polish).map_err(PublishError::Polish)?,
        english: text::checked(draft.english).map_err(PublishError::English)?,
    };
    let transaction = database.begin().await?;
    if !regulations::insert(&transaction, &new).await? {
        let known = regulations::find(&transaction, &new.edition.version).await?;
        return match known {
            Some(known) if known.polish == new.polish && known.english == new.english => {
                Ok(Published::Before(known.edition))
            }
            _ => Err(PublishError::OtherWords(draft.version.to_owned())),
        };
    }
    let record = AuditRecord::new(Action::RegulationsPublished, Actor::Operator).outcome("command_line");
    journal.record(&transaction, &record).await?;
    transaction.commit().await?;
    Ok(Published::Now(new.edition))
}
