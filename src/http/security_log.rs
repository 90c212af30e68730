//! What tried to get past the rules, as one line of the log each: refused access, forged forms, broken requests, with who
//! was signed in (OWASP ASVS 5.0, 16.3.2 and 16.3.3). Never a login, an address or anything that was typed.
//!
//! The line stands within the request's span, and so has its method, path and id ([`super::logging`]). `security` names
//! the kind; its values are for machines, and permanent.

use std::sync::{Arc, OnceLock};

use axum::extract::Request;
use axum::http::{Extensions, StatusCode};
use axum::middleware::Next;
use axum::response::Response;

use crate::domain::ids::{AccountId, SessionId};
use crate::domain::session::Session;

/// What was found out of a request on its way: an extension of each.
#[derive(Debug, Clone, Default)]
pub(super) struct Noted(Arc<Findings>);

#[derive(Debug, Default)]
struct Findings {
    who: OnceLock<(AccountId, SessionId)>,
    forged: OnceLock<Forged>,
}

/// Why a form is not one of ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Forged {
    /// The browser says so itself (Fetch Metadata).
    FromElsewhere,
    /// It carries no token, or another browser's. A page that stayed open while cookies were cleared looks like it.
    Token,
}

impl Noted {
    pub(super) fn of(extensions: &Extensions) -> Self {
        extensions.get::<Self>().cloned().unwrap_or_default()
    }

    /// This session's cookie came with the request.
    pub(super) fn who(&self, session: &Session) {
        // Asked for more than once, it is the same one.
        let _same = self.0.who.set((session.account, session.id));
    }

    pub(super) fn forged(&self, why: Forged) {
        let _same = self.0.forged.set(why);
    }
}

/// Middleware. Outside of everything that may refuse, and inside the request's span.
pub(super) async fn watch(mut request: Request, next: Next) -> Response {
    let noted = Noted::default();
    request.extensions_mut().insert(noted.clone());
    let response = next.run(request).await;
    let Findings { who, forged } = &*noted.0;
    if let Some(kind) = kind(response.status(), forged.get().copied()) {
        let (account, session) = who.get().copied().unzip();
        tracing::warn!(
            security = kind,
            status = response.status().as_u16(),
            account = account.map(tracing::field::display),
            session = session.map(tracing::field::display),
            "a request was refused"
        );
    }
    response
}

/// Is this a refusal to be told, and which? Not: who has not signed in, what was typed wrong, an address that is not there.
fn kind(status: StatusCode, forged: Option<Forged>) -> Option<&'static str> {
    match (forged, status) {
        (Some(Forged::FromElsewhere), _) => Some("form_from_elsewhere"),
        (Some(Forged::Token), _) => Some("form_without_token"),
        (None, StatusCode::FORBIDDEN) => Some("access_refused"),
        (
            None,
            StatusCode::BAD_REQUEST
            | StatusCode::METHOD_NOT_ALLOWED
            | StatusCode::REQUEST_TIMEOUT
            | StatusCode::PAYLOAD_TOO_LARGE
            | StatusCode::UNSUPPORTED_MEDIA_TYPE,
        ) => Some("request_broken"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_do_every_day_is_no_attempt() {
        for status in [200, 303, 401, 404, 409, 422, 429, 500, 503] {
            assert_eq!(kind(StatusCode::from_u16(status).expect("a status"), None), None, "{status}");
        }
        assert_eq!(kind(StatusCode::FORBIDDEN, None), Some("access_refused"));
        assert_eq!(kind(StatusCode::BAD_REQUEST, None), Some("request_broken"));
        assert_eq!(kind(StatusCode::FORBIDDEN, Some(Forged::Token)), Some("form_without_token"));
    }
}
