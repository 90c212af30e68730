//! How sessions end, and with them what was granted in them.

use sea_orm::{ConnectionTrait, DbErr};

use crate::domain::audit::{Action, AuditRecord, Origin};
use crate::domain::clock::Moment;
use crate::domain::ids::{AccountId, SessionId};
use crate::domain::token::TokenGrant;
use crate::storage::journal::Journal;
use crate::storage::{grants, sessions};

/// Ends a session, and every grant that was not made to outlive it.
pub(super) async fn end_session(
    journal: &Journal,
    transaction: &impl ConnectionTrait,
    session: SessionId,
    account: AccountId,
    why: &'static str,
    now: Moment,
    origin: &Origin,
) -> Result<(), DbErr> {
    if !sessions::end(transaction, session, now).await? {
        return Ok(());
    }
    for grant in grants::live_of_session(transaction, session, false).await? {
        revoke(journal, transaction, &grant, why, now, origin).await?;
    }
    let record =
        AuditRecord::of_account(Action::SessionEnded, account).session(session).outcome(why).from(origin);
    journal.record(transaction, &record).await?;
    journal
        .announce(
            transaction,
            "session.ended",
            serde_json::json!({"session": session.to_string(), "why": why}),
        )
        .await
}

/// Ends everything that anybody holds for this account: its sessions, and every grant with its tokens, those that were
/// made to outlive their session among them. The caller holds the account's lock.
pub async fn end_everything(
    journal: &Journal,
    transaction: &impl ConnectionTrait,
    account: AccountId,
    why: &'static str,
    now: Moment,
    origin: &Origin,
) -> Result<(), DbErr> {
    for session in sessions::live_ids_of(transaction, account, None, now).await? {
        end_session(journal, transaction, session, account, why, now, origin).await?;
    }
    for grant in grants::live_of_account(transaction, account).await? {
        revoke(journal, transaction, &grant, why, now, origin).await?;
    }
    Ok(())
}

/// Revokes a grant, and with it every token that hangs on it.
pub(super) async fn revoke(
    journal: &Journal,
    transaction: &impl ConnectionTrait,
    grant: &TokenGrant,
    why: &'static str,
    now: Moment,
    origin: &Origin,
) -> Result<(), DbErr> {
    grants::revoke(transaction, grant.id, now).await?;
    let record = AuditRecord::of_account(Action::GrantRevoked, grant.account)
        .session(grant.session)
        .client(grant.client_id.clone())
        .outcome(why)
        .from(origin);
    journal.record(transaction, &record).await
}
