//! What happened, and who must be told: audit records, outbox events and mail, written in the caller's transaction.
//!
//! Where a record came from (address, device), and the reason somebody typed, are personal. It is sealed under a key of the person it is about, so
//! that erasure destroys one small key and the records stay (and stay unreadable).

use std::sync::Arc;

use sea_orm::{ConnectionTrait, DbErr};

use super::logout_notices::NewNotice;
use super::mail::NewMail;
use super::outbox::StoredEvent;
use super::{audit, keys, logout_notices, mail, outbox};
use crate::crypto::sealing::{SealingKey, purpose};
use crate::domain::ambient::Ambient;
use crate::domain::audit::{AuditRecord, Origin, Personal};
use crate::domain::clock::Moment;
use crate::domain::ids::{AccountId, ClientSessionId};
use crate::domain::logout_notice::TRIED_FOR;
use crate::domain::mail::Mail;

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
            Some(account) => self.seal_personal(transaction, account, record).await?,
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

    /// Puts a message on its way. Recipient and facts lie sealed until it was sent.
    pub async fn mail(&self, transaction: &impl ConnectionTrait, message: &Mail) -> Result<(), DbErr> {
        let plain = serde_json::to_vec(message).map_err(|error| DbErr::Custom(error.to_string()))?;
        let waiting = NewMail {
            id: self.ambient.new_id(),
            kind: message.message.kind(),
            about: message.about,
            sealed: self.sealing.seal(purpose::MAIL, &plain, self.ambient.entropy()),
            created_at: self.ambient.now(),
        };
        mail::enqueue(transaction, waiting).await
    }

    /// Puts the news that a session ended on its way to a client, which knows it by this `sid`.
    pub async fn tell_client(
        &self,
        transaction: &impl ConnectionTrait,
        client_id: String,
        sid: ClientSessionId,
        account: AccountId,
        why: &'static str,
    ) -> Result<(), DbErr> {
        let now = self.ambient.now();
        let id = self.ambient.new_id();
        let try_until = now + TRIED_FOR;
        let news = NewNotice { id, client_id, sid, account, why, created_at: now, try_until };
        logout_notices::enqueue(transaction, news).await
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
    pub async fn open_personal(
        &self,
        connection: &impl ConnectionTrait,
        account: AccountId,
        sealed: &str,
    ) -> Result<Option<Personal>, DbErr> {
        Ok(self.open_each_personal(connection, account, [Some(sealed)]).await?.pop().flatten())
    }

    /// The same for many, in their order; what was not sealed is `None` too.
    pub async fn open_each_personal(
        &self,
        connection: &impl ConnectionTrait,
        account: AccountId,
        sealed: impl IntoIterator<Item = Option<&str>>,
    ) -> Result<Vec<Option<Personal>>, DbErr> {
        let key = self.person_key(connection, account).await?;
        let open = |sealed: Option<&str>| match (&key, sealed) {
            (Some(key), Some(sealed)) => {
                let plain = key
                    .open(purpose::AUDIT_ORIGIN, sealed)
                    .map_err(|error| DbErr::Custom(error.to_string()))?;
                serde_json::from_slice(&plain).map(Some).map_err(|error| DbErr::Custom(error.to_string()))
            }
            _ => Ok(None),
        };
        sealed.into_iter().map(open).collect()
    }

    /// Seals what somebody typed about a person under that person's key. Without a key nothing is kept: an erased person
    /// leaves no words behind.
    pub async fn seal_words(
        &self,
        connection: &impl ConnectionTrait,
        account: AccountId,
        words: &str,
    ) -> Result<String, DbErr> {
        Ok(match self.person_key(connection, account).await? {
            Some(key) => key.seal(purpose::AUDIT_ORIGIN, words.as_bytes(), self.ambient.entropy()),
            None => String::new(),
        })
    }

    /// What [`Self::seal_words`] sealed; `None` once the person was erased.
    pub async fn open_words(
        &self,
        connection: &impl ConnectionTrait,
        account: AccountId,
        sealed: &str,
    ) -> Result<Option<String>, DbErr> {
        let custom = |error: &dyn std::fmt::Display| DbErr::Custom(error.to_string());
        match self.person_key(connection, account).await? {
            Some(key) if !sealed.is_empty() => {
                let plain = key.open(purpose::AUDIT_ORIGIN, sealed).map_err(|error| custom(&error))?;
                String::from_utf8(plain.to_vec()).map(Some).map_err(|error| custom(&error))
            }
            _ => Ok(None),
        }
    }

    async fn seal_personal(
        &self,
        connection: &impl ConnectionTrait,
        account: AccountId,
        record: &AuditRecord,
    ) -> Result<Option<String>, DbErr> {
        let Origin { address, user_agent } = &record.origin;
        if address.is_none() && user_agent.is_none() && record.reason.is_none() {
            return Ok(None);
        }
        let Some(key) = self.person_key(connection, account).await? else {
            return Ok(None);
        };
        let personal = Personal { origin: record.origin.clone(), reason: record.reason.clone() };
        let plain = serde_json::to_vec(&personal).map_err(|error| DbErr::Custom(error.to_string()))?;
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
