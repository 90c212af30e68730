//! The one room that speaks oxide-auth.
//!
//! Its state machines decide what happens next; one value per request, [`Op`], over one database transaction, answers
//! their questions. Their errors are `()` or say too little, so the value keeps the private cause ([`Op::fault`]) and
//! the caller renders the RFC's code from it. What oxide-auth does differently from the RFCs is written beside each
//! answer.

mod authorizer;
mod context;
mod issuer;
mod op;
mod registrar;
mod requests;

use oxide_auth_async::code_grant;
use sea_orm::DatabaseTransaction;

pub(super) use self::context::GrantContext;
pub(super) use self::op::{Issued, Op, Protected};
use self::requests::{AuthorizationRequest, BearerRequest, TokenRequest};
use super::error::{ErrorCode, Failure, ProtocolError};
use super::parameters::Parameters;
use super::provider::Provider;
use crate::domain::authorization::AuthorizationParameters;
use crate::domain::client::Client;
use crate::domain::scope::ScopeSet;

/// Would this authorization request be accepted? Runs the machine up to the owner's decision; returns the scope that
/// is left after negotiation.
pub(super) async fn negotiate(
    op: &mut Op<'_>,
    client: &Client,
    parameters: &AuthorizationParameters,
) -> Result<ScopeSet, Failure> {
    let request = AuthorizationRequest { client, parameters };
    match code_grant::authorization::authorization_code(op, &request).await {
        Ok(_pending) => Ok(op.negotiated_scope()),
        Err(_) => Err(op.take_fault("the authorization machine stopped")),
    }
}

/// Runs the machine again over the stored request, with the owner's yes; returns the code.
pub(super) async fn authorize(
    op: &mut Op<'_>,
    client: &Client,
    parameters: &AuthorizationParameters,
    subject: &str,
) -> Result<String, Failure> {
    let request = AuthorizationRequest { client, parameters };
    let Ok(pending) = code_grant::authorization::authorization_code(op, &request).await else {
        return Err(op.take_fault("the authorization machine stopped"));
    };
    match pending.authorize(op, subject.into()).await {
        // The address it made is left alone: it re-encodes the query, and knows no `iss`.
        Ok(_) => op.take_code(),
        Err(_) => Err(op.take_fault("no code could be issued")),
    }
}

/// Redeems a code (RFC 6749 §4.1.3).
pub(super) async fn redeem_code(
    op: &mut Op<'_>,
    client: &Client,
    parameters: &Parameters,
) -> Result<Issued, Failure> {
    let request = TokenRequest { client, parameters };
    match code_grant::access_token::access_token(op, &request).await {
        Ok(_) => op.take_issued(),
        Err(_) => {
            Err(op.take_fault_or(ProtocolError::invalid_grant("the code does not belong to this request")))
        }
    }
}

/// Redeems a refresh token (RFC 6749 §6).
pub(super) async fn refresh(
    op: &mut Op<'_>,
    client: &Client,
    parameters: &Parameters,
) -> Result<Issued, Failure> {
    use oxide_auth::code_grant::refresh::Error;
    let request = TokenRequest { client, parameters };
    match code_grant::refresh::refresh(op, &request).await {
        Ok(_) => op.take_issued(),
        Err(Error::Primitive | Error::Unauthorized(..)) => Err(op.take_fault("the refresh machine stopped")),
        // All that is left for the machine to refuse by itself: the token belongs to another client, or the scope
        // is wider than what was granted.
        Err(Error::Invalid(_)) => Err(op.take_fault_or(if op.recovered_for(client) {
            ProtocolError::new(ErrorCode::InvalidScope, "scope exceeds what was granted (RFC 6749 section 6)")
        } else {
            ProtocolError::invalid_grant("the refresh token was not issued to this client")
        })),
    }
}

/// Issues a token to the client itself (RFC 6749 §4.4).
pub(super) async fn client_credentials(
    op: &mut Op<'_>,
    client: &Client,
    parameters: &Parameters,
) -> Result<Issued, Failure> {
    let request = TokenRequest { client, parameters };
    let Ok(pending) = code_grant::client_credentials::client_credentials(op, &request).await else {
        return Err(op.take_fault_or(ProtocolError::new(ErrorCode::InvalidScope, "scope cannot be read")));
    };
    match pending.issue(op, client.id.clone(), false).await {
        Ok(_) => op.take_issued(),
        Err(_) => Err(op.take_fault("no token could be issued")),
    }
}

/// Guards userinfo: the token's grant, if it is live and carries `openid` (RFC 6750 §3.1).
pub(super) async fn protect(
    provider: &Provider,
    transaction: &DatabaseTransaction,
    token: &str,
) -> Result<Protected, Failure> {
    let mut guard = op::Guard::new(provider, transaction);
    match code_grant::resource::protect(&mut guard, &BearerRequest { token }).await {
        Ok(_) => guard.take_grant(),
        Err(error) => Err(guard.refusal(&error)),
    }
}
