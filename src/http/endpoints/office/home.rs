//! `/office`: where staff land.

use crate::http::errors::PageError;
use crate::http::extract::browser::Browser;
use crate::http::extract::staff::Staff;
use crate::http::pages::{HtmlPage, page};
use crate::http::state::State;
use crate::views::office::{Frame, OfficeHomePage};

pub(in crate::http) async fn get(
    web: State,
    browser: Browser,
    Staff(member): Staff,
) -> Result<HtmlPage, PageError> {
    let home = OfficeHomePage {
        frame: Frame::new(&member, browser.visit.csrf_token(), "/office"),
        few_codes_left: None,
    };
    let html = web.views.office_home(browser.languages.resolve(None), &home)?;
    Ok(page(html).cookies(browser.cookies(&web)))
}
