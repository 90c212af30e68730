//! `/sign-out`: the button on our own pages.

use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};

use crate::http::cookies::Kept;
use crate::http::errors::PageError;
use crate::http::extract::csrf;
use crate::http::extract::form::FormBody;
use crate::http::extract::language::Languages;
use crate::http::extract::origin::From;
use crate::http::extract::session::CurrentSession;
use crate::http::extract::visit::Visit;
use crate::http::pages::page;
use crate::http::state::State;
use crate::views::{ErrorKind, SignedOutPage};

pub(in crate::http) async fn post(
    web: State,
    languages: Languages,
    visit: Visit,
    CurrentSession(session): CurrentSession,
    From(origin): From,
    headers: HeaderMap,
    FormBody(form): FormBody,
) -> Result<Response, PageError> {
    if !csrf::is_ours(&visit, &headers, &form) {
        return Err(PageError::new(ErrorKind::FormExpired));
    }
    if let Some(session) = session {
        web.accounts.sign_out(session.id, session.account, &origin).await?;
    }
    let html = web.views.signed_out(languages.resolve(None), &SignedOutPage { back: None })?;
    // The visit goes too: whoever sits down here next is another person.
    let forgotten = [Kept::Session, Kept::Visit].map(|kept| web.cookies.forget(kept));
    Ok(page(html).cookies(forgotten).into_response())
}
