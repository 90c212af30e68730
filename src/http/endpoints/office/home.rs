//! `/office`: where staff land.

use crate::http::errors::PageError;
use crate::http::extract::browser::Browser;
use crate::http::extract::staff::Staff;
use crate::http::pages::{HtmlPage, page};
use crate::http::state::State;
use crate::views::office::{Frame, OfficeHomePage};

/// So few recovery codes are left that somebody should do something about it.
const FEW_CODES: u64 = 3;

pub(in crate::http) async fn get(
    web: State,
    browser: Browser,
    Staff(member): Staff,
) -> Result<HtmlPage, PageError> {
    let left = web.accounts.recovery_codes_left(member.account).await?;
    let home = OfficeHomePage {
        frame: Frame::new(&member, browser.visit.csrf_token(), "/office"),
        few_codes_left: (left <= FEW_CODES).then_some(left),
    };
    let html = web.views.office_home(browser.languages.resolve(None), &home)?;
    Ok(page(html).cookies(browser.cookies(&web)))
}
