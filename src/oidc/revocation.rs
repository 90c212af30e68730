//! Revocation (RFC 7009): a client says that it needs a token no longer, or lost it.
//!
//! Every token of one authorization hangs on one grant, and the grant is what dies: with a refresh token its whole
//! family and the access tokens (§2.1, a MUST), with an access token the refresh tokens as well (§2.1, a MAY). Otherwise
//! the grant would hand out the next one, and the person's page of services would go on to show access that the client has
//! given up.

use super::access_token;
use super::error::{ErrorCode, Failure, ProtocolError};
use super::parameters::Parameters;
use super::provider::{Provider, paths};
use crate::domain::audit::{Action, Actor, AuditRecord, Origin};
use crate::domain::client::Client;
use crate::domain::ids::GrantId;
use crate::domain::secret::BearerSecret;
use crate::storage::grants;

/// What a presented token turned out to be.
enum Presented {
    /// Nothing of ours, or nothing any more.
    Nothing,
    /// A client's own access token, which hangs on nothing.
    OfClientItself {
        client_id: String,
    },
    OnGrant(GrantId),
}

impl Provider {
    /// Revokes what a token hangs on. A token that is unknown, or dead, is as good as revoked (RFC 7009 §2.2).
    ///
    /// # Errors
    /// `invalid_client`; `invalid_request` without a `token`; `invalid_grant` for another client's token, to which
    /// nothing happens; `unsupported_token_type` for a client's own access token, which nothing can revoke.
    pub async fn revoke(
        &self,
        authorization: Option<&str>,
        parameters: &Parameters,
        origin: &Origin,
    ) -> Result<(), Failure> {
        if let Some(fault) = parameters.fault() {
            return Err(ProtocolError::faulty(fault).into());
        }
        let client = self.authenticate_client(paths::REVOCATION, authorization, parameters).await?;
        let token =
            parameters.get("token").ok_or_else(|| ProtocolError::invalid_request("token is missing"))?;
        match self.recognise(token).await? {
            Presented::Nothing => Ok(()),
            Presented::OfClientItself { client_id } if client_id == client.id => Err(ProtocolError::new(
                ErrorCode::UnsupportedTokenType,
                "a client's own access token cannot be revoked; it ends by itself within minutes",
            )
            .into()),
            Presented::OfClientItself { .. } => Err(of_another_client().into()),
            Presented::OnGrant(grant) => self.revoke_grant(&client, grant, origin).await,
        }
    }

    /// `token_type_hint` is not needed: one kind is a signed JWT, and the other is found by its digest or not at all.
    async fn recognise(&self, token: &str) -> Result<Presented, Failure> {
        if let Some(presented) = access_token::verify(self, token) {
            return Ok(match presented.grant {
                Some(grant) => Presented::OnGrant(grant),
                None => Presented::OfClientItself { client_id: presented.client_id },
            });
        }
        let digest = BearerSecret::presented(token).digest();
        let stored = grants::find_refresh_token(self.database.read(), digest).await?;
        // One that was used is still of the family.
        Ok(stored.map_or(Presented::Nothing, |stored| Presented::OnGrant(stored.grant)))
    }

    async fn revoke_grant(&self, client: &Client, grant: GrantId, origin: &Origin) -> Result<(), Failure> {
        let transaction = self.database.begin().await?;
        // Whoever refreshes at this moment either comes before, and is revoked, or after, and gets nothing.
        let Some(grant) = grants::lock(&transaction, grant).await? else {
            return Ok(transaction.rollback().await?);
        };
        if grant.client_id != client.id {
            transaction.rollback().await?;
            return Err(of_another_client().into());
        }
        if grants::revoke(&transaction, grant.id, self.ambient.now()).await? {
            let record = AuditRecord::new(Action::GrantRevoked, Actor::Client(client.id.clone()))
                .about(grant.account)
                .session(grant.session)
                .client(&client.id)
                .outcome("by_client")
                .from(origin);
            self.journal.record(&transaction, &record).await?;
        }
        transaction.commit().await?;
        Ok(())
    }
}

/// RFC 7009 §2.1: the request is refused, and the client told.
fn of_another_client() -> ProtocolError {
    ProtocolError::invalid_grant("the token was not issued to this client")
}
