//! `/office/staff`: who works here.

use axum::http::StatusCode;

use super::desk::{answer, stamp};
use crate::http::errors::PageError;
use crate::http::extract::browser::Browser;
use crate::http::extract::staff::Staff;
use crate::http::pages::HtmlPage;
use crate::http::state::State;
use crate::views::ErrorKind;
use crate::views::office::{Frame, MemberLine, StaffPage};

pub(in crate::http) async fn get(
    web: State,
    browser: Browser,
    Staff(member): Staff,
) -> Result<HtmlPage, PageError> {
    let Some(list) = web.office.staff_list(&member).await? else {
        return Err(PageError::new(ErrorKind::NotForYou));
    };
    let members = list.into_iter().map(|listed| MemberLine {
        login: listed.login,
        name: listed.member.display_name,
        role: listed.member.role.as_str(),
        office: listed.member.office_name,
        since: stamp(&web, listed.since),
        ended: listed.ended_at.map(|at| stamp(&web, at)),
    });
    let frame = Frame::new(&member, browser.visit.csrf_token(), "/office/staff");
    let shown = StaffPage { frame, members: members.collect() };
    let html = web.views.office_staff(browser.languages.resolve(None), &shown)?;
    Ok(answer(&web, &browser, html, StatusCode::OK))
}
