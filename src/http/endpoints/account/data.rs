//! `/account`: what is held about whoever is signed in.

use axum::Extension;

use crate::accounts::overview::Overview;
use crate::domain::account::Profile;
use crate::domain::session::SignedIn;
use crate::http::errors::PageError;
use crate::http::extract::browser::Browser;
use crate::http::pages::{HtmlPage, page};
use crate::http::state::{State, Web};
use crate::storage::people::HeldTitle;
use crate::views::{AcceptedEdition, AccountPage, ErrorKind, ShownTitle};

pub(in crate::http) async fn get(
    web: State,
    browser: Browser,
    Extension(signed_in): Extension<SignedIn>,
) -> Result<HtmlPage, PageError> {
    let overview = web.accounts.overview(signed_in.account()).await?;
    let overview = overview.ok_or_else(|| PageError::new(ErrorKind::NotFound))?;
    let shown = shown(&web, browser.visit.csrf_token(), overview);
    let html = web.views.account(browser.languages.resolve(None), &shown)?;
    Ok(page(html).cookies(browser.cookies(&web)))
}

fn shown(web: &Web, csrf: String, overview: Overview) -> AccountPage {
    let Overview { account, office, contractor_numbers, titles, accepted } = overview;
    AccountPage {
        csrf,
        name: account.profile.display_name(),
        login: account.login.to_string(),
        email_verified: account.profile.email_verified,
        address: address(&account.profile),
        organisation_name: account.profile.organisation_name,
        email: account.profile.email,
        phone_number: account.profile.phone_number,
        office,
        contractor_numbers,
        titles: titles.into_iter().map(shown_title).collect(),
        accepted: accepted
            .into_iter()
            .map(|acceptance| AcceptedEdition {
                version: acceptance.version.to_string(),
                accepted_at: web.calendar.local(acceptance.accepted_at),
            })
            .collect(),
    }
}

fn shown_title(title: HeldTitle) -> ShownTitle {
    ShownTitle {
        premises_code: title.premises_code,
        kind: title.kind,
        role: title.role,
        contractor_number: title.contractor_number,
        valid_from: title.valid_from,
        // A title no longer holds on the day it ends; people say the last day on which it does.
        valid_through: title.valid_until.and_then(|until| until.pred_opt()),
    }
}

fn address(profile: &Profile) -> Vec<String> {
    let words = [&profile.postal_code, &profile.city].into_iter().flatten().map(String::as_str);
    let town = words.collect::<Vec<_>>().join(" ");
    let lines = [profile.street.clone().unwrap_or_default(), town];
    lines.into_iter().filter(|line| !line.is_empty()).collect()
}
