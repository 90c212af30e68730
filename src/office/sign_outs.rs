//! Which services could not be told that a session ended: whoever may read it reads it, whoever may retry retries.

use std::collections::HashMap;

use sea_orm::DbErr;

use super::context::Office;
use super::deliveries::{Retried, SHOWN};
use crate::domain::audit::{Action, Actor, AuditRecord, Origin};
use crate::domain::client::Client;
use crate::domain::ids::LogoutNoticeId;
use crate::domain::logout_notice::TRIED_FOR;
use crate::domain::staff::{StaffMember, Task};
use crate::storage::clients;
use crate::storage::logout_notices::{self, ClientCounts, ListedNotice};

/// What was said to whom.
#[derive(Debug)]
pub struct SignOutNotices {
    /// Every client that was told anything, or is to be.
    pub counts: Vec<ClientCounts>,
    /// The given-up first, then the oldest first; at most 200.
    pub notices: Vec<ListedNotice>,
    /// By their ids.
    pub clients: HashMap<String, Client>,
}

impl Office {
    /// How the services were told. `None` for whoever does not look after that.
    pub async fn sign_out_notices(&self, member: &StaffMember) -> Result<Option<SignOutNotices>, DbErr> {
        if !member.may(Task::ReadSignOuts) {
            return Ok(None);
        }
        let transaction = self.database.begin_read().await?;
        let counts = logout_notices::counts(&transaction).await?;
        let notices = logout_notices::not_delivered(&transaction, SHOWN).await?;
        let clients = clients::all(&transaction).await?;
        transaction.rollback().await?;
        let clients = clients.into_iter().map(|client| (client.id.clone(), client)).collect();
        Ok(Some(SignOutNotices { counts, notices, clients }))
    }

    /// Tells a service again that has not been told, for another day.
    pub async fn retry_sign_out_notice(
        &self,
        member: &StaffMember,
        id: LogoutNoticeId,
        origin: &Origin,
    ) -> Result<Retried, DbErr> {
        if !member.may(Task::RetrySignOuts) {
            return Ok(Retried::NotWaiting);
        }
        let now = self.ambient.now();
        let transaction = self.database.begin().await?;
        let Some((client, about)) = logout_notices::retry(&transaction, id, now, now + TRIED_FOR).await?
        else {
            transaction.rollback().await?;
            return Ok(Retried::NotWaiting);
        };
        let record = AuditRecord::new(Action::LogoutNoticeRetried, Actor::Staff(member.account))
            .about(about)
            .client(client)
            .from(origin);
        self.journal.record(&transaction, &record).await?;
        transaction.commit().await?;
        Ok(Retried::Due)
    }
}
