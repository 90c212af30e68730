//! Tokens. Every token comes out of here.

use async_trait::async_trait;
use oxide_auth::primitives::grant::Grant;
use oxide_auth::primitives::issuer::{IssuedToken, RefreshedToken, TokenType};
use oxide_auth_async::primitives::Issuer;

use super::context::{GrantContext, NO_REDIRECT};
use super::op::{Guard, Issued, Op, Protected};
use crate::domain::audit::{Action, Actor, AuditRecord};
use crate::domain::client::GrantType;
use crate::domain::clock::Moment;
use crate::domain::scope::ScopeSet;
use crate::domain::secret::BearerSecret;
use crate::domain::token::TokenGrant;
use crate::oidc::access_token::{self, AccessTokenFor};
use crate::oidc::error::{Failure, ProtocolError};
use crate::oidc::{liveness, resource};
use crate::storage::grants::{self, StoredRefreshToken};

#[async_trait]
impl Issuer for Op<'_> {
    async fn issue(&mut self, grant: Grant) -> Result<IssuedToken, ()> {
        match self.issue_tokens(&grant).await {
            Ok(issued) => {
                let token = IssuedToken {
                    token: issued.access_token.clone(),
                    refresh: issued.refresh_token.clone(),
                    until: Moment::MAX_UTC,
                    token_type: TokenType::Bearer,
                };
                self.issued = Some(issued);
                Ok(token)
            }
            Err(failure) => self.refuse(failure),
        }
    }

    async fn refresh(&mut self, token: &str, grant: Grant) -> Result<RefreshedToken, ()> {
        match self.rotate(token, &grant).await {
            Ok(issued) => {
                let token = RefreshedToken {
                    token: issued.access_token.clone(),
                    refresh: issued.refresh_token.clone(),
                    until: Moment::MAX_UTC,
                    token_type: TokenType::Bearer,
                };
                self.issued = Some(issued);
                Ok(token)
            }
            Err(failure) => self.refuse(failure),
        }
    }

    async fn recover_token(&mut self, _: &str) -> Result<Option<Grant>, ()> {
        // Tokens are presented to userinfo, which has a guard of its own.
        self.refuse(Failure::internal("an access token at the token endpoint"))
    }

    async fn recover_refresh(&mut self, token: &str) -> Result<Option<Grant>, ()> {
        match self.recover_family(token).await {
            Ok(grant) => Ok(Some(grant)),
            Err(failure) => self.refuse(failure),
        }
    }
}

impl Op<'_> {
    async fn issue_tokens(&mut self, grant: &Grant) -> Result<Issued, Failure> {
        let Some(context) = GrantContext::from_extensions(&grant.extensions) else {
            return self.issue_to_client_itself();
        };
        let recovered =
            self.recovered.take().ok_or_else(|| Failure::internal("a token without its grant"))?;
        let refresh_token = if self.client.may_use(GrantType::RefreshToken) {
            Some(self.next_refresh_token(&recovered, context.generation + 1).await?)
        } else {
            None
        };
        let scope = recovered.scope.clone();
        self.person_token(recovered, scope, &grant.owner_id, refresh_token)
    }

    /// Writes nothing: the token says all there is to say.
    fn issue_to_client_itself(&self) -> Result<Issued, Failure> {
        let scope = self.negotiated_scope();
        let access_token = access_token::mint(
            self.provider,
            self.client,
            AccessTokenFor {
                subject: &self.client.id,
                scope: &scope,
                audience: resource::audience(self.provider, self.client, &[], &self.resources)?,
                grant: None,
            },
        )?;
        Ok(Issued { access_token, refresh_token: None, scope, grant: None, subject: self.client.id.clone() })
    }

    fn person_token(
        &self,
        grant: TokenGrant,
        scope: ScopeSet,
        subject: &str,
        refresh_token: Option<BearerSecret>,
    ) -> Result<Issued, Failure> {
        let access_token = access_token::mint(
            self.provider,
            self.client,
            AccessTokenFor {
                subject,
                scope: &scope,
                audience: resource::audience(self.provider, self.client, &grant.resources, &self.resources)?,
                grant: Some(&grant),
            },
        )?;
        Ok(Issued {
            access_token,
            refresh_token: refresh_token.map(|token| token.expose().to_owned()),
            scope,
            grant: Some(grant),
            subject: subject.to_owned(),
        })
    }

    /// Good for a while from its last use, and never beyond the end of its family: who stole the newest token would
    /// otherwise keep it alive for ever (RFC 9700 §4.14.2).
    async fn next_refresh_token(&self, grant: &TokenGrant, generation: i32) -> Result<BearerSecret, Failure> {
        let ambient = &self.provider.ambient;
        let token = ambient.new_secret();
        let now = ambient.now();
        let lifetimes = self.provider.lifetimes.of(self.client);
        let expires_at = (now + lifetimes.refresh_token).min(grant.created_at + lifetimes.refresh_family);
        let new = StoredRefreshToken {
            grant: grant.id,
            generation,
            created_at: now,
            expires_at,
            used_at: None,
            sealed_answer: None,
        };
        grants::insert_refresh_token(self.transaction, token.digest(), new).await?;
        grants::extend(self.transaction, grant.id, expires_at).await?;
        Ok(token)
    }

    /// Finds the family that a refresh token belongs to (RFC 9700 §4.14.2): a token that was used before revokes it.
    async fn recover_family(&mut self, token: &str) -> Result<Grant, Failure> {
        let now = self.provider.ambient.now();
        let unknown = || ProtocolError::invalid_grant("the refresh token is unknown, expired or revoked");
        let digest = BearerSecret::presented(token).digest();
        let found = grants::find_refresh_token(self.transaction, digest).await?.ok_or_else(unknown)?;
        let grant = grants::lock(self.transaction, found.grant).await?.ok_or_else(unknown)?;
        if grant.client_id != self.client.id {
            return Err(
                ProtocolError::invalid_grant("the refresh token was not issued to this client").into()
            );
        }
        // Read again under the grant's lock: another redemption may just have used it.
        let stored = grants::find_refresh_token(self.transaction, digest).await?.ok_or_else(unknown)?;
        if stored.used_at.is_some() {
            return self.revoke_family(&grant, now).await;
        }
        if stored.expires_at <= now || !grant.is_live() {
            return Err(unknown().into());
        }
        if liveness::ended_with_its_session(self.transaction, &grant, now).await? {
            return Err(ProtocolError::invalid_grant("the session is over").into());
        }
        self.recover(grant, None, stored.generation, NO_REDIRECT).await
    }

    async fn revoke_family(&mut self, grant: &TokenGrant, now: Moment) -> Result<Grant, Failure> {
        self.commit_on_error = true;
        if grants::revoke(self.transaction, grant.id, now).await? {
            let record = AuditRecord::new(Action::GrantRevoked, Actor::Client(self.client.id.clone()))
                .about(grant.account)
                .session(grant.session)
                .client(&grant.client_id)
                .outcome("refresh_token_reused")
                .from(self.origin);
            self.provider.journal.record(self.transaction, &record).await?;
        }
        Err(ProtocolError::invalid_grant("the refresh token was used before; its whole family is revoked")
            .into())
    }

    /// Uses one token up and issues its successor: whoever has the token had its predecessor's answer, which is deleted.
    /// The successor keeps the whole scope of the grant, where oxide-auth hands over the narrowed one: narrowing is for
    /// this access token only (RFC 6749 §6).
    async fn rotate(&mut self, token: &str, narrowed: &Grant) -> Result<Issued, Failure> {
        let context = GrantContext::from_extensions(&narrowed.extensions)
            .ok_or_else(|| Failure::internal("a refresh without its context"))?;
        let recovered =
            self.recovered.take().ok_or_else(|| Failure::internal("a refresh without its grant"))?;
        let digest = BearerSecret::presented(token).digest();
        let now = self.provider.ambient.now();
        if !grants::use_refresh_token(self.transaction, digest, now).await? {
            self.revoke_family(&recovered, now).await?;
        }
        grants::forget_answers(self.transaction, recovered.id).await?;
        let asked = ScopeSet::parse(&narrowed.scope.to_string()).map_err(Failure::internal)?;
        let scope = recovered.scope.within(&asked);
        let successor = self.next_refresh_token(&recovered, context.generation + 1).await?;
        self.person_token(recovered, scope, &narrowed.owner_id, Some(successor))
    }
}

#[async_trait]
impl Issuer for Guard<'_> {
    async fn issue(&mut self, _: Grant) -> Result<IssuedToken, ()> {
        Err(())
    }

    async fn refresh(&mut self, _: &str, _: Grant) -> Result<RefreshedToken, ()> {
        Err(())
    }

    async fn recover_token(&mut self, token: &str) -> Result<Option<Grant>, ()> {
        match self.find_grant(token).await {
            Ok(grant) => Ok(grant),
            Err(failure) => {
                self.fault = Some(failure);
                Err(())
            }
        }
    }

    async fn recover_refresh(&mut self, _: &str) -> Result<Option<Grant>, ()> {
        Err(())
    }
}

impl Guard<'_> {
    /// The grant's row decides, not the token alone: a revoked grant is refused at once.
    async fn find_grant(&mut self, token: &str) -> Result<Option<Grant>, Failure> {
        let Some(presented) = access_token::verify(self.provider, token) else {
            return Ok(None);
        };
        let Some(id) = presented.grant else {
            // A client's own token: there is nobody to tell about.
            return Ok(None);
        };
        let Some(grant) = grants::find(self.transaction, id).await?.filter(TokenGrant::is_live) else {
            return Ok(None);
        };
        let recovered = Grant {
            owner_id: presented.subject.clone(),
            client_id: grant.client_id.clone(),
            scope: presented.scope.to_string().parse().map_err(|_| Failure::internal("a token's scope"))?,
            redirect_uri: NO_REDIRECT.parse().map_err(Failure::internal)?,
            until: Moment::MAX_UTC,
            extensions: oxide_auth::primitives::grant::Extensions::new(),
        };
        // What this token may see, which may be less than what was granted.
        let claims = if grant.scope.is_subset_of(&presented.scope) {
            grant.claims.clone()
        } else {
            // A narrowed token opens no claim by its name whose scope it has not.
            grant.claims.clone().within(&presented.scope)
        };
        let grant = TokenGrant { scope: presented.scope, claims, ..grant };
        self.grant = Some(Protected { grant, subject: presented.subject });
        Ok(Some(recovered))
    }
}
