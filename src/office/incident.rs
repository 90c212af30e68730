//! Who may be affected by an incident (GDPR Articles 33 and 34): every account that did something, was open to somebody,
//! or was looked at between two moments. For the operator, who answers to the data protection officer.

use std::collections::{BTreeMap, BTreeSet};

use sea_orm::DbErr;
use serde::Serialize;
use uuid::Uuid;

use crate::domain::ambient::Ambient;
use crate::domain::audit::{Action, Actor, AuditRecord};
use crate::domain::clock::Moment;
use crate::domain::ids::AccountId;
use crate::storage::accounts;
use crate::storage::audit_search::{self, AuditFilter, FoundRecord};
use crate::storage::database::Database;
use crate::storage::incidents::{self, Between, Lasted};
use crate::storage::journal::Journal;

/// Rows that are read at a time.
const PAGE: u64 = 1_000;

/// Accounts that one transaction notes it for: short, as on SQLite everybody who writes waits for it.
const NOTED_AT_ONCE: usize = 200;

/// What is asked.
#[derive(Debug, Clone)]
pub struct IncidentQuestion {
    pub from: Moment,
    /// Up to, and without, this moment.
    pub until: Moment,
    /// Only what has to do with this client.
    pub client: Option<String>,
    /// Why: noted in the history of each account.
    pub reason: String,
}

/// One account, and what there was of it in that time. Counts are of audit records, sessions and grants.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Affected {
    /// `None`: an application that became no account, or is erased.
    pub login: Option<String>,
    pub name: Option<String>,
    pub email: Option<String>,
    pub state: Option<&'static str>,
    /// The first and the last thing known of that time.
    pub first_at: Option<Moment>,
    pub last_at: Option<Moment>,
    /// Sign-ins that succeeded, and guesses at a password that did not.
    pub sign_ins: u64,
    pub failed_sign_ins: u64,
    pub records: u64,
    /// How often somebody opened or took away what is held about them.
    pub reads: u64,
    /// Open in that time, wherever they began.
    pub sessions: u64,
    /// Of services, good in that time.
    pub grants: u64,
    pub clients: BTreeSet<String>,
    /// Members of staff who did something there, by their accounts.
    pub staff: BTreeSet<String>,
}

impl Affected {
    fn saw(&mut self, at: Moment) {
        self.first_at = Some(self.first_at.map_or(at, |first| first.min(at)));
        self.last_at = Some(self.last_at.map_or(at, |last| last.max(at)));
    }

    fn add_record(&mut self, record: FoundRecord) {
        self.saw(record.key.at);
        self.records += 1;
        match (record.action.parse(), record.outcome.as_deref()) {
            (Ok(Action::SessionStarted), _) => self.sign_ins += 1,
            (Ok(Action::SignInVerdict), Some("wrong")) => self.failed_sign_ins += 1,
            (Ok(Action::AuditRead | Action::DataExported), _) => self.reads += 1,
            _ => {}
        }
        self.clients.extend(record.client_id);
        if record.actor_kind == "staff" {
            self.staff.extend(record.actor_id);
        }
    }

    fn add_lasting(&mut self, lasted: &Lasted, between: Between) {
        self.saw(lasted.began.max(between.from));
        self.saw(lasted.ended.clamp(between.from, between.until));
        self.clients.extend(lasted.client.clone());
    }
}

/// Everybody, by account. Noted in the audit before anything is returned: for the operator, and for each account.
pub async fn incident(
    database: &Database,
    ambient: &Ambient,
    journal: &Journal,
    question: &IncidentQuestion,
) -> Result<BTreeMap<AccountId, Affected>, DbErr> {
    // What is noted below is not of that time, even if it goes on.
    let until = question.until.min(ambient.now());
    let between = Between { from: question.from, until };
    let mut affected = records(database, question, between).await?;
    let client = question.client.as_deref();
    let connection = database.read();
    for_each(
        |after| incidents::sessions(connection, between, client, after, PAGE),
        |session| {
            let account = affected.entry(session.account).or_default();
            account.sessions += 1;
            account.add_lasting(session, between);
        },
    )
    .await?;
    for_each(
        |after| incidents::grants(connection, between, client, after, PAGE),
        |grant| {
            let account = affected.entry(grant.account).or_default();
            account.grants += 1;
            account.add_lasting(grant, between);
        },
    )
    .await?;
    for (id, account) in &mut affected {
        if let Some(found) = accounts::find(database.read(), *id).await? {
            account.login = Some(found.login.to_string());
            account.state = Some(found.state.as_str());
            account.email.clone_from(&found.profile.email);
            account.name = Some(found.profile.display_name()).filter(|name| !name.is_empty());
        }
    }
    note(database, journal, question, affected.keys().copied().collect()).await?;
    Ok(affected)
}

/// Goes through what lasted a page at a time: nobody knows how much there is.
async fn for_each<F>(
    page_after: impl Fn(Option<Uuid>) -> F,
    mut each: impl FnMut(&Lasted),
) -> Result<(), DbErr>
where
    F: Future<Output = Result<Vec<Lasted>, DbErr>>,
{
    let mut after = None;
    loop {
        let page = page_after(after).await?;
        let Some(last) = page.last() else { return Ok(()) };
        after = Some(last.id);
        page.iter().for_each(&mut each);
    }
}

async fn records(
    database: &Database,
    question: &IncidentQuestion,
    between: Between,
) -> Result<BTreeMap<AccountId, Affected>, DbErr> {
    let mut affected: BTreeMap<AccountId, Affected> = BTreeMap::new();
    let mut filter =
        AuditFilter { from: Some(between.from), until: Some(between.until), ..AuditFilter::default() };
    loop {
        let page = audit_search::find(database.read(), &filter, PAGE).await?;
        let Some(last) = page.last() else { return Ok(affected) };
        filter.before = Some(last.key);
        for record in page {
            let is_meant = question.client.is_none() || record.client_id == question.client;
            if let Some(account) = record.account.filter(|_| is_meant) {
                affected.entry(account).or_default().add_record(record);
            }
        }
    }
}

/// The reason is sealed with each account it is about; the record of the whole, which is about nobody, has none.
async fn note(
    database: &Database,
    journal: &Journal,
    question: &IncidentQuestion,
    accounts: Vec<AccountId>,
) -> Result<(), DbErr> {
    let record = || {
        let mut record = AuditRecord::new(Action::IncidentExported, Actor::Operator);
        record.client.clone_from(&question.client);
        record
    };
    let transaction = database.begin().await?;
    journal.record(&transaction, &record()).await?;
    transaction.commit().await?;
    for some in accounts.chunks(NOTED_AT_ONCE) {
        let transaction = database.begin().await?;
        for account in some {
            let record = record().about(*account).reason(question.reason.clone()).outcome("affected");
            journal.record(&transaction, &record).await?;
        }
        transaction.commit().await?;
    }
    Ok(())
}
