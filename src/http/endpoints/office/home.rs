//! `/office`: where staff land, and the queue of applications.

use url::form_urlencoded;

use super::applications::address_of;
use super::desk::stamp;
use crate::domain::application::{ApplicationState, Channel};
use crate::domain::ids::OfficeId;
use crate::domain::staff::Task;
use crate::http::errors::PageError;
use crate::http::extract::browser::Browser;
use crate::http::extract::query::Query;
use crate::http::extract::staff::Staff;
use crate::http::pages::{HtmlPage, page};
use crate::http::state::{State, Web};
use crate::office::queue::{Queue, QueueQuestion, SHOWN};
use crate::oidc::parameters::Parameters;
use crate::storage::application_queue::QueuedApplication;
use crate::views::office::{Frame, OfficeHomePage, OfficeOption, QueueLine, QueueView, StateTab};

/// Longer words are nobody's name.
const LONGEST_SEARCH: usize = 100;

/// So few recovery codes are left that somebody should do something about it.
const FEW_CODES: u64 = 3;

pub(in crate::http) async fn get(
    web: State,
    browser: Browser,
    Query(query): Query,
    Staff(member): Staff,
) -> Result<HtmlPage, PageError> {
    let question = question(&query);
    let queue = web.office.queue(&member, &question).await?;
    let left = web.accounts.recovery_codes_left(member.account).await?;
    let guessing_noticed =
        member.may(Task::ReadSignOuts) && web.accounts.guessing_noticed_until().await?.is_some();
    let home = OfficeHomePage {
        frame: Frame::new(&member, browser.visit.csrf_token(), "/office"),
        few_codes_left: (left <= FEW_CODES).then_some(left),
        guessing_noticed,
        queue: queue.map(|queue| view(&web, queue, &question)),
    };
    let html = web.views.office_home(browser.languages.resolve(None), &home)?;
    Ok(page(html).cookies(browser.cookies(&web)))
}

/// What the address asks for. What it says wrongly counts as not said: a queue is shown in any case.
fn question(query: &Parameters) -> QueueQuestion {
    let state = query.get("state").and_then(|state| state.parse().ok());
    let text: String = query.get("q").unwrap_or_default().trim().chars().take(LONGEST_SEARCH).collect();
    QueueQuestion {
        state: state.filter(|state| SHOWN.contains(state)).unwrap_or(ApplicationState::Submitted),
        channel: query.get("channel").and_then(|channel| channel.parse().ok()),
        office: query.get("office").and_then(|office| office.parse::<OfficeId>().ok()),
        text: (!text.is_empty()).then_some(text),
        page: query.get("page").and_then(|page| page.parse().ok()).unwrap_or(1),
    }
}

fn view(web: &Web, queue: Queue, question: &QueueQuestion) -> QueueView {
    let number_in = |state: ApplicationState| queue.counts.get(state.as_str()).copied().unwrap_or_default();
    let states = SHOWN.map(|state| StateTab {
        state: state.as_str(),
        number: number_in(state),
        href: href(question, state, 1),
        current: state == question.state,
    });
    let turned = |page| href(question, question.state, page);
    QueueView {
        state: question.state.as_str(),
        states: states.to_vec(),
        channel: question.channel.map(Channel::as_str),
        text: question.text.clone().unwrap_or_default(),
        offices: choices(&queue.offices, question.office),
        number: number_in(question.state),
        previous: (queue.page > 1).then(|| turned(queue.page - 1)),
        next: (queue.page < queue.pages).then(|| turned(queue.page + 1)),
        page: queue.page,
        pages: queue.pages,
        is_filtered: question.text.is_some() || question.channel.is_some() || question.office.is_some(),
        lines: queue.lines.into_iter().map(|line| queue_line(web, line)).collect(),
    }
}

pub(super) fn choices(offices: &[(OfficeId, String)], chosen: Option<OfficeId>) -> Vec<OfficeOption> {
    let choice = |(id, name): &(OfficeId, String)| OfficeOption {
        id: id.to_string(),
        name: name.clone(),
        chosen: chosen == Some(*id),
    };
    offices.iter().map(choice).collect()
}

fn queue_line(web: &Web, line: QueuedApplication) -> QueueLine {
    let QueuedApplication { application, office_name } = line;
    let waits_since = application.submitted_at.unwrap_or(application.state_since);
    let since =
        if application.state == ApplicationState::Submitted { waits_since } else { application.state_since };
    QueueLine {
        href: format!("/office/applications/{}", application.id),
        name: application.display_name(),
        address: address_of(&application.particulars),
        office: office_name,
        channel: application.channel.as_str(),
        since: stamp(web, since),
        organisation: application.particulars.organisation_name,
        number: application.particulars.contractor_number,
    }
}

fn href(question: &QueueQuestion, state: ApplicationState, page: u64) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.append_pair("state", state.as_str());
    if let Some(channel) = question.channel {
        query.append_pair("channel", channel.as_str());
    }
    if let Some(office) = question.office {
        query.append_pair("office", &office.to_string());
    }
    if let Some(text) = &question.text {
        query.append_pair("q", text);
    }
    if page > 1 {
        query.append_pair("page", &page.to_string());
    }
    format!("/office?{}", query.finish())
}
