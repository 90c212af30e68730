//! `/regulations`: the version in force, and every earlier one.

use crate::domain::regulations::{Edition, Regulations, Version, text};
use crate::http::errors::PageError;
use crate::http::extract::browser::Browser;
use crate::http::extract::path::Path;
use crate::http::pages::{HtmlPage, page};
use crate::http::state::{State, Web};
use crate::views::{ErrorKind, OtherEdition, RegulationsPage};

pub(in crate::http) async fn get(web: State, browser: Browser) -> Result<HtmlPage, PageError> {
    let current = web.accounts.regulations().await?;
    render(&web, &browser, "/regulations".to_owned(), current).await
}

pub(in crate::http) async fn get_version(
    web: State,
    browser: Browser,
    Path(version): Path,
) -> Result<HtmlPage, PageError> {
    let version: Version = version.parse().map_err(|_| PageError::new(ErrorKind::NotFound))?;
    let found = web.accounts.regulations_of_version(&version).await?;
    render(&web, &browser, format!("/regulations/{version}"), found).await
}

async fn render(
    web: &Web,
    browser: &Browser,
    path: String,
    found: Option<Regulations>,
) -> Result<HtmlPage, PageError> {
    let shown = found.ok_or_else(|| PageError::new(ErrorKind::NotFound))?;
    let editions = web.accounts.editions_of_regulations().await?;
    let day = |edition: &Edition| web.calendar.day_of(edition.published_at);
    let locale = browser.languages.resolve(None);
    let regulations = RegulationsPage {
        path,
        version: shown.edition.version.to_string(),
        published_on: day(&shown.edition),
        is_in_force: editions.first().is_none_or(|first| first.id == shown.edition.id),
        text: text::blocks(shown.text(locale)),
        others: editions
            .iter()
            .filter(|edition| edition.id != shown.edition.id)
            .map(|edition| OtherEdition { version: edition.version.to_string(), published_on: day(edition) })
            .collect(),
    };
    Ok(page(web.views.regulations(locale, &regulations)?).cookies(browser.cookies(web)))
}
