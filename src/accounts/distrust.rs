//! Devices that are trusted no longer. Who trusts them: [`super::trusted_devices`].

use sea_orm::{ConnectionTrait, DbErr};

use crate::domain::audit::{Action, Actor, AuditRecord, Origin};
use crate::domain::ids::{AccountId, DeviceId, SessionId};
use crate::domain::trusted_device::{Losing, Occasion};
use crate::storage::journal::Journal;
use crate::storage::{sessions, trusted_devices};

/// Takes from an account's devices the trust that this occasion costs them; `here` is the session that it comes from.
/// `why` as the record of what happened has it. The caller holds the account's lock.
pub async fn distrust(
    journal: &Journal,
    transaction: &impl ConnectionTrait,
    account: AccountId,
    here: Option<SessionId>,
    occasion: Occasion,
    why: &'static str,
    origin: &Origin,
) -> Result<(), DbErr> {
    let except = match (occasion.takes_trust_from(), here) {
        (Losing::Nobody, _) => return Ok(()),
        (Losing::AllButThis, Some(here)) => sessions::device_of(transaction, here).await?,
        (Losing::AllButThis, None) | (Losing::All, _) => None,
    };
    if trusted_devices::delete_all(transaction, account, except).await? > 0 {
        record_loss(journal, transaction, account, here, why, origin).await?;
    }
    Ok(())
}

/// A device whose own budget has run out loses its trust: whoever sits there does not know the password. The next attempt
/// is one of an unknown device. The caller holds the budget's row.
pub(super) async fn burn(
    journal: &Journal,
    transaction: &impl ConnectionTrait,
    device: DeviceId,
) -> Result<(), DbErr> {
    let Some(account) = trusted_devices::take(transaction, device).await? else {
        return Ok(());
    };
    let record = AuditRecord::new(Action::DeviceDistrusted, Actor::Visitor).about(account);
    journal.record(transaction, &record.outcome("budget_used_up")).await
}

pub(super) async fn record_loss(
    journal: &Journal,
    transaction: &impl ConnectionTrait,
    account: AccountId,
    session: Option<SessionId>,
    why: &'static str,
    origin: &Origin,
) -> Result<(), DbErr> {
    let mut record = AuditRecord::of_account(Action::DeviceDistrusted, account).outcome(why);
    // Without a session it follows from something else, whose own record says who did that, and from where.
    if let Some(session) = session {
        record = record.session(session).from(origin);
    }
    journal.record(transaction, &record).await
}
