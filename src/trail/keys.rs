//! The keys that sign what is said about the chain: of their own, as what they sign must be checkable for years, while
//! the keys of tokens come and go.
//!
//! When the next key comes, the private half of the one before is destroyed: who steals the database and the sealing key
//! can sign nothing for the time before.

use sea_orm::{ConnectionTrait, DatabaseTransaction};

use super::Trail;
use super::error::TrailError;
use super::statement::{ALGORITHM, KeyClaims, Statement as _};
use crate::crypto::sealing::purpose;
use crate::crypto::signing::{KeyError, SigningKey};
use crate::domain::audit::{Action, Actor, AuditRecord};
use crate::storage::audit_chain;
use crate::storage::audit_keys::{self, StoredAuditKey};

impl Trail {
    /// The key to sign with. The caller holds the chain's lock, so that two first ones cannot be made.
    pub(super) async fn signing_key(
        &self,
        transaction: &DatabaseTransaction,
    ) -> Result<SigningKey, TrailError> {
        if let Some(key) = self.present_key(transaction).await? {
            return Ok(key);
        }
        self.next_key(transaction, None).await
    }

    async fn present_key(&self, connection: &impl ConnectionTrait) -> Result<Option<SigningKey>, TrailError> {
        let stored = audit_keys::all(connection).await?;
        let Some(sealed) = stored.last().and_then(|key| key.sealed.as_deref()) else { return Ok(None) };
        let pkcs8 = self.sealing.open(purpose::AUDIT_KEY, sealed)?;
        Ok(Some(SigningKey::parse(ALGORITHM, &pkcs8)?))
    }

    async fn next_key(
        &self,
        transaction: &DatabaseTransaction,
        before: Option<&SigningKey>,
    ) -> Result<SigningKey, TrailError> {
        let last = audit_keys::all(transaction).await?.last().map_or(0, |key| key.generation);
        let pkcs8 = SigningKey::generate(ALGORITHM)?;
        let key = SigningKey::parse(ALGORITHM, &pkcs8)?;
        let claims =
            KeyClaims { iss: self.rules.issuer.clone(), generation: last + 1, kid: key.kid().to_owned() };
        let public = key.public_jwk()["x"].as_str().ok_or(KeyError::Generation)?.to_owned();
        let new = StoredAuditKey {
            generation: claims.generation,
            kid: claims.kid.clone(),
            public,
            sealed: Some(self.sealing.seal(purpose::AUDIT_KEY, &pkcs8, self.ambient.entropy())),
            created_at: self.ambient.now(),
            introduction: claims.sign(before.unwrap_or(&key))?,
        };
        audit_keys::insert_next(transaction, new).await?;
        Ok(key)
    }

    /// Lets the next key sign from now on. Returns what it is known by.
    ///
    /// # Errors
    /// If the database does not answer, or the present key does not open.
    pub async fn rotate_key(&self) -> Result<String, TrailError> {
        let transaction = self.database.begin().await?;
        audit_chain::lock(&transaction).await?;
        let present = self.signing_key(&transaction).await?;
        let next = self.next_key(&transaction, Some(&present)).await?;
        let record = AuditRecord::new(Action::KeysRotated, Actor::Operator).outcome("audit_key");
        self.journal.record(&transaction, &record).await?;
        transaction.commit().await?;
        Ok(next.kid().to_owned())
    }
}
