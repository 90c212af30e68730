//! Applying for an account on-line (the procedure's rows 1 and 2): the form, the link, the button that submits.
//!
//! The answer to a form never tells whether an address, a number or a person is known here.

use chrono::TimeDelta;
use sea_orm::{ConnectionTrait, DbErr};

use super::context::{Accounts, ApplicationRules};
use super::floods::{self, Limit};
use super::owner::office_notice;
use crate::domain::application::form::{ApplicationForm, Field, FieldProblem, FormRules, check};
use crate::domain::application::{Application, ApplicationEvent, ApplicationState, Channel, Particulars};
use crate::domain::audit::{Action, Actor, AuditRecord, Origin};
use crate::domain::clock::Moment;
use crate::domain::ids::{ApplicationId, OfficeId};
use crate::domain::locale::Locale;
use crate::domain::mail::{Mail, Message};
use crate::domain::register_key;
use crate::domain::regulations::Edition;
use crate::storage::applications::{self, Keys};
use crate::storage::database::is_collision;
use crate::storage::{people, regulations};

/// What the form offers to choose from and to accept.
#[derive(Debug, Clone)]
pub struct FormChoices {
    /// By name.
    pub offices: Vec<(OfficeId, String)>,
    /// The version in force; `None` before the first was published.
    pub regulations: Option<Edition>,
}

/// A form that somebody filled in.
#[derive(Debug)]
pub struct Filing<'a> {
    /// Of the page that it was filled in on: the same page sent twice is one application.
    pub form_id: &'a str,
    pub form: &'a ApplicationForm,
    pub locale: Locale,
    pub origin: &'a Origin,
}

#[derive(Debug)]
pub enum FilingAnswer {
    /// A link is on its way, unless that address has had many today. Nobody can tell which.
    Filed,
    Problems(Vec<(Field, FieldProblem)>),
    /// Too many came from there.
    TooMany {
        again_at: Moment,
    },
}

/// What came of pressing the button behind the link.
#[derive(Debug)]
pub enum Confirmation {
    Submitted,
    /// The link was made too long ago; a new one can be had.
    LinkExpired,
    /// It is past that already.
    Is(ApplicationState),
    /// There is no such application (any more).
    Unknown,
}

#[derive(Debug)]
pub enum NewLink {
    /// On its way, unless that address has had many today.
    Sent,
    TooMany {
        again_at: Moment,
    },
    /// It needs none any more.
    Is(ApplicationState),
    Unknown,
}

impl Accounts {
    pub fn application_rules(&self) -> &ApplicationRules {
        &self.applications.rules
    }

    pub async fn form_choices(&self) -> Result<FormChoices, DbErr> {
        let connection = self.database.read();
        Ok(FormChoices {
            offices: people::offices(connection).await?,
            regulations: regulations::current_edition(connection).await?,
        })
    }

    /// Files an application, and sends the link that submits it.
    pub async fn file_application(&self, filing: Filing<'_>) -> Result<FilingAnswer, DbErr> {
        let choices = self.form_choices().await?;
        let in_force = choices.version();
        let rules =
            FormRules { channel: Channel::Online, offices: &choices.office_ids(), regulations: in_force };
        let particulars = match check(filing.form, rules) {
            Ok(particulars) => particulars,
            Err(problems) => return Ok(FilingAnswer::Problems(problems)),
        };
        let transaction = self.database.begin().await?;
        let now = self.ambient.now();
        let application = self.new_application(&filing, particulars, &choices, now);
        // A double click, or an answer that was lost: it is there already, and so is its link.
        if applications::find(&transaction, application.id).await?.is_some() {
            return Ok(FilingAnswer::Filed);
        }
        match self.may_mail(&transaction, &application, filing.origin, now).await? {
            MayMail::Yes => {}
            MayMail::NotToThere => {
                transaction.commit().await?;
                return Ok(FilingAnswer::Filed);
            }
            MayMail::NotFromThere { again_at } => {
                transaction.commit().await?;
                return Ok(FilingAnswer::TooMany { again_at });
            }
        }
        let keys = keys_of(&application.particulars);
        match applications::insert(&transaction, application.clone(), keys).await {
            Ok(()) => {}
            // The other click of the same two was faster.
            Err(error) if is_collision(&error) => {
                transaction.rollback().await?;
                return Ok(FilingAnswer::Filed);
            }
            Err(error) => return Err(error),
        }
        self.journal.make_person_key(&transaction, application.becomes(), now).await?;
        let record = visitors(Action::ApplicationFiled, application.id, filing.origin);
        self.journal.record(&transaction, &record).await?;
        self.mail_applicant(
            &transaction,
            &application,
            Message::ConfirmApplication { application: application.id },
        )
        .await?;
        transaction.commit().await?;
        Ok(FilingAnswer::Filed)
    }

    /// Confirms the address, and so submits the application. `link_made_at` is what the link says.
    pub async fn confirm_application(
        &self,
        id: ApplicationId,
        link_made_at: Moment,
        origin: &Origin,
    ) -> Result<Confirmation, DbErr> {
        let transaction = self.database.begin().await?;
        let now = self.ambient.now();
        let Some(application) = applications::lock(&transaction, id).await? else {
            return Ok(Confirmation::Unknown);
        };
        let Ok(becomes) = application.state.after(ApplicationEvent::Confirmed) else {
            return Ok(Confirmation::Is(application.state));
        };
        if !self.link_still_confirms(link_made_at, now) {
            return Ok(Confirmation::LinkExpired);
        }
        if !applications::move_on(&transaction, id, application.state, becomes, now).await? {
            return Ok(Confirmation::Is(becomes));
        }
        let record = visitors(Action::ApplicationSubmitted, id, origin);
        self.journal.record(&transaction, &record).await?;
        let office =
            office_notice(&transaction, &self.calendar, Some(application.particulars.office), now).await?;
        self.mail_applicant(
            &transaction,
            &application,
            Message::ApplicationReceived { application: id, office, address_confirmed: true },
        )
        .await?;
        transaction.commit().await?;
        Ok(Confirmation::Submitted)
    }

    /// Does a link made then still confirm an address?
    pub fn link_still_confirms(&self, made_at: Moment, now: Moment) -> bool {
        now < made_at + self.applications.rules.link
    }

    /// Sends the link once more, to whoever holds an old one.
    pub async fn send_new_link(&self, id: ApplicationId, origin: &Origin) -> Result<NewLink, DbErr> {
        let transaction = self.database.begin().await?;
        let now = self.ambient.now();
        let Some(application) = applications::lock(&transaction, id).await? else {
            return Ok(NewLink::Unknown);
        };
        if application.state != ApplicationState::EmailPending {
            return Ok(NewLink::Is(application.state));
        }
        let answer = match self.may_mail(&transaction, &application, origin, now).await? {
            MayMail::Yes => {
                applications::link_sent(&transaction, id, now).await?;
                let record = visitors(Action::ApplicationLinkSent, id, origin);
                self.journal.record(&transaction, &record).await?;
                self.mail_applicant(
                    &transaction,
                    &application,
                    Message::ConfirmApplication { application: id },
                )
                .await?;
                NewLink::Sent
            }
            MayMail::NotToThere => NewLink::Sent,
            MayMail::NotFromThere { again_at } => NewLink::TooMany { again_at },
        };
        transaction.commit().await?;
        Ok(answer)
    }

    fn new_application(
        &self,
        filing: &Filing<'_>,
        particulars: Particulars,
        choices: &FormChoices,
        now: Moment,
    ) -> Application {
        Application {
            id: self.id_of(filing.form_id, &particulars),
            state: ApplicationState::EmailPending,
            state_since: now,
            channel: Channel::Online,
            locale: filing.locale,
            particulars,
            // Before the first was published there was nothing to accept.
            regulations_version: choices.version().unwrap_or_default().to_owned(),
            regulations_accepted_at: now,
            scan_reference: None,
            taken_in_by: None,
            corrected_by: None,
            received_on: None,
            created_at: now,
            link_sent_at: Some(now),
            submitted_at: None,
            decided_at: None,
            decided_by: None,
            decision_reason: None,
            override_reason: None,
        }
    }

    /// The same words on the same page are the same application. Whoever goes back and mends a slip in the address
    /// files another one: the first expires by itself.
    fn id_of(&self, form_id: &str, particulars: &Particulars) -> ApplicationId {
        let Particulars {
            applicant,
            given_name,
            family_name,
            organisation_name,
            contractor_number,
            premises,
            title_role,
            office,
            email,
            phone_number,
        } = particulars;
        let office = office.to_string();
        let optional = |text: &'_ Option<String>| text.clone().unwrap_or_default();
        let uuid = self.applications.forms.uuid(&[
            form_id,
            applicant.as_str(),
            given_name,
            family_name,
            &optional(organisation_name),
            &optional(contractor_number),
            &premises.street,
            &premises.postal_code,
            &premises.city,
            title_role.as_str(),
            &office,
            &optional(email),
            &optional(phone_number),
        ]);
        ApplicationId::from(uuid)
    }

    /// May this source have one more message sent, and this address get it? Counts it: the caller commits, whatever
    /// the answer is.
    async fn may_mail(
        &self,
        transaction: &impl ConnectionTrait,
        application: &Application,
        origin: &Origin,
        now: Moment,
    ) -> Result<MayMail, DbErr> {
        let (rules, key) = (&self.applications.rules, &self.floods);
        let per_source = Limit {
            kind: "application.source",
            most: rules.per_source_per_hour,
            within: TimeDelta::hours(1),
        };
        let source = floods::network_of(origin.address);
        if let Some(passed) = floods::count(transaction, key, per_source, &source, now).await? {
            return Ok(MayMail::NotFromThere { again_at: passed.until });
        }
        let per_address = Limit {
            kind: "application.address",
            most: rules.per_address_per_day,
            within: TimeDelta::days(1),
        };
        // Most servers do not tell `Jan@` from `jan@`; a limit that does would be none.
        let address = application.particulars.email.as_deref().unwrap_or_default().to_lowercase();
        match floods::count(transaction, key, per_address, &address, now).await? {
            Some(_) => Ok(MayMail::NotToThere),
            None => Ok(MayMail::Yes),
        }
    }

    /// Writes to the applicant, if there is an address.
    pub(super) async fn mail_applicant(
        &self,
        transaction: &impl ConnectionTrait,
        application: &Application,
        message: Message,
    ) -> Result<(), DbErr> {
        match Mail::to_applicant(application, message) {
            Some(mail) => self.journal.mail(transaction, &mail).await,
            None => Ok(()),
        }
    }
}

enum MayMail {
    Yes,
    NotToThere,
    NotFromThere { again_at: Moment },
}

impl FormChoices {
    /// The version of the Regulations that is to be accepted.
    pub fn version(&self) -> Option<&str> {
        self.regulations.as_ref().map(|edition| edition.version.as_str())
    }

    pub(super) fn office_ids(&self) -> Vec<OfficeId> {
        self.offices.iter().map(|(id, _)| *id).collect()
    }
}

/// What somebody did who holds a link, or nothing at all.
pub(super) fn visitors(action: Action, id: ApplicationId, origin: &Origin) -> AuditRecord {
    AuditRecord::new(action, Actor::Visitor).about_application(id).from(origin)
}

/// What an application is found again by.
pub fn keys_of(particulars: &Particulars) -> Keys {
    let Particulars { given_name, family_name, organisation_name, premises, .. } = particulars;
    let firm = organisation_name.as_deref().and_then(register_key::of_organisation);
    let name = firm.or_else(|| register_key::of_person(given_name, family_name));
    let address = register_key::of_address(&premises.street, &premises.city);
    Keys { name: name.unwrap_or_default(), address: address.unwrap_or_default() }
}
