//! `/help`: what to do about a lost password or a locked account.

use crate::http::continuation::Continue;
use crate::http::errors::PageError;
use crate::http::extract::browser::Browser;
use crate::http::extract::query::Query;
use crate::http::pages::{HtmlPage, page};
use crate::http::state::State;
use crate::views::HelpPage;

pub(in crate::http) async fn get(
    web: State,
    browser: Browser,
    Query(query): Query,
) -> Result<HtmlPage, PageError> {
    let help = HelpPage {
        authorization: Continue::from_field(query.get("authorization")).field(),
        lock_minutes: web.limits.lock_minutes,
        offices: web.accounts.offices().await?,
        has_regulations: web.accounts.has_regulations().await?,
    };
    Ok(page(web.views.help(browser.languages.resolve(None), &help)?).cookies(browser.cookies(&web)))
}
