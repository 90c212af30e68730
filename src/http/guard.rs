//! Who may come through which door. A route names its guard in the URL map. `SignedIn` and
//! `Staff` are enforced here, before the handler; the others say what the handler asks for itself.

use std::sync::Arc;

use axum::extract::{FromRequestParts, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::continuation::Continue;
use super::errors::PageError;
use super::extract::browser::Browser;
use super::pages::see_other;
use super::state::Web;
use crate::domain::session::SignedIn;
use crate::domain::staff::Task;
use crate::oidc::parameters::Parameters;
use crate::views::ErrorKind;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Guard {
    /// Says the same to everybody.
    Public,
    /// A page that knows a session if there is one, whatever it owes: signing in, settling what is owed, signing out.
    Visitor,
    /// A session that owes nothing.
    SignedIn,
    /// Somebody who works here now, has proved a second factor in this session, and may do this.
    Staff(Task),
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

/// Middleware of [`Guard::Staff`]: hands the session on as a [`SignedIn`] and the person as a `StaffMember`. The role
/// is read for each request, so that who was let go is out at once.
pub(super) async fn staff(
    State((web, task)): State<(Arc<Web>, Task)>,
    request: Request,
    next: Next,
) -> Response {
    let (mut parts, body) = request.into_parts();
    let Ok(browser) = Browser::from_request_parts(&mut parts, &web).await;
    let session = match browser.session(&web).await {
        Ok(session) => session,
        Err(error) => return error.into_response(),
    };
    let signed_in = match session.map(SignedIn::try_from) {
        Some(Ok(signed_in)) => signed_in,
        Some(Err(owing)) => return see_other(&Continue::Office.settling(owing.first)),
        None => return see_other(&Continue::Office.by_way_of("/sign-in")),
    };
    let member = match web.accounts.staff_member(signed_in.account()).await {
        Ok(member) => member,
        Err(error) => return PageError::from(error).into_response(),
    };
    match member {
        // Whoever becomes staff is signed out, and owes a second factor ever after: without one this is nobody's session.
        Some(member) if signed_in.has_second_factor() && member.may(task) => {
            parts.extensions.insert(signed_in);
            parts.extensions.insert(member);
            next.run(Request::from_parts(parts, body)).await
        }
        _ => PageError::new(ErrorKind::NotForYou).into_response(),
    }
}
