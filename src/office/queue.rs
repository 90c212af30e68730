//! The queue: what waits for this member of staff.

use std::collections::BTreeMap;

use sea_orm::DbErr;

use super::context::Office;
use crate::domain::application::{ApplicationState, Channel};
use crate::domain::ids::OfficeId;
use crate::domain::staff::{StaffMember, Task};
use crate::storage::application_queue::{self, QueueFilter, QueuedApplication};
use crate::storage::people;

/// Lines on a page.
const PAGE: u64 = 25;

/// The states that an office sees, as the queue lists them.
pub const SHOWN: [ApplicationState; 5] = [
    ApplicationState::Submitted,
    ApplicationState::NeedsCorrection,
    ApplicationState::Approved,
    ApplicationState::Rejected,
    ApplicationState::Withdrawn,
];

/// What is asked of the queue.
#[derive(Debug, Clone)]
pub struct QueueQuestion {
    pub state: ApplicationState,
    pub channel: Option<Channel>,
    pub office: Option<OfficeId>,
    pub text: Option<String>,
    /// The first one is 1.
    pub page: u64,
}

#[derive(Debug, Clone)]
pub struct Queue {
    pub lines: Vec<QueuedApplication>,
    pub counts: BTreeMap<&'static str, u64>,
    /// The page that is shown, and how many there are.
    pub page: u64,
    pub pages: u64,
    /// What can be chosen from; empty for whoever is bound to one office.
    pub offices: Vec<(OfficeId, String)>,
}

impl Office {
    /// `None` for whoever reads no applications.
    pub async fn queue(
        &self,
        member: &StaffMember,
        question: &QueueQuestion,
    ) -> Result<Option<Queue>, DbErr> {
        if !member.may(Task::ReadApplications) {
            return Ok(None);
        }
        let snapshot = self.database.begin_read().await?;
        let filter = QueueFilter {
            scope: member.office_scope(),
            office: question.office,
            channel: question.channel,
            text: question.text.clone(),
        };
        let counts = application_queue::counts(&snapshot, &filter).await?;
        let number = counts.get(question.state.as_str()).copied().unwrap_or_default();
        let pages = number.div_ceil(PAGE).max(1);
        // A page that was there a minute ago may be gone, because its lines were decided.
        let page = question.page.clamp(1, pages);
        let offset = (page - 1) * PAGE;
        let lines = application_queue::page(&snapshot, &filter, question.state, offset, PAGE).await?;
        let offices =
            if member.role.is_bound_to_an_office() { Vec::new() } else { people::offices(&snapshot).await? };
        Ok(Some(Queue { lines, counts, page, pages, offices }))
    }
}
