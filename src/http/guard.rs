//! Who may come through which door. A route names its guard in the URL map. `SignedIn` is enforced here, before the
//! handler; the others say what the handler asks for itself.

use std::sync::Arc;

use axum::extract::{FromRequestParts, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::continuation::Continue;
use super::extract::browser::Browser;
use super::pages::see_other;
use super::state::Web;
use crate::domain::session::SignedIn;
use crate::oidc::parameters::Parameters;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Guard {
    /// Says the same to everybody.
    Public,
    /// A page that knows a session if there is one, whatever it owes: signing in, settling what is owed, signing out.
    Visitor,
    /// A session that owes nothing.
    SignedIn,
    /// The client proves itself in the request.
    Client,
    /// A bearer token.
    Bearer,
}

/// Middleware of [`Guard::SignedIn`]: hands the session on as a [`SignedIn`], or sends the person where that begins.
pub(super) async fn signed_in(State(web): State<Arc<Web>>, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    let Ok(browser) = Browser::from_request_parts(&mut parts, &web).await;
    let session = match browser.session(&web).await {
        Ok(session) => session,
        Err(error) => return error.into_response(),
    };
    let query = Parameters::parse(parts.uri.query().unwrap_or_default());
    let then = Continue::from_field(query.get("authorization"));
    match session.map(SignedIn::try_from) {
        Some(Ok(signed_in)) => {
            parts.extensions.insert(signed_in);
            next.run(Request::from_parts(parts, body)).await
        }
        Some(Err(owing)) => see_other(&then.settling(owing.first)),
        None => see_other(&then.by_way_of("/sign-in")),
    }
}
