//! The auditor's desk: what happened, looked through; what is personal opened only on purpose, which is recorded.

use chrono::NaiveDate;
use sea_orm::DbErr;

use super::context::Office;
use super::sheet::serial_of;
use super::told::{Names, ToldRecord, tell};
use crate::domain::audit::{Action, Actor, AuditRecord, Origin};
use crate::domain::ids::AccountId;
use crate::domain::login::Login;
use crate::domain::staff::{StaffMember, Task};
use crate::storage::audit_search::{self, AuditFilter, AuditKey};
use crate::storage::{accounts, letters};
use crate::trail::Standing;

/// Lines on a page.
const PAGE: u64 = 50;

/// Lines in a file. Whoever needs more asks for a shorter time.
pub const LONGEST_FILE: u64 = 10_000;

/// What is asked.
#[derive(Debug, Clone, Default)]
pub struct AuditQuestion {
    pub action: Option<Action>,
    pub outcome: Option<String>,
    /// The login of who did it.
    pub actor: Option<String>,
    /// A login, or the serial of a letter.
    pub account: Option<String>,
    /// The first and the last day, by the house's calendar.
    pub from: Option<NaiveDate>,
    pub until: Option<NaiveDate>,
    pub before: Option<AuditKey>,
    /// Where it came from and why, opened. Only about one account, and recorded there.
    pub opened: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AuditProblem {
    /// Nobody has the login of who is to have done it.
    UnknownActor,
    /// Nobody has this login, nor a letter with this serial.
    UnknownAccount,
    /// What is personal is opened about one account only.
    OpensEverybody,
}

#[derive(Debug)]
pub struct AuditPage {
    /// Newest first.
    pub records: Vec<ToldRecord>,
    /// Where the next page begins, if there is one.
    pub next: Option<AuditKey>,
}

impl Office {
    /// One page of what was found.
    pub async fn audit_page(
        &self,
        member: &StaffMember,
        question: &AuditQuestion,
        origin: &Origin,
    ) -> Result<Result<AuditPage, AuditProblem>, DbErr> {
        let opened = question.opened.then_some("opened");
        self.audit_records(member, question, origin, PAGE, opened).await
    }

    /// All that was found, for a file; who takes records away is recorded.
    pub async fn audit_file(
        &self,
        member: &StaffMember,
        question: &AuditQuestion,
        origin: &Origin,
    ) -> Result<Result<AuditPage, AuditProblem>, DbErr> {
        let question = AuditQuestion { before: None, ..question.clone() };
        let outcome = if question.opened { "downloaded_opened" } else { "downloaded" };
        self.audit_records(member, &question, origin, LONGEST_FILE, Some(outcome)).await
    }

    async fn audit_records(
        &self,
        member: &StaffMember,
        question: &AuditQuestion,
        origin: &Origin,
        limit: u64,
        recorded_as: Option<&'static str>,
    ) -> Result<Result<AuditPage, AuditProblem>, DbErr> {
        if !member.may(Task::ReadAudit) {
            return Ok(Ok(AuditPage { records: Vec::new(), next: None }));
        }
        // Read before anything is written: on SQLite a writer would wait for a long list.
        let snapshot = self.database.begin_read().await?;
        let actor = match &question.actor {
            Some(login) => match account_of(&snapshot, login, false).await? {
                Some(account) => Some(account),
                None => return Ok(Err(AuditProblem::UnknownActor)),
            },
            None => None,
        };
        let account = match &question.account {
            Some(typed) => match account_of(&snapshot, typed, true).await? {
                Some(account) => Some(account),
                None => return Ok(Err(AuditProblem::UnknownAccount)),
            },
            None => None,
        };
        if question.opened && account.is_none() {
            return Ok(Err(AuditProblem::OpensEverybody));
        }
        let filter = AuditFilter {
            action: question.action.map(|action| action.as_str().to_owned()),
            outcome: question.outcome.clone(),
            actor,
            account,
            from: question.from.map(|day| self.calendar.begin_of(day)),
            until: question.until.and_then(|day| day.succ_opt()).map(|day| self.calendar.begin_of(day)),
            before: question.before,
        };
        let mut found = audit_search::find(&snapshot, &filter, limit + 1).await?;
        let is_cut = found.len() as u64 > limit;
        found.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
        let next = found.last().filter(|_| is_cut).map(|record| record.key);
        let mut names = Names::default();
        let mut records = Vec::with_capacity(found.len());
        for record in found {
            records.push(tell(&self.journal, &snapshot, &mut names, record, question.opened).await?);
        }
        snapshot.rollback().await?;
        if let Some(outcome) = recorded_as {
            // Before anything is shown: who could not be recorded sees nothing.
            let transaction = self.database.begin().await?;
            let mut record = AuditRecord::new(Action::AuditRead, Actor::Staff(member.account))
                .outcome(outcome)
                .from(origin);
            record.account = account;
            self.journal.record(&transaction, &record).await?;
            transaction.commit().await?;
        }
        Ok(Ok(AuditPage { records, next }))
    }

    /// How far the records are chained and signed for. `None` for whoever does not read the audit.
    pub async fn audit_standing(&self, member: &StaffMember) -> Result<Option<Standing>, DbErr> {
        if !member.may(Task::ReadAudit) {
            return Ok(None);
        }
        self.trail.standing().await.map(Some)
    }
}

/// Whose login this is, or whose letter has this serial.
async fn account_of(
    connection: &sea_orm::DatabaseTransaction,
    typed: &str,
    or_serial: bool,
) -> Result<Option<AccountId>, DbErr> {
    let login = Login::canonical_of(typed);
    if let Some(account) = accounts::find_by_login(connection, &login).await? {
        return Ok(Some(account.id));
    }
    match serial_of(typed).filter(|_| or_serial) {
        Some(serial) => Ok(letters::find_by_serial(connection, &serial).await?.map(|letter| letter.account)),
        None => Ok(None),
    }
}
