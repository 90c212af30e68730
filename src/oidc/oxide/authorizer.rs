//! Codes: issued with their grant, and used up by one conditional update.

use async_trait::async_trait;
use oxide_auth::primitives::grant::Grant;
use oxide_auth_async::primitives::Authorizer;

use super::context::GrantContext;
use super::op::Op;
use crate::domain::audit::{Action, Actor, AuditRecord};
use crate::domain::clock::Moment;
use crate::domain::ids::{AccountId, ClientSessionId, GrantId, SessionId};
use crate::domain::secret::BearerSecret;
use crate::domain::token::TokenGrant;
use crate::oidc::error::{Failure, ProtocolError};
use crate::storage::grants::StoredCode;
use crate::storage::{accounts, grants, sessions};

#[async_trait]
impl Authorizer for Op<'_> {
    async fn authorize(&mut self, grant: Grant) -> Result<String, ()> {
        match self.issue_code(&grant).await {
            Ok((code, granted)) => {
                self.code = Some(code.clone());
                self.granted = Some(granted);
                Ok(code)
            }
            Err(failure) => self.refuse(failure),
        }
    }

    async fn extract(&mut self, code: &str) -> Result<Option<Grant>, ()> {
        match self.use_code(code).await {
            Ok(grant) => Ok(Some(grant)),
            Err(failure) => self.refuse(failure),
        }
    }
}

impl Op<'_> {
    async fn issue_code(&self, grant: &Grant) -> Result<(String, GrantId), Failure> {
        let context = GrantContext::from_extensions(&grant.extensions)
            .ok_or_else(|| Failure::internal("a code without its context"))?;
        let provider = self.provider;
        let now = provider.ambient.now();
        let session = SessionId::from(context.session);
        let sid: ClientSessionId = sessions::sid_for_client(
            self.transaction,
            session,
            &self.client.id,
            provider.ambient.new_id(),
            now,
        )
        .await?;
        let new = TokenGrant {
            id: provider.ambient.new_id(),
            account: AccountId::from(context.account),
            client_id: self.client.id.clone(),
            session,
            sid,
            scope: self.negotiated_scope(),
            resources: context.resources,
            nonce: context.nonce,
            auth_time: context.auth_time,
            acr: context.acr,
            amr: context.amr,
            claims: context.claims,
            created_at: now,
            revoked_at: None,
        };
        let expires_at = now + provider.lifetimes.code;
        // Kept as long as an access token could hang on it; refresh tokens extend it.
        grants::insert(self.transaction, &new, expires_at + provider.lifetimes.access_token).await?;
        let code = provider.ambient.new_secret();
        grants::insert_code(
            self.transaction,
            code.digest(),
            StoredCode {
                grant: new.id,
                // oxide-auth hands the address on parsed, which may have changed its spelling; the code is bound to
                // the bytes that were asked for.
                redirect_uri: self
                    .presented_redirect
                    .map_or_else(|| grant.redirect_uri.to_string(), str::to_owned),
                code_challenge: context.code_challenge,
                expires_at,
                used_at: None,
            },
        )
        .await?;
        let record = AuditRecord::of_account(Action::GrantIssued, new.account)
            .session(session)
            .client(&self.client.id)
            .outcome("code")
            .from(self.origin);
        provider.journal.record(self.transaction, &record).await?;
        Ok((code.expose().to_owned(), new.id))
    }

    /// RFC 6749 §4.1.2: a code is used once. A second use revokes everything that came of the first, and that
    /// revocation is committed although the answer is an error.
    async fn use_code(&mut self, code: &str) -> Result<Grant, Failure> {
        let digest = BearerSecret::presented(code).digest();
        let now = self.provider.ambient.now();
        let unknown = || ProtocolError::invalid_grant("the code is unknown or expired");
        let stored = grants::find_code(self.transaction, digest).await?.ok_or_else(unknown)?;
        // From here on, whoever else presents a code of this grant waits.
        let grant = grants::lock(self.transaction, stored.grant).await?.ok_or_else(unknown)?;
        if grant.client_id != self.client.id {
            return Err(ProtocolError::invalid_grant("the code was not issued to this client").into());
        }
        if stored.used_at.is_some() || !grants::use_code(self.transaction, digest, now).await? {
            return self.revoke_replayed(&grant, now).await;
        }
        if stored.expires_at <= now || !grant.is_live() {
            return Err(unknown().into());
        }
        if self.presented_redirect != Some(stored.redirect_uri.as_str()) {
            return Err(ProtocolError::invalid_grant(
                "redirect_uri is not the one of the authorization request (RFC 6749 section 4.1.3)",
            )
            .into());
        }
        self.recover(grant, stored.code_challenge, 0, &stored.redirect_uri).await
    }

    async fn revoke_replayed(&mut self, grant: &TokenGrant, now: Moment) -> Result<Grant, Failure> {
        self.commit_on_error = true;
        if grants::revoke(self.transaction, grant.id, now).await? {
            let record = AuditRecord::new(Action::GrantRevoked, Actor::Client(self.client.id.clone()))
                .about(grant.account)
                .session(grant.session)
                .client(&grant.client_id)
                .outcome("code_replayed")
                .from(self.origin);
            self.provider.journal.record(self.transaction, &record).await?;
        }
        Err(ProtocolError::invalid_grant("the code was used before; what it gave is revoked").into())
    }

    /// A grant in oxide-auth's terms, if its account may still act.
    pub(super) async fn recover(
        &mut self,
        grant: TokenGrant,
        code_challenge: Option<String>,
        generation: i32,
        redirect_uri: &str,
    ) -> Result<Grant, Failure> {
        let account = accounts::find(self.transaction, grant.account)
            .await?
            .filter(|account| account.state.is_open_to_clients())
            .ok_or_else(|| ProtocolError::invalid_grant("the account is not active"))?;
        let context = GrantContext::of_grant(&grant, code_challenge, generation);
        let recovered = Grant {
            owner_id: self.provider.subject_for(self.transaction, self.client, &account).await?,
            client_id: grant.client_id.clone(),
            scope: grant.scope.to_string().parse().map_err(|_| Failure::internal("a stored scope"))?,
            redirect_uri: redirect_uri.parse().map_err(Failure::internal)?,
            // Expiry was checked against the injected clock; oxide-auth asks the system's.
            until: Moment::MAX_UTC,
            extensions: context.into_extensions().map_err(Failure::internal)?,
        };
        self.recovered = Some(grant);
        Ok(recovered)
    }
}
