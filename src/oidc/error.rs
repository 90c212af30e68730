//! Errors with two faces: a registered code and a description for whoever asked, and a private cause for the log.

use std::borrow::Cow;

use sea_orm::DbErr;

use super::parameters::Fault;
use crate::crypto::signing::KeyError;

/// Error codes of RFC 6749 §4.1.2.1 and §5.2, RFC 6750 §3.1, RFC 7009 §2.2.1, RFC 8707 §2, OpenID Connect Core
/// §3.1.2.6.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ErrorCode {
    InvalidRequest,
    InvalidClient,
    InvalidGrant,
    UnauthorizedClient,
    UnsupportedGrantType,
    InvalidScope,
    InvalidTarget,
    UnsupportedTokenType,
    AccessDenied,
    UnsupportedResponseType,
    LoginRequired,
    InteractionRequired,
    ConsentRequired,
    /// RFC 9101 §7.
    InvalidRequestObject,
    RequestUriNotSupported,
    RegistrationNotSupported,
    /// OpenID Connect Core Error Code `unmet_authentication_requirements` §2.
    UnmetAuthenticationRequirements,
    InvalidToken,
    InsufficientScope,
    TemporarilyUnavailable,
    ServerError,
}

impl ErrorCode {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::InvalidRequest => "invalid_request",
            Self::InvalidClient => "invalid_client",
            Self::InvalidGrant => "invalid_grant",
            Self::UnauthorizedClient => "unauthorized_client",
            Self::UnsupportedGrantType => "unsupported_grant_type",
            Self::InvalidScope => "invalid_scope",
            Self::InvalidTarget => "invalid_target",
            Self::UnsupportedTokenType => "unsupported_token_type",
            Self::AccessDenied => "access_denied",
            Self::UnsupportedResponseType => "unsupported_response_type",
            Self::LoginRequired => "login_required",
            Self::InteractionRequired => "interaction_required",
            Self::ConsentRequired => "consent_required",
            Self::InvalidRequestObject => "invalid_request_object",
            Self::RequestUriNotSupported => "request_uri_not_supported",
            Self::RegistrationNotSupported => "registration_not_supported",
            Self::UnmetAuthenticationRequirements => "unmet_authentication_requirements",
            Self::InvalidToken => "invalid_token",
            Self::InsufficientScope => "insufficient_scope",
            Self::TemporarilyUnavailable => "temporarily_unavailable",
            Self::ServerError => "server_error",
        }
    }
}

/// What the other side did wrong. The description is public, and in the ASCII that RFC 6749 §5.2 allows.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}: {description}", code.as_str())]
pub struct ProtocolError {
    pub code: ErrorCode,
    pub description: Cow<'static, str>,
}

impl ProtocolError {
    pub fn new(code: ErrorCode, description: impl Into<Cow<'static, str>>) -> Self {
        Self { code, description: description.into() }
    }

    pub fn invalid_request(description: impl Into<Cow<'static, str>>) -> Self {
        Self::new(ErrorCode::InvalidRequest, description)
    }

    pub fn invalid_grant(description: impl Into<Cow<'static, str>>) -> Self {
        Self::new(ErrorCode::InvalidGrant, description)
    }

    pub fn faulty(fault: Fault<'_>) -> Self {
        let (name, what) = match fault {
            Fault::Repeated(name) => (name, "is repeated (RFC 6749 section 3.1)"),
            Fault::Unreadable(name) => (name, "cannot be read"),
        };
        // Names come from outside: what RFC 6749 §5.2 does not allow is left out.
        let name: String = name
            .chars()
            .filter(|c| matches!(c, ' ' | '!' | '\x23'..='\x5b' | '\x5d'..='\x7e'))
            .take(40)
            .collect();
        Self::invalid_request(format!("the parameter {name} {what}"))
    }
}

/// The client did not prove who it is (RFC 6749 §5.2, `invalid_client`).
pub(super) fn not_authenticated(why: &'static str) -> ProtocolError {
    ProtocolError::new(ErrorCode::InvalidClient, format!("client authentication failed: {why}"))
}

/// Why a step did not get through.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// The other side's fault: told to them.
    #[error(transparent)]
    Protocol(#[from] ProtocolError),
    #[error(transparent)]
    Database(#[from] DbErr),
    /// Our fault: told to the log.
    #[error("{0}")]
    Internal(String),
}

impl Failure {
    pub fn internal(cause: impl std::fmt::Display) -> Self {
        Self::Internal(cause.to_string())
    }
}

impl From<KeyError> for Failure {
    fn from(error: KeyError) -> Self {
        Self::internal(error)
    }
}
