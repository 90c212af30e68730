//! What happened, and who must be told: audit records and outbox events, written in the caller's transaction.
//!
//! Where a record came from (address, device) is personal. It is sealed under a key of the person it is about, so
//! that erasure destroys one small key and the records stay (and stay unreadable).

use std::sync::Arc;

use sea_orm::{ConnectionTrait, DbErr};

use super::outbox::StoredEvent;
use super::{audit, keys, outbox};
use crate::crypto::sealing::{SealingKey, purpose};
use crate::domain::ambient::Ambient;
use crate::domain::audit::{AuditRecord, Origin};
use crate::domain::clock::Moment;
use crate::domain::ids::AccountId;

/// Writes records and events. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Journal {
    ambient: Ambient,
    sealing: Arc<SealingKey>,
}

impl Journal {
    pub fn new(ambient: Ambient, sealing: Arc<SealingKey>) -> Self {
        Self { ambient, sealing }
    }

    /// Appends an audit record.
    pub async fn record(
        &self,
        transaction: &impl ConnectionTrait,
        record: &AuditRecord,
    ) -> Result<(), DbErr> {
        let personal = match record.account {
            Some(account) => self.seal_origin(transaction, account, &record.origin).await?,
            // Nobody's key, so nothing personal is kept.
            None => None,
        };
        audit::append(transaction, self.ambient.new_id(), self.ambient.now(), record, personal).await
    }

    /// Puts an event into the outbox: ids and codes only, never a person's data.
    pub async fn announce(
        &self,
        transaction: &impl ConnectionTrait,
        topic: &str,
        payload: serde_json::Value,
    ) -> Result<(), DbErr> {
        let event = StoredEvent {
            id: self.ambient.new_id(),
            at: self.ambient.now(),
            topic: topic.to_owned(),
            payload,
        };
        outbox::append(transaction, event).await
    }

    /// Makes the key under which a new person's origins will be sealed.
    pub async fn make_person_key(
        &self,
        transaction: &impl ConnectionTrait,
        account: AccountId,
        now: Moment,
    ) -> Result<(), DbErr> {
        let key = SealingKey::generate_text(self.ambient.entropy());
        let sealed = self.sealing.seal(purpose::PERSON_KEY, key.as_bytes(), self.ambient.entropy());
        keys::insert_person_key(transaction, account, sealed, now).await
    }

    /// What was sealed, readable again; `None` once the person was erased.
    pub async fn open_origin(
        &self,
        connection: &impl ConnectionTrait,
        account: AccountId,
        sealed: &str,
    ) -> Result<Option<Origin>, DbErr> {
        let Some(key) = self.person_key(connection, account).await? else {
            return Ok(None);
        };
        let plain =
            key.open(purpose::AUDIT_ORIGIN, sealed).map_err(|error| DbErr::Custom(error.to_string()))?;
        serde_json::from_slice(&plain).map_err(|error| DbErr::Custom(error.to_string()))
    }

    async fn seal_origin(
        &self,
        connection: &impl ConnectionTrait,
        account: AccountId,
        origin: &Origin,
    ) -> Result<Option<String>, DbErr> {
        if origin.address.is_none() && origin.user_agent.is_none() {
            return Ok(None);
        }
        let Some(key) = self.person_key(connection, account).await? else {
            return Ok(None);
        };
        let plain = serde_json::to_vec(origin).map_err(|error| DbErr::Custom(error.to_string()))?;
        Ok(Some(key.seal(purpose::AUDIT_ORIGIN, &plain, self.ambient.entropy())))
    }

    async fn person_key(
        &self,
        connection: &impl ConnectionTrait,
        account: AccountId,
    ) -> Result<Option<SealingKey>, DbErr> {
        let Some(sealed) = keys::person_key(connection, account).await? else {
            return Ok(None);
        };
        let custom =
            |error: crate::crypto::sealing::SealingError| DbErr::Custom(format!("person key: {error}"));
        let text = self.sealing.open(purpose::PERSON_KEY, &sealed).map_err(custom)?;
        let text = std::str::from_utf8(&text).map_err(|error| DbErr::Custom(error.to_string()))?;
        SealingKey::from_text(text).map(Some).map_err(custom)
    }
}
