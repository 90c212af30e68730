//! `/`: who is signed in, and where one can go.

use crate::domain::locale::Locale;
use crate::domain::session::SignedIn;
use crate::http::errors::PageError;
use crate::http::extract::browser::Browser;
use crate::http::pages::{HtmlPage, page};
use crate::http::state::{State, Web};
use crate::views::{HomePage, Person, Service};

pub(in crate::http) async fn get(web: State, browser: Browser) -> Result<HtmlPage, PageError> {
    let locale = browser.languages.resolve(None);
    let person = match browser.session(&web).await?.map(SignedIn::try_from) {
        Some(Ok(signed_in)) => person(&web, &signed_in).await?,
        // Whoever owes a change is not told who they are; the way in leads to it.
        Some(Err(_)) | None => None,
    };
    let home = HomePage {
        csrf: browser.visit.csrf_token(),
        person,
        services: services(&web, locale).await?,
        has_regulations: web.accounts.has_regulations().await?,
    };
    Ok(page(web.views.home(locale, &home)?).cookies(browser.cookies(&web)))
}

async fn person(web: &Web, signed_in: &SignedIn) -> Result<Option<Person>, PageError> {
    let account = web.accounts.account(signed_in.account()).await?;
    Ok(account
        .map(|account| Person { name: account.profile.display_name(), login: account.login.to_string() }))
}

/// The company's own services that have a page.
async fn services(web: &Web, locale: Locale) -> Result<Vec<Service>, PageError> {
    Ok(web
        .provider
        .first_party_clients()
        .await?
        .into_iter()
        .filter_map(|client| {
            let url = client.metadata.client_uri.clone()?;
            Some(Service { name: client.name(locale), description: None, url })
        })
        .collect())
}
