//! An application beside what the register says, and who it may be already.

use chrono::NaiveDate;
use sea_orm::{ConnectionTrait, DbErr};

use super::compare::{Compared, compare};
use super::context::Office;
use super::decision::{is_seen_by, may_correct};
use super::existing_account::{ExistingAccount, contractors_meant, existing_accounts};
use super::told::Names;
use crate::accounts::apply::keys_of;
use crate::domain::account::Account;
use crate::domain::application::{Application, ApplicationState, Particulars};
use crate::domain::clock::Moment;
use crate::domain::ids::{AccountId, ApplicationId, ContractorId};
use crate::domain::staff::{StaffMember, Task};
use crate::storage::duplicates::{self, LikeAccount, LikeApplication};
use crate::storage::matching::{self, RegisterRow};
use crate::storage::{applications, audit, people};

/// Records of one application's history that are shown.
const HISTORY: u64 = 50;

/// Everything that a decision needs to know.
#[derive(Debug, Clone)]
pub struct ReviewSheet {
    pub application: Application,
    pub office_name: String,
    pub taken_in_by: Option<String>,
    pub corrected_by: Option<String>,
    /// It is on paper, waits for its correction, and this member of staff may type that in.
    pub may_correct: bool,
    pub decided_by: Option<String>,
    pub register: Vec<(RegisterRow, Vec<Compared>)>,
    pub applications: Vec<LikeApplication>,
    pub accounts: Vec<LikeAccount>,
    /// The applicant's own, as far as one can tell: a second one is for a supervisor to give.
    pub own_accounts: Vec<OwnAccount>,
    /// Oldest first.
    pub history: Vec<HistoryLine>,
    pub stance: Stance,
}

/// What this member of staff can do with it now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stance {
    Decide {
        may_override: bool,
    },
    /// All but approving it: who took it in does not approve it.
    DecideExceptApproval,
    OwnApplication,
    /// It is decided, or waits for the applicant, or they only read.
    Read,
}

/// An account that the applicant has already.
#[derive(Debug, Clone)]
pub struct OwnAccount {
    pub account: Account,
    pub office_name: Option<String>,
}

#[derive(Debug, Clone)]
pub struct HistoryLine {
    pub at: Moment,
    pub action: String,
    /// `staff`, `visitor`, `clock` …
    pub actor_kind: String,
    /// A member of staff by name.
    pub by: Option<String>,
    pub outcome: Option<String>,
    pub reason: Option<String>,
}

impl Office {
    /// `None` if there is none, or it is another office's. `chosen`: the contractors that it was just tried to link it
    /// with.
    pub async fn review(
        &self,
        member: &StaffMember,
        id: ApplicationId,
        chosen: &[ContractorId],
    ) -> Result<Option<ReviewSheet>, DbErr> {
        let snapshot = self.database.begin_read().await?;
        let Some(application) = applications::find(&snapshot, id).await? else {
            return Ok(None);
        };
        if !member.may(Task::ReadApplications) || !is_seen_by(&application, member) {
            return Ok(None);
        }
        let today = self.calendar.today(self.ambient.now());
        let rows = register_rows(&snapshot, &application.particulars, today).await?;
        let contractors: Vec<ContractorId> = rows.iter().map(|row| row.contractor).collect();
        let keys = keys_of(&application.particulars);
        let wanted = duplicates::Wanted {
            keys: &keys,
            contractor_number: application.particulars.contractor_number.as_deref(),
            besides: Some(id),
            contractors: &contractors,
        };
        let office_name = people::office_name(&snapshot, Some(application.particulars.office)).await?;
        let office_name = office_name.unwrap_or_default();
        let mut names = Names::default();
        Ok(Some(ReviewSheet {
            taken_in_by: names.name(&snapshot, application.taken_in_by).await?,
            corrected_by: names.name(&snapshot, application.corrected_by).await?,
            may_correct: may_correct(member, &application),
            decided_by: names.name(&snapshot, application.decided_by).await?,
            register: rows
                .into_iter()
                .map(|row| {
                    let compared = compare(&application.particulars, &office_name, &row);
                    (row, compared)
                })
                .collect(),
            applications: duplicates::open_applications(&snapshot, &wanted).await?,
            accounts: duplicates::accounts(&snapshot, &wanted).await?,
            own_accounts: own_accounts(&snapshot, &application, chosen).await?,
            history: self.history(&snapshot, &mut names, application.becomes()).await?,
            stance: self.stance(&snapshot, member, &application).await?,
            office_name,
            application,
        }))
    }

    async fn stance(
        &self,
        connection: &impl ConnectionTrait,
        member: &StaffMember,
        application: &Application,
    ) -> Result<Stance, DbErr> {
        if application.state != ApplicationState::Submitted || !member.may(Task::DecideApplications) {
            return Ok(Stance::Read);
        }
        if self.is_own(connection, member.account, application, &[]).await? {
            return Ok(Stance::OwnApplication);
        }
        if !self.may_approve(member.account, application) {
            return Ok(Stance::DecideExceptApproval);
        }
        Ok(Stance::Decide { may_override: member.may(Task::OverrideTitle) })
    }

    async fn history(
        &self,
        connection: &impl ConnectionTrait,
        names: &mut Names,
        account: AccountId,
    ) -> Result<Vec<HistoryLine>, DbErr> {
        let mut lines = Vec::new();
        for record in audit::latest_about(connection, account, HISTORY).await? {
            // What happens to the account afterwards is told on the account's page.
            let is_about_the_application = record.action.starts_with("application.")
                || matches!(record.action.as_str(), "account.created" | "letter.ordered");
            if !is_about_the_application {
                continue;
            }
            let staff = match (record.actor_kind.as_str(), &record.actor_id) {
                ("staff", Some(id)) => id.parse::<AccountId>().ok(),
                _ => None,
            };
            let reason = match &record.personal {
                Some(sealed) => self.journal.open_personal(connection, account, sealed).await?,
                None => None,
            };
            lines.push(HistoryLine {
                at: record.at,
                by: names.name(connection, staff).await?,
                action: record.action,
                actor_kind: record.actor_kind,
                outcome: record.outcome,
                reason: reason.and_then(|personal| personal.reason),
            });
        }
        lines.reverse();
        Ok(lines)
    }
}

/// What an approval would be a second account beside; nothing where there is nothing to approve any more.
async fn own_accounts(
    connection: &impl ConnectionTrait,
    application: &Application,
    chosen: &[ContractorId],
) -> Result<Vec<OwnAccount>, DbErr> {
    if application.state != ApplicationState::Submitted {
        return Ok(Vec::new());
    }
    let meant = contractors_meant(connection, &application.particulars, chosen).await?;
    let existing = existing_accounts(connection, &application.particulars, &meant).await?;
    let mut own = Vec::new();
    for ExistingAccount { account, .. } in existing.into_iter().filter(|existing| existing.is_applicants) {
        let office_name = people::office_name(connection, account.office).await?;
        own.push(OwnAccount { account, office_name });
    }
    Ok(own)
}

/// Who in the register the applicant may be.
pub(super) async fn register_rows(
    connection: &impl ConnectionTrait,
    particulars: &Particulars,
    today: NaiveDate,
) -> Result<Vec<RegisterRow>, DbErr> {
    let wanted = matching::Wanted {
        contractor_number: particulars.contractor_number.as_deref().unwrap_or_default(),
        given_name: &particulars.given_name,
        family_name: &particulars.family_name,
        organisation_name: particulars.organisation_name.as_deref().unwrap_or_default(),
        street: &particulars.premises.street,
        postal_code: &particulars.premises.postal_code,
        city: &particulars.premises.city,
    };
    matching::matches(connection, &wanted, today).await
}
