//! `/help`: what to do about a lost password or a locked account.

use axum::extract::RawQuery;

use crate::http::continuation::Continue;
use crate::http::errors::PageError;
use crate::http::extract::language::Languages;
use crate::http::pages::{HtmlPage, page};
use crate::http::state::State;
use crate::oidc::parameters::Parameters;
use crate::views::HelpPage;

pub(in crate::http) async fn get(
    web: State,
    languages: Languages,
    RawQuery(query): RawQuery,
) -> Result<HtmlPage, PageError> {
    let query = Parameters::parse(query.as_deref().unwrap_or_default());
    let help = HelpPage {
        authorization: Continue::from_field(query.get("authorization")).field(),
        lock_minutes: web.limits.lock_minutes,
        offices: web.accounts.offices().await?,
    };
    Ok(page(web.views.help(languages.resolve(None), &help)?).cookies(languages.remember(&web)))
}
