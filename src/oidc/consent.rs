//! The person's yes or no to what a client asks for.

use super::error::{ErrorCode, Failure, ProtocolError};
use super::provider::Provider;
use super::resume::{Next, Visited};
use crate::domain::audit::{Action, AuditRecord, Origin};
use crate::domain::authorization::Need;
use crate::domain::session::SignedIn;
use crate::storage::{authorizations, consents};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    Approve,
    Deny,
}

impl Provider {
    /// Does this request wait for the consent of this session's person?
    pub async fn awaits_consent(&self, visited: &Visited, signed_in: &SignedIn) -> Result<bool, Failure> {
        let session = Some(signed_in.clone().into());
        Ok(visited.authorization.ended_at.is_none()
            && matches!(self.need(visited, session).await?, Need::Consent))
    }

    /// Takes the decision. What is not waiting for one goes on as if nobody had pressed: a double click changes
    /// nothing.
    pub async fn decide_consent(
        &self,
        visited: &Visited,
        signed_in: &SignedIn,
        decision: Decision,
        origin: &Origin,
    ) -> Result<Next, Failure> {
        if !self.awaits_consent(visited, signed_in).await? {
            return self.resume(visited, Some(signed_in.clone().into()), origin).await;
        }
        match decision {
            Decision::Approve => self.approve(visited, signed_in, origin).await,
            Decision::Deny => self.deny(visited, signed_in, origin).await,
        }
    }

    async fn approve(
        &self,
        visited: &Visited,
        signed_in: &SignedIn,
        origin: &Origin,
    ) -> Result<Next, Failure> {
        let account = signed_in.account();
        let client = &visited.client;
        let transaction = self.database.begin().await?;
        let now = self.ambient.now();
        // The request first, as everywhere: what is remembered hangs on its client.
        authorizations::mark_consented(&transaction, visited.authorization.id, account, now).await?;
        let before = consents::remembered(&transaction, account, &client.id).await?.unwrap_or_default();
        let consented = before.union(&visited.authorization.parameters.asks());
        consents::remember(&transaction, account, &client.id, &consented, now).await?;
        let record = AuditRecord::of_account(Action::ConsentGiven, account)
            .session(signed_in.session())
            .client(&client.id)
            .from(origin);
        self.journal.record(&transaction, &record).await?;
        transaction.commit().await?;
        let mut visited = visited.clone();
        visited.authorization.consented_by = Some(account);
        self.resume(&visited, Some(signed_in.clone().into()), origin).await
    }

    /// RFC 6749 §4.1.2.1, `access_denied`.
    async fn deny(&self, visited: &Visited, signed_in: &SignedIn, origin: &Origin) -> Result<Next, Failure> {
        let transaction = self.database.begin().await?;
        let record = AuditRecord::of_account(Action::ConsentDenied, signed_in.account())
            .session(signed_in.session())
            .client(&visited.client.id)
            .from(origin);
        self.journal.record(&transaction, &record).await?;
        let error = ProtocolError::new(ErrorCode::AccessDenied, "the person did not agree");
        self.end_with_error(transaction, visited, &error).await
    }
}
