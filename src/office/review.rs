//! What one person did alone (an office of one): a supervisor looks through it afterwards.

use sea_orm::DbErr;

use super::context::Office;
use super::printing::name_in;
use crate::domain::audit::{Action, Actor, AuditRecord, Origin};
use crate::domain::clock::Moment;
use crate::domain::ids::{AccountId, ApplicationId, CredentialLetterId, LetterOrderId};
use crate::domain::staff::{StaffMember, Task};
use crate::storage::{letter_queue, lone_work};

/// Lines of each kind that are shown: the oldest first, so that none is passed over.
const SHOWN: u64 = 300;

/// Two steps that one person took, where otherwise it takes two persons.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LoneWork {
    /// Took in on paper, and approved.
    Application(ApplicationId),
    /// Another letter: asked for, and agreed to.
    Order(LetterOrderId),
    /// Printed, and handed over.
    Letter(CredentialLetterId),
}

/// A line of the list.
#[derive(Debug)]
pub struct HandledAlone {
    pub what: LoneWork,
    /// Whose account it is, or became.
    pub account: AccountId,
    pub name: String,
    pub login: Option<String>,
    pub office: Option<String>,
    /// Of a letter; ungrouped.
    pub serial: Option<String>,
    pub by: String,
    /// When they took the first step, and the second.
    pub first_at: Moment,
    pub then_at: Moment,
    /// Did whoever looks do it themselves? Then somebody else has to look.
    pub is_own: bool,
}

impl Office {
    /// Oldest first. Where two persons are needed, nothing comes to be among them.
    pub async fn handled_alone(&self, member: &StaffMember) -> Result<Vec<HandledAlone>, DbErr> {
        // The door asks too; a use case that is called from elsewhere must not depend on it.
        if !member.may(Task::ReviewOffice) {
            return Ok(Vec::new());
        }
        let connection = self.database.read();
        let letters = letter_queue::handled_alone(connection, SHOWN).await?;
        let orders = lone_work::orders(connection, SHOWN).await?;
        let applications = lone_work::applications(connection, SHOWN).await?;
        let doers = letters
            .iter()
            .filter_map(|queued| queued.letter.collected_by)
            .chain(orders.iter().filter_map(|queued| queued.order.decided_by))
            .chain(applications.iter().filter_map(|(application, _)| application.decided_by));
        let names = letter_queue::names_of(connection, doers).await?;
        let letters = letters.into_iter().map(|queued| HandledAlone {
            what: LoneWork::Letter(queued.letter.id),
            account: queued.addressee.account,
            name: queued.addressee.name,
            login: Some(queued.addressee.login),
            office: queued.addressee.office_name,
            by: name_in(&names, queued.letter.collected_by),
            is_own: queued.letter.collected_by == Some(member.account),
            first_at: queued.letter.printed_at,
            then_at: queued.letter.collected_at.unwrap_or(queued.letter.printed_at),
            serial: Some(queued.letter.serial),
        });
        let orders = orders.into_iter().map(|queued| HandledAlone {
            what: LoneWork::Order(queued.order.id),
            account: queued.addressee.account,
            name: queued.addressee.name,
            login: Some(queued.addressee.login),
            office: queued.addressee.office_name,
            by: name_in(&names, queued.order.decided_by),
            is_own: queued.order.decided_by == Some(member.account),
            first_at: queued.order.requested_at,
            then_at: queued.order.decided_at.unwrap_or(queued.order.requested_at),
            serial: None,
        });
        let applications = applications.into_iter().map(|(application, office)| HandledAlone {
            what: LoneWork::Application(application.id),
            account: application.becomes(),
            name: application.display_name(),
            login: None,
            office,
            by: name_in(&names, application.decided_by),
            is_own: application.decided_by == Some(member.account),
            first_at: application.created_at,
            then_at: application.decided_at.unwrap_or(application.state_since),
            serial: None,
        });
        let mut lines: Vec<HandledAlone> = applications.chain(orders).chain(letters).collect();
        lines.sort_by_key(|line| line.then_at);
        Ok(lines)
    }

    /// Records that a supervisor looked. Returns whether it still waited for that, and was not their own doing.
    pub async fn review_lone_work(
        &self,
        member: &StaffMember,
        what: LoneWork,
        origin: &Origin,
    ) -> Result<bool, DbErr> {
        if !member.may(Task::ReviewOffice) {
            return Ok(false);
        }
        let transaction = self.database.begin().await?;
        let (by, now) = (member.account, self.ambient.now());
        let record = |action| AuditRecord::new(action, Actor::Staff(by)).from(origin);
        let reviewed = match what {
            LoneWork::Application(id) => lone_work::review_application(&transaction, id, by, now)
                .await?
                .then(|| record(Action::ApplicationReviewed).about_application(id)),
            LoneWork::Order(id) => lone_work::review_order(&transaction, id, by, now)
                .await?
                .map(|account| record(Action::LetterOrderReviewed).about(account)),
            LoneWork::Letter(id) => letter_queue::review(&transaction, id, by, now)
                .await?
                .map(|account| record(Action::LetterReviewed).about(account)),
        };
        let Some(record) = reviewed else {
            transaction.rollback().await?;
            return Ok(false);
        };
        self.journal.record(&transaction, &record).await?;
        transaction.commit().await?;
        Ok(true)
    }
}
