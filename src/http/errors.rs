//! Errors with two faces. For people, a page that says what to do next; for clients, a registered code. The cause goes
//! to the log, beside the request id that both carry.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Request, State};
use axum::http::header::WWW_AUTHENTICATE;
use axum::http::{HeaderValue, Method, StatusCode, Uri};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use sea_orm::DbErr;
use url::form_urlencoded;

use super::extract::language::Languages;
use super::headers::request_id;
use super::pages::page;
use super::state::Web;
use crate::accounts::verdict::VerdictError;
use crate::domain::client::Client;
use crate::oidc::authorize::Unproven;
use crate::oidc::error::{ErrorCode, Failure, ProtocolError};
use crate::oidc::provider::paths;
use crate::oidc::resume::VisitError;
use crate::storage::database::is_unavailable;
use crate::views::{ErrorKind, ErrorPage, Link};

/// An error that a person sees. It travels in the response until [`render`] makes a page of it.
#[derive(Debug, Clone)]
pub(super) struct PageError {
    kind: ErrorKind,
    /// Whom the person came from, and can begin anew with.
    came_from: Option<Arc<Client>>,
    cause: Option<Arc<str>>,
}

impl PageError {
    pub(super) fn new(kind: ErrorKind) -> Self {
        Self { kind, came_from: None, cause: None }
    }

    fn came_from(mut self, client: Box<Client>) -> Self {
        self.came_from = Some(Arc::from(client));
        self
    }

    /// Something of ours that cannot fail did.
    pub(super) fn internal(cause: impl std::fmt::Display) -> Self {
        Self::caused_by(ErrorKind::Internal, cause)
    }

    fn caused_by(kind: ErrorKind, cause: impl std::fmt::Display) -> Self {
        Self { kind, came_from: None, cause: Some(cause.to_string().into()) }
    }
}

impl IntoResponse for PageError {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.kind.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = status.into_response();
        response.extensions_mut().insert(self);
        response
    }
}

impl From<DbErr> for PageError {
    fn from(error: DbErr) -> Self {
        let kind = if is_unavailable(&error) { ErrorKind::Unavailable } else { ErrorKind::Internal };
        Self::caused_by(kind, error)
    }
}

impl From<Failure> for PageError {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Database(error) => error.into(),
            Failure::Protocol(error) => Self::caused_by(ErrorKind::InvalidAuthorization, error),
            Failure::Internal(cause) => Self::caused_by(ErrorKind::Internal, cause),
        }
    }
}

impl From<VerdictError> for PageError {
    fn from(error: VerdictError) -> Self {
        match error {
            VerdictError::Database(error) => error.into(),
            VerdictError::Overloaded => Self::new(ErrorKind::Overloaded),
            VerdictError::Hash(error) => Self::caused_by(ErrorKind::Internal, error),
        }
    }
}

impl From<VisitError> for PageError {
    fn from(error: VisitError) -> Self {
        match error {
            VisitError::Expired(None) => Self::new(ErrorKind::AuthorizationExpired),
            VisitError::Expired(Some(client)) => Self::new(ErrorKind::AuthorizationExpired).came_from(client),
            VisitError::Elsewhere(client) => Self::new(ErrorKind::AuthorizationElsewhere).came_from(client),
            VisitError::Failure(failure) => failure.into(),
        }
    }
}

impl From<Unproven> for PageError {
    fn from(unproven: Unproven) -> Self {
        Self::new(match unproven {
            Unproven::Client => ErrorKind::UnknownClient,
            Unproven::RedirectUri => ErrorKind::UnregisteredRedirect,
        })
    }
}

impl From<crate::views::RenderError> for PageError {
    fn from(error: crate::views::RenderError) -> Self {
        Self::caused_by(ErrorKind::Internal, error)
    }
}

/// Middleware: logs what went wrong and makes a page of it, in the person's language.
pub(super) async fn render(State(web): State<Arc<Web>>, request: Request, next: Next) -> Response {
    let languages = Languages::of_request(&web, request.uri(), request.headers());
    let id = request_id(request.extensions());
    let path = other_language_at(request.method(), request.uri());
    let mut response = next.run(request).await;
    let Some(error) = response.extensions_mut().remove::<PageError>() else {
        return response;
    };
    if response.status().is_server_error() {
        tracing::error!(request_id = id, kind = ?error.kind, cause = error.cause.as_deref(), "a page failed");
    } else {
        tracing::debug!(request_id = id, kind = ?error.kind, cause = error.cause.as_deref(), "a request was refused");
    }
    let locale = languages.resolve(None);
    let back = error.came_from.and_then(|client| {
        let url = client.way_back(&web.provider.issuer, locale)?;
        Some(Link { name: client.name(locale), url })
    });
    let rendered =
        web.views.error(locale, &ErrorPage { path, kind: error.kind, request_id: id.clone(), back });
    let mut page = match rendered {
        Ok(html) => page(html).cookies(languages.remember(&web)).into_response(),
        Err(error) => {
            tracing::error!(request_id = id, %error, "the error page itself failed");
            response.status().into_response()
        }
    };
    *page.status_mut() = response.status();
    // What the refusing layer said (`Allow` on 405) stays.
    for (name, value) in response.headers() {
        page.headers_mut().entry(name).or_insert(value.clone());
    }
    page
}

/// An address longer than this is not written into a page.
const LONGEST_ADDRESS: usize = 2_000;

/// Where the same error is told in another language: at the same address, if it was only asked for. What was sent is
/// not sent again, and two slashes in front would lead to somebody else's site: then the home page has to do.
fn other_language_at(method: &Method, uri: &Uri) -> String {
    let path = uri.path();
    let leads_elsewhere = path.starts_with("//") || path.starts_with("/\\");
    let query = uri.query().unwrap_or_default();
    // What came to this door is a stranger's until it is proved: it stands nowhere on our page.
    let unproved = path == paths::AUTHORIZATION;
    if !method.is_safe() || leads_elsewhere || unproved || path.len() + query.len() > LONGEST_ADDRESS {
        return "/".to_owned();
    }
    let kept: String = form_urlencoded::Serializer::new(String::new())
        .extend_pairs(form_urlencoded::parse(query.as_bytes()).filter(|(name, _)| name != "ui_locales"))
        .finish();
    if kept.is_empty() { path.to_owned() } else { format!("{path}?{kept}") }
}

/// An error that a client sees: JSON (RFC 6749 §5.2).
#[derive(Debug)]
pub(super) struct ClientError {
    pub failure: Failure,
    /// Did the client authenticate by header? Then `invalid_client` names that scheme.
    pub by_header: bool,
}

impl ClientError {
    /// A request that HTTP itself rules out (RFC 9110 §15.5).
    pub(super) fn unacceptable(status: StatusCode, description: &'static str) -> Response {
        let failure = ProtocolError::invalid_request(description).into();
        let mut response = Self { failure, by_header: false }.into_response();
        *response.status_mut() = status;
        response
    }
}

impl IntoResponse for ClientError {
    fn into_response(self) -> Response {
        let (status, code, description) = face(&self.failure);
        let mut response =
            (status, Json(serde_json::json!({"error": code.as_str(), "error_description": description})))
                .into_response();
        if code == ErrorCode::InvalidClient && self.by_header {
            response.headers_mut().insert(
                WWW_AUTHENTICATE,
                HeaderValue::from_static("Basic realm=\"iok-id\", charset=\"UTF-8\""),
            );
        }
        response
    }
}

/// An error at a protected resource: the code is in the header (RFC 6750 §3).
#[derive(Debug)]
pub(super) enum BearerError {
    /// No token at all: no error code either.
    NoToken,
    Failure(Failure),
}

impl IntoResponse for BearerError {
    fn into_response(self) -> Response {
        let failure = match self {
            Self::NoToken => {
                let challenge = HeaderValue::from_static("Bearer realm=\"iok-id\"");
                return (StatusCode::UNAUTHORIZED, [(WWW_AUTHENTICATE, challenge)]).into_response();
            }
            Self::Failure(failure) => failure,
        };
        let (status, code, description) = face(&failure);
        let challenge = format!(
            "Bearer realm=\"iok-id\", error=\"{}\", error_description=\"{description}\"",
            code.as_str()
        );
        let mut response = ClientError { failure, by_header: false }.into_response();
        if !status.is_server_error()
            && let Ok(challenge) = HeaderValue::from_str(&challenge)
        {
            response.headers_mut().insert(WWW_AUTHENTICATE, challenge);
        }
        response
    }
}

/// The public face of a failure; the private one goes to the log here.
fn face(failure: &Failure) -> (StatusCode, ErrorCode, String) {
    match failure {
        Failure::Protocol(error) => {
            let status = match error.code {
                ErrorCode::InvalidClient | ErrorCode::InvalidToken => StatusCode::UNAUTHORIZED,
                ErrorCode::InsufficientScope => StatusCode::FORBIDDEN,
                _ => StatusCode::BAD_REQUEST,
            };
            (status, error.code, error.description.to_string())
        }
        Failure::Database(error) if is_unavailable(error) => {
            tracing::error!(%error, "the database is away");
            (
                StatusCode::SERVICE_UNAVAILABLE,
                ErrorCode::TemporarilyUnavailable,
                "try again in a moment".to_owned(),
            )
        }
        other => {
            tracing::error!(error = %other, "a client's request failed");
            (
                StatusCode::INTERNAL_SERVER_ERROR,
                ErrorCode::ServerError,
                "something went wrong here".to_owned(),
            )
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::{prop_assert, proptest};

    use super::*;

    fn at(method: &Method, address: &str) -> String {
        other_language_at(method, &address.parse().expect("an address"))
    }

    #[test]
    fn the_other_language_is_at_the_same_address_if_asking_again_changes_nothing() {
        assert_eq!(at(&Method::GET, "/nowhere?a=b%26c&ui_locales=pl"), "/nowhere?a=b%26c");
        assert_eq!(at(&Method::HEAD, "/nowhere"), "/nowhere");
        assert_eq!(at(&Method::POST, "/sign-out"), "/");
        assert_eq!(at(&Method::GET, &format!("/{}", "a".repeat(LONGEST_ADDRESS))), "/");
    }

    proptest! {
        #[test]
        fn no_address_of_a_request_makes_a_link_that_leads_elsewhere(path in r"[/\\.@:a-z]{0,12}") {
            if let Ok(uri) = format!("/{path}").parse() {
                let issuer = url::Url::parse("https://id.example").expect("an address");
                let link = issuer.join(&other_language_at(&Method::GET, &uri)).expect("a link");
                prop_assert!(link.host_str() == Some("id.example"), "{link}");
            }
        }
    }
}
