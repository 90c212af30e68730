//! `/apply`: the form on which one applies for an account, on-line or printed.

use std::sync::Arc;

use axum::http::header::RETRY_AFTER;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};

use crate::accounts::apply::{Filing, FilingAnswer, FormChoices};
use crate::domain::application::form::ApplicationForm;
use crate::domain::clock::Moment;
use crate::domain::ids::ApplicationId;
use crate::http::errors::PageError;
use crate::http::extract::browser::Browser;
use crate::http::extract::form::OwnForm;
use crate::http::pages::{HtmlPage, page, see_other};
use crate::http::state::{State, Web};
use crate::http::to_the_end::to_the_end;
use crate::oidc::parameters::Parameters;
use crate::views::{ApplyPage, ApplyPaperPage, ApplyProblem, ApplyPurpose, ApplySentPage, OfficeChoice};

pub(in crate::http) async fn get(web: State, browser: Browser) -> Result<HtmlPage, PageError> {
    let form_id: ApplicationId = web.ambient.new_id();
    render(&web, &browser, form_id.to_string(), ApplicationForm::default(), None).await
}

pub(in crate::http) async fn post(
    web: State,
    browser: Browser,
    form: OwnForm,
) -> Result<Response, PageError> {
    let OwnForm { fields, is_ours } = form;
    let typed = read_form(&fields);
    // A page that lost its id is a page of its own: nothing is taken for a second copy of something else.
    let form_id = match fields.single("form_id") {
        Some(id) => id.to_owned(),
        None => web.ambient.new_id::<ApplicationId>().to_string(),
    };
    if !is_ours {
        let problem = Some(ApplyProblem::FormExpired);
        return Ok(render(&web, &browser, form_id, typed, problem).await?.into_response());
    }
    let answer = {
        let (web, form_id, typed) = (Arc::clone(&web), form_id.clone(), typed.clone());
        let (locale, origin) = (browser.languages.resolve(None), browser.origin.clone());
        to_the_end(async move {
            let filing = Filing { form_id: &form_id, form: &typed, locale, origin: &origin };
            web.accounts.file_application(filing).await
        })
        .await?
    };
    match answer {
        FilingAnswer::Filed => Ok(see_other("/apply/sent")),
        FilingAnswer::Problems(problems) => {
            let problem = Some(ApplyProblem::Fields(problems));
            Ok(render(&web, &browser, form_id, typed, problem).await?.into_response())
        }
        FilingAnswer::TooMany { again_at } => {
            let problem = Some(ApplyProblem::TooMany { again_at: on_the_clock(&web, again_at) });
            let mut response = render(&web, &browser, form_id, typed, problem).await?.into_response();
            retry_after(&mut response, &web, again_at);
            Ok(response)
        }
    }
}

/// The same words for everybody.
pub(in crate::http) async fn sent(web: State, browser: Browser) -> Result<HtmlPage, PageError> {
    let sent = ApplySentPage {
        link_hours: web.accounts.application_rules().link.num_hours(),
        confirm_within_days: web.accounts.application_rules().confirm_within.num_days(),
    };
    Ok(page(web.views.apply_sent(browser.languages.resolve(None), &sent)?).cookies(browser.cookies(&web)))
}

pub(in crate::http) async fn paper(web: State, browser: Browser) -> Result<HtmlPage, PageError> {
    let choices = web.accounts.form_choices().await?;
    let paper = ApplyPaperPage {
        regulations: choices.version().map(str::to_owned),
        offices: web.accounts.offices().await?,
    };
    Ok(page(web.views.apply_paper(browser.languages.resolve(None), &paper)?).cookies(browser.cookies(&web)))
}

async fn render(
    web: &Web,
    browser: &Browser,
    form_id: String,
    form: ApplicationForm,
    problem: Option<ApplyProblem>,
) -> Result<HtmlPage, PageError> {
    let choices = web.accounts.form_choices().await?;
    let status = status_of(problem.as_ref());
    let apply = ApplyPage {
        csrf: browser.visit.csrf_token(),
        purpose: ApplyPurpose::New { form_id },
        form,
        offices: office_choices(&choices),
        regulations: choices.version().map(str::to_owned),
        problem,
    };
    let html = web.views.apply(browser.languages.resolve(None), &apply)?;
    Ok(page(html).status(status).cookies(browser.cookies(web)))
}

pub(super) fn status_of(problem: Option<&ApplyProblem>) -> StatusCode {
    match problem {
        None => StatusCode::OK,
        Some(ApplyProblem::Fields(_)) => StatusCode::UNPROCESSABLE_ENTITY,
        Some(ApplyProblem::FormExpired) => StatusCode::FORBIDDEN,
        Some(ApplyProblem::TooMany { .. }) => StatusCode::TOO_MANY_REQUESTS,
    }
}

pub(super) fn office_choices(choices: &FormChoices) -> Vec<OfficeChoice> {
    let choice = |id: &dyn ToString, name: &str| OfficeChoice { id: id.to_string(), name: name.to_owned() };
    choices.offices.iter().map(|(id, name)| choice(id, name)).collect()
}

/// `14:00`, as the clock on the house's wall will show it.
pub(super) fn on_the_clock(web: &Web, moment: Moment) -> String {
    web.calendar.local(moment).format("%-H:%M").to_string()
}

/// When it is worth trying again, for machines (RFC 9110 §10.2.3).
pub(super) fn retry_after(response: &mut Response, web: &Web, again_at: Moment) {
    let seconds = (again_at - web.ambient.now()).num_seconds().max(1);
    if let Ok(seconds) = HeaderValue::from_str(&seconds.to_string()) {
        response.headers_mut().insert(RETRY_AFTER, seconds);
    }
}

/// The fields as they were typed. Of one that held NUL, just that is left, so that the rules refuse it by name.
pub(in crate::http) fn read_form(fields: &Parameters) -> ApplicationForm {
    let text = |name: &str| {
        let typed = if fields.is_unreadable(name) { "\0" } else { fields.single(name).unwrap_or_default() };
        typed.to_owned()
    };
    let is_ticked = |name| fields.single(name).is_some();
    ApplicationForm {
        applicant: text("applicant"),
        given_name: text("given_name"),
        family_name: text("family_name"),
        organisation_name: text("organisation_name"),
        contractor_number: text("contractor_number"),
        street: text("street"),
        postal_code: text("postal_code"),
        city: text("city"),
        title_role: text("title_role"),
        office: text("office"),
        email: text("email"),
        has_no_email: is_ticked("has_no_email"),
        phone_number: text("phone_number"),
        accepts_regulations: is_ticked("regulations"),
        regulations_version: text("regulations_version"),
    }
}
