//! `/sign-out`: the button on our own pages.

use axum::response::{IntoResponse, Response};

use crate::http::cookies::Kept;
use crate::http::errors::PageError;
use crate::http::extract::browser::Browser;
use crate::http::extract::form::OwnForm;
use crate::http::pages::page;
use crate::http::state::State;
use crate::oidc::provider::paths;
use crate::views::{ErrorKind, SignedOutPage};

pub(in crate::http) async fn post(
    web: State,
    browser: Browser,
    form: OwnForm,
) -> Result<Response, PageError> {
    if !form.is_ours {
        return Err(PageError::new(ErrorKind::FormExpired));
    }
    if let Some(session) = browser.session(&web).await? {
        web.accounts.sign_out(session.id, session.account, &browser.origin).await?;
    }
    // Whoever is signed out is told the same there.
    let signed_out = SignedOutPage { path: paths::LOGOUT.to_owned(), back: None };
    let html = web.views.signed_out(browser.languages.resolve(None), &signed_out)?;
    // The visit goes too: whoever sits down here next is another person.
    let forgotten = [Kept::Session, Kept::Visit].map(|kept| web.cookies.forget(kept));
    Ok(page(html).cookies(forgotten).into_response())
}
