//! Who the client is, where it may be answered, what it may ask for.

use std::borrow::Cow;
use std::sync::PoisonError;

use async_trait::async_trait;
use oxide_auth::code_grant::{accesstoken, authorization, client_credentials};
use oxide_auth::primitives::grant::Extensions;
use oxide_auth::primitives::registrar::{
    BoundClient, ClientUrl, ExactUrl, PreGrant, RegisteredUrl, RegistrarError,
};
use oxide_auth::primitives::scope::Scope;
use oxide_auth_async::code_grant;
use oxide_auth_async::primitives::Registrar;

use super::context::{GrantContext, NO_REDIRECT};
use super::op::Op;
use crate::domain::scope::ScopeSet;
use crate::oidc::error::{ErrorCode, Failure, ProtocolError};
use crate::oidc::pkce;

#[async_trait]
impl Registrar for Op<'_> {
    async fn bound_redirect<'a>(&self, bound: ClientUrl<'a>) -> Result<BoundClient<'a>, RegistrarError> {
        if bound.client_id != self.client.id {
            return Err(RegistrarError::Unspecified);
        }
        let redirect_uri = match bound.redirect_uri {
            Some(uri) if self.client.owns_redirect_uri(uri.as_str()) => uri.into_owned(),
            Some(_) => return Err(RegistrarError::Unspecified),
            None => ExactUrl::new(NO_REDIRECT.to_owned()).map_err(|_| RegistrarError::PrimitiveError)?,
        };
        Ok(BoundClient {
            client_id: bound.client_id,
            redirect_uri: Cow::Owned(RegisteredUrl::Exact(redirect_uri)),
        })
    }

    /// Scope values that the client may not ask for are left out of an authorization (OpenID Connect Core §3.1.2.1),
    /// and refused where a client asks for itself (RFC 6749 §5.2; oxide-auth would ignore the whole request).
    async fn negotiate<'a>(
        &self,
        client: BoundClient<'a>,
        scope: Option<Scope>,
    ) -> Result<PreGrant, RegistrarError> {
        // oxide-auth's scope is a hash set: the order comes from our own.
        let requested = match scope {
            Some(scope) => ScopeSet::parse(&scope.to_string()).unwrap_or_default(),
            None => self.client.allowed_scope(),
        };
        let allowed = self.client.allowed_scope();
        let mut granted: Vec<&str> = requested.iter().filter(|value| allowed.contains(value)).collect();
        granted.sort_by_key(|value| allowed.iter().position(|own| own == *value));
        let granted: ScopeSet = granted.into_iter().collect();
        let is_for_person = client.redirect_uri.as_str() != NO_REDIRECT;
        if (is_for_person && granted.is_empty()) || (!is_for_person && !requested.is_subset_of(&allowed)) {
            let error = ProtocolError::new(ErrorCode::InvalidScope, "this client may not ask for this scope");
            let _refused: Result<(), NoMore> = self.refuse(error);
            return Err(RegistrarError::Unspecified);
        }
        let scope = granted.to_string().parse().map_err(|_| RegistrarError::PrimitiveError)?;
        *self.negotiated.lock().unwrap_or_else(PoisonError::into_inner) = granted;
        Ok(PreGrant {
            client_id: client.client_id.into_owned(),
            redirect_uri: client.redirect_uri.into_owned(),
            scope,
        })
    }

    /// The client has proved itself before the flow; this only asks whether it is that one.
    async fn check(&self, client_id: &str, _passphrase: Option<&[u8]>) -> Result<(), RegistrarError> {
        if client_id == self.client.id { Ok(()) } else { Err(RegistrarError::Unspecified) }
    }
}

#[derive(Default)]
struct NoMore;

#[async_trait]
impl code_grant::authorization::Extension for Op<'_> {
    async fn extend(&mut self, _: &(dyn authorization::Request + Sync)) -> Result<Extensions, ()> {
        match self.granting.clone().map(GrantContext::into_extensions) {
            None => Ok(Extensions::new()),
            Some(Ok(extensions)) => Ok(extensions),
            Some(Err(error)) => self.refuse(Failure::internal(error)),
        }
    }
}

#[async_trait]
impl code_grant::access_token::Extension for Op<'_> {
    /// PKCE (RFC 7636 §4.6). oxide-auth's own accepts a verifier without a challenge, and checks no length.
    async fn extend(
        &mut self,
        request: &(dyn accesstoken::Request + Sync),
        data: Extensions,
    ) -> Result<Extensions, ()> {
        let Some(context) = GrantContext::from_extensions(&data) else {
            return self.refuse(Failure::internal("a code without its context"));
        };
        let verifier = request.extension("code_verifier");
        match pkce::verify(context.code_challenge.as_deref(), verifier.as_deref()) {
            Ok(()) => Ok(data),
            Err(error) => self.refuse(error),
        }
    }
}

#[async_trait]
impl code_grant::client_credentials::Extension for Op<'_> {
    async fn extend(&mut self, _: &(dyn client_credentials::Request + Sync)) -> Result<Extensions, ()> {
        Ok(Extensions::new())
    }
}
