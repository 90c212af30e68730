//! `/office/intake`: a paper application is typed in.

use std::sync::Arc;

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use super::applications::{like_accounts, like_applications, path_of};
use super::home::choices;
use crate::domain::application::form::{ApplicationForm, Field, FieldProblem};
use crate::domain::locale::Locale;
use crate::domain::staff::StaffMember;
use crate::http::errors::PageError;
use crate::http::extract::browser::Browser;
use crate::http::extract::form::OwnForm;
use crate::http::extract::staff::Staff;
use crate::http::pages::{HtmlPage, page, see_other};
use crate::http::state::{State, Web};
use crate::http::to_the_end::to_the_end;
use crate::office::intake::{IntakeAnswer, LONGEST_SCAN_REFERENCE, Paper, PaperProblem};
use crate::oidc::parameters::Parameters;
use crate::storage::duplicates::{LikeAccount, LikeApplication};
use crate::views::office::{DuplicatesView, Frame, IntakePage, IntakeProblem, PaperToCorrect, TypedPaper};

/// What the page says beside the form.
#[derive(Debug, Default)]
pub(super) struct Said {
    problems: Vec<IntakeProblem>,
    form_expired: bool,
    duplicates: Option<DuplicatesView>,
}

impl Said {
    pub(super) fn expired() -> Self {
        Self { form_expired: true, ..Self::default() }
    }

    pub(super) fn problems(fields: Vec<(Field, FieldProblem)>, paper: Vec<PaperProblem>) -> Self {
        let of_paper = paper.into_iter().map(paper_problem);
        let of_form = fields.into_iter().map(|(field, problem)| IntakeProblem::of_field(field, problem));
        Self { problems: of_paper.chain(of_form).collect(), ..Self::default() }
    }

    pub(super) fn duplicates(
        member: &StaffMember,
        applications: Vec<LikeApplication>,
        accounts: Vec<LikeAccount>,
    ) -> Self {
        let duplicates = DuplicatesView {
            applications: like_applications(member, applications),
            accounts: like_accounts(accounts),
        };
        Self { duplicates: Some(duplicates), ..Self::default() }
    }
}

pub(in crate::http) async fn get(
    web: State,
    browser: Browser,
    Staff(member): Staff,
) -> Result<HtmlPage, PageError> {
    let paper = Paper { id: Some(web.office.new_application_id()), ..Paper::default() };
    render(&web, &browser, &member, Sheet::new(&paper), StatusCode::OK, Said::default()).await
}

pub(in crate::http) async fn post(
    web: State,
    browser: Browser,
    Staff(member): Staff,
    form: OwnForm,
) -> Result<Response, PageError> {
    let paper = read(&form.fields);
    if !form.is_ours {
        let sheet = Sheet::new(&paper);
        let page = render(&web, &browser, &member, sheet, StatusCode::FORBIDDEN, Said::expired()).await?;
        return Ok(page.into_response());
    }
    let (status, said) = match take_in(&web, &browser, &member, &paper).await? {
        IntakeAnswer::TakenIn(id) => return Ok(see_other(&path_of(id))),
        IntakeAnswer::Problems { fields, paper } => {
            (StatusCode::UNPROCESSABLE_ENTITY, Said::problems(fields, paper))
        }
        IntakeAnswer::MayBeDuplicate { applications, accounts } => {
            (StatusCode::CONFLICT, Said::duplicates(&member, applications, accounts))
        }
    };
    Ok(render(&web, &browser, &member, Sheet::new(&paper), status, said).await?.into_response())
}

async fn take_in(
    web: &State,
    browser: &Browser,
    member: &StaffMember,
    paper: &Paper,
) -> Result<IntakeAnswer, PageError> {
    let (web, member, paper) = (Arc::clone(web), member.clone(), paper.clone());
    let origin = browser.origin.clone();
    Ok(to_the_end(async move { web.office.take_in(&member, &paper, &origin).await }).await?)
}

pub(super) fn read(fields: &Parameters) -> Paper {
    let text = |name| fields.single(name).unwrap_or_default().to_owned();
    let is_ticked = |name| fields.single(name).is_some();
    Paper {
        form: ApplicationForm {
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
        },
        scan_reference: text("scan_reference"),
        received_on: text("received_on"),
        locale: Locale::from_tag(&text("locale")).unwrap_or_default(),
        id: fields.single("application").and_then(|id| id.parse().ok()),
        is_no_duplicate: is_ticked("no_duplicate"),
    }
}

fn paper_problem(problem: PaperProblem) -> IntakeProblem {
    let of = |field, problem| IntakeProblem { field, problem, most: None };
    match problem {
        PaperProblem::ScanReferenceMissing => of("scan_reference", "missing"),
        PaperProblem::ScanReferenceTooLong => {
            IntakeProblem { most: Some(LONGEST_SCAN_REFERENCE), ..of("scan_reference", "too-long") }
        }
        PaperProblem::ReceivedOnMissing => of("received_on", "missing"),
        PaperProblem::ReceivedOnUnreadable => of("received_on", "unreadable"),
        PaperProblem::ReceivedOnInFuture => of("received_on", "in-future"),
    }
}

/// What lies on the desk.
#[derive(Debug)]
pub(super) struct Sheet<'a> {
    pub(super) paper: &'a Paper,
    /// `None`: it is a new application.
    pub(super) correcting: Option<PaperToCorrect>,
}

impl<'a> Sheet<'a> {
    const fn new(paper: &'a Paper) -> Self {
        Self { paper, correcting: None }
    }
}

pub(super) async fn render(
    web: &Web,
    browser: &Browser,
    member: &StaffMember,
    sheet: Sheet<'_>,
    status: StatusCode,
    said: Said,
) -> Result<HtmlPage, PageError> {
    let Sheet { paper, correcting } = sheet;
    let known = web.office.intake_choices(member).await?;
    // A clerk's own office is the only one to choose: chosen already.
    let only = match &known.offices[..] {
        [(only, _)] => Some(*only),
        _ => None,
    };
    let chosen = paper.form.office.parse().ok().or(only);
    let id = paper.id.unwrap_or_else(|| web.office.new_application_id());
    let view = IntakePage {
        frame: Frame::new(
            member,
            browser.visit.csrf_token(),
            if correcting.is_some() { "/office" } else { "/office/intake" },
        ),
        id: id.to_string(),
        correcting,
        typed: TypedPaper::of(&paper.form, &paper.scan_reference, &paper.received_on, paper.locale.tag()),
        offices: choices(&known.offices, chosen),
        versions: known.editions.iter().map(|edition| edition.version.to_string()).collect(),
        today: known.today.to_string(),
        problems: said.problems,
        form_expired: said.form_expired,
        duplicates: said.duplicates,
        roles: IntakePage::roles(),
        applicants: IntakePage::applicants(),
    };
    let html = web.views.office_intake(browser.languages.resolve(None), &view)?;
    Ok(page(html).status(status).cookies(browser.cookies(web)))
}
