//! The value that answers oxide-auth's questions, for the length of one request and one transaction.

use std::sync::{Mutex, PoisonError};

use oxide_auth::code_grant::resource;
use oxide_auth::primitives::scope::Scope;
use oxide_auth_async::code_grant;
use oxide_auth_async::primitives::{Authorizer, Issuer, Registrar};
use sea_orm::DatabaseTransaction;

use super::context::GrantContext;
use crate::domain::audit::Origin;
use crate::domain::client::Client;
use crate::domain::ids::GrantId;
use crate::domain::scope::{OPENID, ScopeSet};
use crate::domain::token::TokenGrant;
use crate::oidc::error::{ErrorCode, Failure, ProtocolError};
use crate::oidc::provider::Provider;

/// What the issuer issued: the answer of the token endpoint, still without an ID token.
#[derive(Debug)]
pub(in crate::oidc) struct Issued {
    pub access_token: String,
    pub refresh_token: Option<String>,
    pub scope: ScopeSet,
    /// The person's grant; `None` where a client acts for itself.
    pub grant: Option<TokenGrant>,
    /// `sub`.
    pub subject: String,
}

/// Everything a token or authorization request needs. It implements every trait that oxide-auth's machines ask for,
/// and hands itself out for each.
pub(in crate::oidc) struct Op<'t> {
    pub(super) provider: &'t Provider,
    pub(super) transaction: &'t DatabaseTransaction,
    pub(super) client: &'t Client,
    pub(super) origin: &'t Origin,
    /// The redirect URI as the token request presented it: compared byte for byte, where oxide-auth compares parsed.
    pub(super) presented_redirect: Option<&'t str>,
    /// The resources that this token request names (RFC 8707 §2.2).
    pub(super) resources: Vec<String>,
    /// What a code is to be issued for.
    pub(super) granting: Option<GrantContext>,
    pub(super) recovered: Option<TokenGrant>,
    pub(super) code: Option<String>,
    /// The grant that the code was issued on.
    pub(super) granted: Option<GrantId>,
    pub(super) issued: Option<Issued>,
    // `negotiate` has only `&self`.
    pub(super) negotiated: Mutex<ScopeSet>,
    pub(super) fault: Mutex<Option<Failure>>,
    /// Set when an error must not undo what was written: a replayed code revokes its grant, and stays revoked.
    pub commit_on_error: bool,
}

impl<'t> Op<'t> {
    pub(in crate::oidc) fn new(
        provider: &'t Provider,
        transaction: &'t DatabaseTransaction,
        client: &'t Client,
        origin: &'t Origin,
    ) -> Self {
        Self {
            provider,
            transaction,
            client,
            origin,
            presented_redirect: None,
            resources: Vec::new(),
            granting: None,
            recovered: None,
            code: None,
            granted: None,
            issued: None,
            negotiated: Mutex::default(),
            fault: Mutex::default(),
            commit_on_error: false,
        }
    }

    pub(in crate::oidc) fn redeeming_at(mut self, redirect_uri: Option<&'t str>) -> Self {
        self.presented_redirect = redirect_uri;
        self
    }

    pub(in crate::oidc) fn for_resources(mut self, resources: Vec<String>) -> Self {
        self.resources = resources;
        self
    }

    pub(in crate::oidc) fn granting(mut self, context: GrantContext) -> Self {
        self.granting = Some(context);
        self
    }

    pub(super) fn negotiated_scope(&self) -> ScopeSet {
        self.negotiated.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(super) fn take_code(&mut self) -> Result<String, Failure> {
        self.code.take().ok_or_else(|| Failure::internal("a code was reported, but none was kept"))
    }

    pub(in crate::oidc) fn granted(&self) -> Option<GrantId> {
        self.granted
    }

    pub(super) fn take_issued(&mut self) -> Result<Issued, Failure> {
        self.issued.take().ok_or_else(|| Failure::internal("a token was reported, but none was kept"))
    }

    /// Was the grant that was recovered this client's?
    pub(super) fn recovered_for(&self, client: &Client) -> bool {
        self.recovered.as_ref().is_some_and(|grant| grant.client_id == client.id)
    }

    /// The private cause, or that there was none.
    pub(super) fn take_fault(&self, otherwise: &str) -> Failure {
        self.fault
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take()
            .unwrap_or_else(|| Failure::internal(otherwise))
    }

    pub(super) fn take_fault_or(&self, otherwise: ProtocolError) -> Failure {
        self.fault
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take()
            .unwrap_or_else(|| Failure::Protocol(otherwise))
    }

    /// Keeps the cause and gives oxide-auth the only error it takes.
    pub(super) fn refuse<T, E: Default>(&self, cause: impl Into<Failure>) -> Result<T, E> {
        *self.fault.lock().unwrap_or_else(PoisonError::into_inner) = Some(cause.into());
        Err(E::default())
    }
}

impl code_grant::authorization::Endpoint for Op<'_> {
    fn registrar(&self) -> &(dyn Registrar + Sync) {
        self
    }

    fn authorizer(&mut self) -> &mut (dyn Authorizer + Send) {
        self
    }

    fn extension(&mut self) -> &mut (dyn code_grant::authorization::Extension + Send) {
        self
    }
}

impl code_grant::access_token::Endpoint for Op<'_> {
    fn registrar(&self) -> &(dyn Registrar + Sync) {
        self
    }

    fn authorizer(&mut self) -> &mut (dyn Authorizer + Send) {
        self
    }

    fn issuer(&mut self) -> &mut (dyn Issuer + Send) {
        self
    }

    fn extension(&mut self) -> &mut (dyn code_grant::access_token::Extension + Send) {
        self
    }
}

impl code_grant::refresh::Endpoint for Op<'_> {
    fn registrar(&self) -> &(dyn Registrar + Sync) {
        self
    }

    fn issuer(&mut self) -> &mut (dyn Issuer + Send) {
        self
    }
}

impl code_grant::client_credentials::Endpoint for Op<'_> {
    fn registrar(&self) -> &(dyn Registrar + Sync) {
        self
    }

    fn authorizer(&mut self) -> &mut (dyn Authorizer + Send) {
        self
    }

    fn issuer(&mut self) -> &mut (dyn Issuer + Send) {
        self
    }

    fn extension(&mut self) -> &mut (dyn code_grant::client_credentials::Extension + Send) {
        self
    }
}

/// What a token opens at a protected resource.
#[derive(Debug)]
pub(in crate::oidc) struct Protected {
    pub grant: TokenGrant,
    /// What the client knows the person by: the `sub` that its ID token has too.
    pub subject: String,
}

/// The same for a protected resource: there is no client yet, only a token.
pub(super) struct Guard<'t> {
    pub(super) provider: &'t Provider,
    pub(super) transaction: &'t DatabaseTransaction,
    pub(super) grant: Option<Protected>,
    pub(super) fault: Option<Failure>,
    scopes: [Scope; 1],
}

impl<'t> Guard<'t> {
    pub(super) fn new(provider: &'t Provider, transaction: &'t DatabaseTransaction) -> Self {
        let openid = OPENID.parse().expect("openid is a scope");
        Self { provider, transaction, grant: None, fault: None, scopes: [openid] }
    }

    pub(super) fn take_grant(&mut self) -> Result<Protected, Failure> {
        self.grant.take().ok_or_else(|| Failure::internal("a token was accepted, but its grant was not kept"))
    }

    /// oxide-auth answers an unknown token with `invalid_request`; RFC 6750 §3.1 wants `invalid_token`.
    pub(super) fn refusal(&mut self, error: &resource::Error) -> Failure {
        use resource::{AccessFailure, Error, ErrorCode as Code};
        if let Some(fault) = self.fault.take() {
            return fault;
        }
        match error {
            Error::AccessDenied {
                failure: AccessFailure { code: Some(Code::InsufficientScope) }, ..
            } => ProtocolError::new(ErrorCode::InsufficientScope, "the scope openid is needed").into(),
            Error::PrimitiveError => Failure::internal("the resource machine stopped"),
            _ => {
                ProtocolError::new(ErrorCode::InvalidToken, "the token is unknown, expired or revoked").into()
            }
        }
    }
}

impl code_grant::resource::Endpoint for Guard<'_> {
    fn scopes(&mut self) -> &[Scope] {
        &self.scopes
    }

    fn issuer(&mut self) -> &mut (dyn Issuer + Send) {
        self
    }
}
