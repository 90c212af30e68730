//! What happens by the passing of time alone. Called every few minutes; small portions, so that nobody waits for it.

use chrono::TimeDelta;
use sea_orm::{DatabaseTransaction, DbErr};

use crate::domain::ambient::Ambient;
use crate::domain::application::{ApplicationEvent, ApplicationState};
use crate::domain::audit::{Action, Actor, AuditRecord};
use crate::domain::ids::{AccountId, TypedId as _};
use crate::storage::database::Database;
use crate::storage::journal::Journal;
use crate::storage::{applications, keys};

/// So many in one transaction; the next round takes the next.
const PORTION: u64 = 100;

/// Applications that ended without an account.
const CAME_TO_NOTHING: [ApplicationState; 3] =
    [ApplicationState::Rejected, ApplicationState::Expired, ApplicationState::Withdrawn];

/// Ends applications whose address nobody confirmed within `confirm_within`. Returns how many.
pub async fn expire_applications(
    database: &Database,
    ambient: &Ambient,
    journal: &Journal,
    confirm_within: TimeDelta,
) -> Result<u64, DbErr> {
    let now = ambient.now();
    // Most rounds find none, and do not take the writer's place for it.
    let pending = [ApplicationState::EmailPending];
    let due = applications::in_state_since(database.read(), &pending, now - confirm_within, PORTION).await?;
    if due.is_empty() {
        return Ok(0);
    }
    let transaction = database.begin().await?;
    let mut expired = 0;
    for id in due {
        let [from] = pending;
        // Whoever presses the button at this very moment, or another replica's round, may be faster.
        let Ok(becomes) = from.after(ApplicationEvent::Expired) else { continue };
        if applications::move_on(&transaction, id, from, becomes, now).await? {
            let record = AuditRecord::new(Action::ApplicationExpired, Actor::Clock).about_application(id);
            journal.record(&transaction, &record).await?;
            expired += 1;
        }
    }
    transaction.commit().await?;
    Ok(expired)
}

/// Erases applications that came to nothing longer ago than `kept`, and the keys of what is personal about them: their
/// audit records stay, and say no more who it was. Returns how many.
pub async fn erase_applications(
    database: &Database,
    ambient: &Ambient,
    kept: TimeDelta,
) -> Result<u64, DbErr> {
    let before = ambient.now() - kept;
    let due = applications::in_state_since(database.read(), &CAME_TO_NOTHING, before, PORTION).await?;
    if due.is_empty() {
        return Ok(0);
    }
    let transaction: DatabaseTransaction = database.begin().await?;
    let mut erased = 0;
    for id in due {
        if applications::erase(&transaction, id, &CAME_TO_NOTHING).await? {
            // No account has this id: only an approved application becomes one.
            keys::delete_person_key(&transaction, AccountId::from(id.uuid())).await?;
            erased += 1;
        }
    }
    transaction.commit().await?;
    Ok(erased)
}
