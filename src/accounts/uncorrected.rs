//! What becomes of an application that the office sent back and nobody corrects: a reminder, then the end. Done beside
//! requests, by every replica: each step looks once more under the application's lock.

use chrono::TimeDelta;
use sea_orm::DbErr;

use super::context::Accounts;
use super::owner::office_notice;
use crate::domain::application::{ApplicationEvent, ApplicationState};
use crate::domain::audit::{Action, Actor, AuditRecord};
use crate::domain::ids::ApplicationId;
use crate::domain::mail::Message;
use crate::storage::applications::{self, Uncorrected};

/// How many of a kind are looked at in one run: what is left over comes ten minutes later.
const A_RUN: u64 = 100;

impl Accounts {
    /// Withdraws what was not corrected in time, and reminds of what soon will be withdrawn. Returns how many it
    /// withdrew.
    ///
    /// # Errors
    /// If the database does not answer. What was done until then is done.
    pub async fn age_uncorrected(&self) -> Result<usize, DbErr> {
        let read = self.database.read();
        let mut withdrawn = 0;
        for id in applications::uncorrected(read, self.overdue(), A_RUN).await? {
            withdrawn += usize::from(self.withdraw_uncorrected(id).await?);
        }
        if let Some(unreminded) = self.to_be_reminded() {
            for id in applications::uncorrected(read, unreminded, A_RUN).await? {
                self.remind_of_correction(id).await?;
            }
        }
        Ok(withdrawn)
    }

    /// Whoever is to be reminded has been, and had the time that the reminder said.
    fn overdue(&self) -> Uncorrected {
        let (now, rules) = (self.ambient.now(), &self.applications.rules);
        let reminded_before = self.reminds().then(|| now - rules.remind_before);
        Uncorrected::Overdue { since_before: now - rules.correct_within, reminded_before }
    }

    fn to_be_reminded(&self) -> Option<Uncorrected> {
        let rules = &self.applications.rules;
        let since_before = self.ambient.now() - (rules.correct_within - rules.remind_before);
        self.reminds().then_some(Uncorrected::Unreminded { since_before })
    }

    fn reminds(&self) -> bool {
        self.applications.rules.remind_before > TimeDelta::zero()
    }

    async fn withdraw_uncorrected(&self, id: ApplicationId) -> Result<bool, DbErr> {
        let transaction = self.database.begin().await?;
        let now = self.ambient.now();
        let Some(application) = applications::lock(&transaction, id).await? else {
            return Ok(false);
        };
        // Corrected a moment ago, and perhaps sent back again since: then its time begins anew.
        let is_overdue = application.state == ApplicationState::NeedsCorrection
            && application.state_since < now - self.applications.rules.correct_within;
        let Some(becomes) = application.state.after(ApplicationEvent::Withdrawn).ok().filter(|_| is_overdue)
        else {
            return Ok(false);
        };
        if !applications::move_on(&transaction, id, application.state, becomes, now).await? {
            return Ok(false);
        }
        let record = AuditRecord::new(Action::ApplicationWithdrawn, Actor::Clock)
            .about_application(id)
            .outcome("not_corrected");
        self.journal.record(&transaction, &record).await?;
        let office =
            office_notice(&transaction, &self.calendar, Some(application.particulars.office), now).await?;
        self.mail_applicant(&transaction, &application, Message::CorrectionLapsed { office }).await?;
        transaction.commit().await?;
        Ok(true)
    }

    /// Once for each time that it was sent back. Who has no address is counted as reminded: the office telephones them.
    async fn remind_of_correction(&self, id: ApplicationId) -> Result<(), DbErr> {
        let transaction = self.database.begin().await?;
        let now = self.ambient.now();
        let Some(application) = applications::lock(&transaction, id).await? else {
            return Ok(());
        };
        if !applications::mark_reminded(&transaction, id, now).await? {
            return Ok(());
        }
        let rules = &self.applications.rules;
        // Of one that waited long before anybody was reminded the time ends later than it would have.
        let until = (application.state_since + rules.correct_within).max(now + rules.remind_before);
        let office =
            office_notice(&transaction, &self.calendar, Some(application.particulars.office), now).await?;
        let reminder = Message::CorrectionReminder {
            office,
            correct_until: self.calendar.day_of(until),
            address_confirmed: application.channel.confirms_addresses(),
        };
        self.mail_applicant(&transaction, &application, reminder).await?;
        transaction.commit().await
    }
}
