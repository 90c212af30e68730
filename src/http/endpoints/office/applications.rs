//! `/office/applications/{id}`: an application beside the register, and the three decisions.

use std::sync::Arc;

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use chrono::DateTime;

use super::desk::stamp;
use crate::domain::application::Particulars;
use crate::domain::clock::Moment;
use crate::domain::ids::{ApplicationId, ContractorId};
use crate::domain::staff::{StaffMember, Task};
use crate::http::errors::PageError;
use crate::http::extract::browser::Browser;
use crate::http::extract::form::OwnForm;
use crate::http::extract::path::Path;
use crate::http::extract::staff::Staff;
use crate::http::pages::{HtmlPage, page, see_other};
use crate::http::state::{State, Web};
use crate::http::to_the_end::to_the_end;
use crate::office::application_review::{HistoryLine, OwnAccount, ReviewSheet, Stance};
use crate::office::approval::Approval;
use crate::office::compare::Compared;
use crate::office::decision::{Deciding, DecisionAnswer, Refusal, StateNow};
use crate::office::reason::LONGEST_REASON;
use crate::oidc::parameters::Parameters;
use crate::storage::duplicates::{Common, LikeAccount, LikeApplication};
use crate::storage::matching::{RegisterRow, RegisterTitle};
use crate::views::ErrorKind;
use crate::views::office::{
    ApplicationPage, ApplicationProblem, ComparedLine, Frame, Given, HistoryItem, InCommon, LikeAccountLine,
    LikeApplicationLine, OwnAccountLine, RegisterCard, Stamp, StanceView, StateNowPage, TitleLine,
    TypedDecision,
};

/// Which of the three buttons.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Button {
    Approve,
    SendBack,
    Reject,
}

pub(in crate::http) async fn get(
    web: State,
    browser: Browser,
    Path(id): Path,
    Staff(member): Staff,
) -> Result<HtmlPage, PageError> {
    render(&web, &browser, &member, read_id(&id)?, Tried::default()).await
}

pub(in crate::http) async fn approve(
    web: State,
    browser: Browser,
    Path(id): Path,
    Staff(member): Staff,
    form: OwnForm,
) -> Result<Response, PageError> {
    decide(web, browser, member, read_id(&id)?, form, Button::Approve).await
}

pub(in crate::http) async fn send_back(
    web: State,
    browser: Browser,
    Path(id): Path,
    Staff(member): Staff,
    form: OwnForm,
) -> Result<Response, PageError> {
    decide(web, browser, member, read_id(&id)?, form, Button::SendBack).await
}

pub(in crate::http) async fn reject(
    web: State,
    browser: Browser,
    Path(id): Path,
    Staff(member): Staff,
    form: OwnForm,
) -> Result<Response, PageError> {
    decide(web, browser, member, read_id(&id)?, form, Button::Reject).await
}

pub(super) fn read_id(id: &str) -> Result<ApplicationId, PageError> {
    id.parse().map_err(|_| PageError::new(ErrorKind::NotFound))
}

async fn decide(
    web: State,
    browser: Browser,
    member: StaffMember,
    id: ApplicationId,
    form: OwnForm,
    button: Button,
) -> Result<Response, PageError> {
    let OwnForm { fields, is_ours } = form;
    let chosen = chosen(&fields);
    let answer = if is_ours {
        Some(carry_out(&web, &browser, &member, id, button, &fields, &chosen).await?)
    } else {
        None
    };
    let problem = match answer {
        Some(DecisionAnswer::Done) => return Ok(see_other(&path_of(id))),
        Some(DecisionAnswer::NotThere) => return Err(PageError::new(ErrorKind::NotFound)),
        Some(DecisionAnswer::StateIsNow(now)) => {
            return Ok(state_now(&web, &browser, &member, id, now)?.into_response());
        }
        Some(DecisionAnswer::Refused(refusal)) => problem_of(refusal, button),
        None => ApplicationProblem::FormExpired,
    };
    let text = |field| fields.get(field).unwrap_or_default().to_owned();
    let typed = TypedDecision {
        second_account: fields.get("second_account").is_some(),
        override_reason: text("override_reason"),
        correction: if button == Button::SendBack { text("reason") } else { String::new() },
        rejection: if button == Button::Reject { text("reason") } else { String::new() },
    };
    let chosen = (button == Button::Approve).then_some(chosen);
    let tried = Tried { problem: Some(problem), typed, chosen };
    Ok(render(&web, &browser, &member, id, tried).await?.into_response())
}

async fn carry_out(
    web: &State,
    browser: &Browser,
    member: &StaffMember,
    id: ApplicationId,
    button: Button,
    fields: &Parameters,
    chosen: &[ContractorId],
) -> Result<DecisionAnswer, PageError> {
    let (web, member, origin) = (Arc::clone(web), member.clone(), browser.origin.clone());
    let text = |field| fields.single(field).unwrap_or_default().to_owned();
    let (reason, override_reason, chosen) = (text("reason"), text("override_reason"), chosen.to_vec());
    let second_account = fields.single("second_account") == Some("yes");
    let seen = seen(fields);
    let answer = to_the_end(async move {
        let deciding = Deciding { by: &member, application: id, seen, origin: &origin };
        match button {
            Button::Approve => {
                let approval =
                    Approval { contractors: &chosen, second_account, override_reason: &override_reason };
                web.office.approve(deciding, approval).await
            }
            Button::SendBack => web.office.send_back(deciding, &reason).await,
            Button::Reject => web.office.reject(deciding, &reason).await,
        }
    });
    Ok(answer.await?)
}

/// Since when the application was in its state on the page that the form was on.
pub(super) fn seen(fields: &Parameters) -> Option<Moment> {
    DateTime::from_timestamp_micros(fields.single("seen")?.parse().ok()?)
}

/// The boxes that are ticked, each named after its contractor.
fn chosen(fields: &Parameters) -> Vec<ContractorId> {
    fields.beginning_with("contractor-").filter_map(|(id, _)| id.parse().ok()).collect()
}

fn problem_of(refusal: Refusal, button: Button) -> ApplicationProblem {
    match (refusal, button) {
        (Refusal::OwnIntake, _) => ApplicationProblem::OwnIntake,
        (Refusal::OwnApplication, _) => ApplicationProblem::OwnApplication,
        (Refusal::NoTitle, _) => ApplicationProblem::NoTitle,
        (Refusal::HasAccount, _) => ApplicationProblem::HasAccount,
        (Refusal::RegisterChanged, _) => ApplicationProblem::RegisterChanged,
        (Refusal::ReasonMissing, Button::SendBack) => ApplicationProblem::CorrectionMissing,
        (Refusal::ReasonTooLong, Button::SendBack) => ApplicationProblem::CorrectionTooLong,
        (Refusal::ReasonMissing, Button::Reject) => ApplicationProblem::RejectionMissing,
        (Refusal::ReasonTooLong, Button::Reject) => ApplicationProblem::RejectionTooLong,
        (Refusal::OverrideNeedsReason, _) | (Refusal::ReasonMissing, Button::Approve) => {
            ApplicationProblem::OverrideNeedsReason
        }
        (Refusal::ReasonTooLong, Button::Approve) => ApplicationProblem::OverrideTooLong,
    }
}

/// What was tried on this page, and went wrong.
#[derive(Debug, Default)]
struct Tried {
    problem: Option<ApplicationProblem>,
    typed: TypedDecision,
    /// `None`: nothing was chosen yet, and what fits best is proposed.
    chosen: Option<Vec<ContractorId>>,
}

async fn render(
    web: &Web,
    browser: &Browser,
    member: &StaffMember,
    id: ApplicationId,
    tried: Tried,
) -> Result<HtmlPage, PageError> {
    let sheet = web.office.review(member, id, tried.chosen.as_deref().unwrap_or_default()).await?;
    let sheet = sheet.ok_or_else(|| PageError::new(ErrorKind::NotFound))?;
    let status = match tried.problem {
        None => StatusCode::OK,
        Some(
            ApplicationProblem::FormExpired
            | ApplicationProblem::OwnIntake
            | ApplicationProblem::OwnApplication,
        ) => StatusCode::FORBIDDEN,
        Some(ApplicationProblem::RegisterChanged | ApplicationProblem::HasAccount) => StatusCode::CONFLICT,
        Some(_) => StatusCode::UNPROCESSABLE_ENTITY,
    };
    let frame = Frame::new(member, browser.visit.csrf_token(), "/office");
    let view = view(web, member, frame, sheet, tried);
    let html = web.views.office_application(browser.languages.resolve(None), &view)?;
    Ok(page(html).status(status).cookies(browser.cookies(web)))
}

pub(super) fn state_now(
    web: &Web,
    browser: &Browser,
    member: &StaffMember,
    id: ApplicationId,
    now: StateNow,
) -> Result<HtmlPage, PageError> {
    let html = web.views.office_state_now(
        browser.languages.resolve(None),
        &StateNowPage {
            frame: Frame::new(member, browser.visit.csrf_token(), "/office"),
            about: now.name,
            state: format!("application-state-{}", now.state.as_str()),
            since: stamp(web, now.since),
            by: now.by,
            back: path_of(id),
        },
    )?;
    Ok(page(html).status(StatusCode::CONFLICT).cookies(browser.cookies(web)))
}

fn view(web: &Web, member: &StaffMember, frame: Frame, sheet: ReviewSheet, tried: Tried) -> ApplicationPage {
    let ReviewSheet {
        application,
        office_name,
        taken_in_by,
        corrected_by,
        may_correct,
        decided_by,
        register,
        applications,
        accounts,
        own_accounts,
        history,
        stance,
    } = sheet;
    let address = address_of(&application.particulars);
    let name = application.display_name();
    let particulars = application.particulars;
    ApplicationPage {
        frame,
        path: path_of(application.id),
        seen: application.state_since.timestamp_micros().to_string(),
        name,
        state: application.state.as_str(),
        since: stamp(web, application.state_since),
        by: decided_by,
        reason: application.decision_reason,
        override_reason: application.override_reason,
        given: Given {
            channel: application.channel.as_str(),
            applicant: particulars.applicant.as_str(),
            person: format!("{} {}", particulars.given_name, particulars.family_name).trim().to_owned(),
            organisation: particulars.organisation_name,
            number: particulars.contractor_number,
            address,
            role: particulars.title_role.as_str(),
            office: office_name,
            email: particulars.email,
            phone: particulars.phone_number,
            regulations: application.regulations_version,
            submitted: application.submitted_at.map(|at| stamp(web, at)),
            scan_reference: application.scan_reference,
            received_on: application.received_on.map(Stamp::of_day),
            taken_in_by,
            corrected_by,
        },
        correct: may_correct.then(|| format!("{}/correct", path_of(application.id))),
        register: register
            .into_iter()
            .map(|(row, fields)| register_card(row, fields, tried.chosen.as_deref()))
            .collect(),
        applications: like_applications(member, applications),
        accounts: like_accounts(accounts),
        own_accounts: own_accounts.into_iter().map(|own| own_account(member, own)).collect(),
        history: history.into_iter().filter_map(|line| history_item(web, line)).collect(),
        stance: match stance {
            Stance::Decide { may_override: false } => StanceView::Decide,
            Stance::Decide { may_override: true } => StanceView::DecideAndOverride,
            Stance::DecideExceptApproval => StanceView::OwnIntake,
            Stance::OwnApplication => StanceView::OwnApplication,
            Stance::Read => StanceView::Read,
        },
        problem: tried.problem,
        typed: tried.typed,
        longest: LONGEST_REASON,
    }
}

fn register_card(row: RegisterRow, fields: Vec<Compared>, chosen: Option<&[ContractorId]>) -> RegisterCard {
    // Proposed is only what leaves no doubt: the number that was given, with a title that holds.
    let proposed = row.found_by.number && row.has_current_title();
    let person = format!("{} {}", row.given_name, row.family_name).trim().to_owned();
    RegisterCard {
        id: row.contractor.to_string(),
        chosen: chosen.map_or(proposed, |chosen| chosen.contains(&row.contractor)),
        has_current_title: row.has_current_title(),
        number: row.number,
        name: match row.organisation_name {
            Some(firm) if person.is_empty() => firm,
            Some(firm) => format!("{firm} ({person})"),
            None => person,
        },
        fields: fields
            .into_iter()
            .map(|line| ComparedLine {
                field: line.field.as_str(),
                given: line.given,
                registered: line.registered,
                comparison: line.comparison.as_str(),
            })
            .collect(),
        titles: row.titles.into_iter().map(title_line).collect(),
    }
}

fn title_line(title: RegisterTitle) -> TitleLine {
    let place: Vec<String> = [title.postal_code, title.city].into_iter().flatten().collect();
    let parts = [title.street, (!place.is_empty()).then(|| place.join(" "))];
    TitleLine {
        premises: title.premises_code,
        address: parts.into_iter().flatten().collect::<Vec<_>>().join(", "),
        role: title.role.as_str(),
        from: title.valid_from.map(Stamp::of_day),
        through: title.valid_until.and_then(|until| until.pred_opt()).map(Stamp::of_day),
        is_current: title.is_current,
    }
}

pub(super) fn like_applications(
    member: &StaffMember,
    applications: Vec<LikeApplication>,
) -> Vec<LikeApplicationLine> {
    let line = |like: LikeApplication| LikeApplicationLine {
        href: member
            .sees_office(Some(like.application.particulars.office))
            .then(|| path_of(like.application.id)),
        name: like.application.display_name(),
        office: like.office_name,
        state: like.application.state.as_str(),
        channel: like.application.channel.as_str(),
        common: in_common(like.common),
    };
    applications.into_iter().map(line).collect()
}

pub(super) fn like_accounts(accounts: Vec<LikeAccount>) -> Vec<LikeAccountLine> {
    let line = |like: LikeAccount| LikeAccountLine {
        login: like.login,
        name: like.name,
        office: like.office_name,
        state: like.state.as_str(),
        common: in_common(like.common),
    };
    accounts.into_iter().map(line).collect()
}

fn own_account(member: &StaffMember, own: OwnAccount) -> OwnAccountLine {
    let OwnAccount { account, office_name } = own;
    let is_opened = member.may(Task::ReadAccounts) && member.sees_office(account.office);
    OwnAccountLine {
        href: is_opened.then(|| format!("/office/accounts/{}", account.id)),
        login: account.login.to_string(),
        name: account.profile.display_name(),
        office: office_name,
        state: account.state.as_str(),
    }
}

fn in_common(common: Common) -> InCommon {
    InCommon { number: common.number, name: common.name, address: common.address }
}

fn history_item(web: &Web, line: HistoryLine) -> Option<HistoryItem> {
    HistoryItem::of(stamp(web, line.at), &line.action, line.outcome.as_deref(), line.by, line.reason)
}

pub(super) fn path_of(id: ApplicationId) -> String {
    format!("/office/applications/{id}")
}

/// The premises that an application is about, on one line.
pub(super) fn address_of(particulars: &Particulars) -> String {
    let premises = &particulars.premises;
    format!("{}, {} {}", premises.street, premises.postal_code, premises.city)
}
