//! How sessions end, and with them what was granted in them.

use sea_orm::{ConnectionTrait, DbErr};

use super::distrust::distrust;
use crate::domain::audit::{Action, Actor, AuditRecord, Origin};
use crate::domain::clock::Moment;
use crate::domain::ids::{AccountId, SessionId};
use crate::domain::token::TokenGrant;
use crate::domain::trusted_device::Occasion;
use crate::storage::journal::Journal;
use crate::storage::{clients, grants, passkeys, sessions};

/// Ends a session, and every grant that was not made to outlive it; its clients are told.
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
    let record = AuditRecord::of_account(Action::SessionEnded, account).from(origin);
    follow_up(journal, transaction, session, account, why, now, record).await
}

/// Ends a session that has run out, idle since `idle_since` or at its absolute end, in the same way. Returns whether it
/// had still run out.
pub(super) async fn end_run_out(
    journal: &Journal,
    transaction: &impl ConnectionTrait,
    session: SessionId,
    account: AccountId,
    now: Moment,
    idle_since: Moment,
) -> Result<bool, DbErr> {
    if !sessions::end_run_out(transaction, session, now, idle_since).await? {
        return Ok(false);
    }
    let record = AuditRecord::new(Action::SessionEnded, Actor::Clock).about(account);
    follow_up(journal, transaction, session, account, "expired", now, record).await?;
    Ok(true)
}

/// What follows from the end of a session, whatever brought it. `record` says who did.
async fn follow_up(
    journal: &Journal,
    transaction: &impl ConnectionTrait,
    session: SessionId,
    account: AccountId,
    why: &'static str,
    now: Moment,
    record: AuditRecord,
) -> Result<(), DbErr> {
    for grant in grants::live_of_session(transaction, session, false).await? {
        revoke(journal, transaction, &grant, why, now, &record.origin).await?;
    }
    tell_clients(journal, transaction, session, account, why).await?;
    journal.record(transaction, &record.session(session).outcome(why)).await?;
    journal
        .announce(
            transaction,
            "session.ended",
            serde_json::json!({"session": session.to_string(), "why": why}),
        )
        .await
}

/// News for every client that got something out of the session and wants to know (OpenID Connect Back-Channel Logout
/// §2.5), on its way as soon as the transaction is committed.
async fn tell_clients(
    journal: &Journal,
    transaction: &impl ConnectionTrait,
    session: SessionId,
    account: AccountId,
    why: &'static str,
) -> Result<(), DbErr> {
    for (client_id, sid) in sessions::sids_of(transaction, session).await? {
        let client = clients::find(transaction, &client_id).await?;
        if client.is_some_and(|client| client.metadata.backchannel_logout_uri.is_some()) {
            journal.tell_client(transaction, client_id, sid, account, why).await?;
        }
    }
    Ok(())
}

/// Ends everything that anybody holds for this account: its sessions, every grant with its tokens, those that were made to
/// outlive their session among them, and the trust in its devices. A passkey that may be somebody else's does not open the
/// account alone any more: it comes after the password, once. The caller holds the account's lock.
pub async fn end_everything(
    journal: &Journal,
    transaction: &impl ConnectionTrait,
    account: AccountId,
    why: &'static str,
    now: Moment,
    origin: &Origin,
) -> Result<(), DbErr> {
    end_sessions_and_grants(journal, transaction, account, why, now, origin).await?;
    passkeys::ask_for_the_password_first(transaction, account).await?;
    distrust(journal, transaction, account, None, Occasion::EverythingEnded, why, origin).await
}

/// The same, but that its devices keep the trust.
pub async fn end_sessions_and_grants(
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
