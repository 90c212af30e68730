//! A copy of everything that is held about a person (GDPR Articles 15 and 20), for them to take along.
//!
//! The names of its members are promised in `docs/EXPORT.md`: they are added to, and never change their meaning. What
//! opens something (hashes, secrets, codes) is not in it, nor where staff sat who worked on the account.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use sea_orm::DbErr;
use serde::Serialize;
use serde_json::{Map, Value};

use super::access::Access;
use super::context::Accounts;
use super::factors::Factors;
use super::overview::Overview;
use super::trusted_devices::ShownTrust;
use crate::domain::account::Profile;
use crate::domain::application::Application;
use crate::domain::audit::{Action, AuditRecord, Origin};
use crate::domain::clock::Moment;
use crate::domain::credential_letter::collection::IdentityDocument;
use crate::domain::ids::{AccountId, ApplicationId, TypedId as _};
use crate::domain::locale::Locale;
use crate::domain::regulations::Acceptance;
use crate::domain::second_factor::Factor;
use crate::domain::session::SignedIn;
use crate::storage::audit_search::{self, AuditFilter};
use crate::storage::letters::Letter;
use crate::storage::mail::MailTrace;
use crate::storage::people::HeldTitle;
use crate::storage::sessions::ShownSession;
use crate::storage::{accounts, applications, letters, mail, pairwise_subjects, people};

/// What `format` says.
const FORMAT: &str = "iok-id-account/1";

/// Records that are read at a time: strangers who guess at a password make any number of them.
const ROUND: u64 = 500;

/// Times are in UTC (RFC 3339), days those of the house; what is not known is `null`.
#[derive(Debug, Serialize)]
pub struct Export {
    format: &'static str,
    exported_at: Moment,
    account: ExportedAccount,
    profile: ExportedProfile,
    office: Option<String>,
    contractor_numbers: Vec<String>,
    premises: Vec<ExportedTitle>,
    application: Option<ExportedApplication>,
    letters: Vec<ExportedLetter>,
    regulations: Vec<ExportedAcceptance>,
    second_factors: Vec<ExportedFactor>,
    sessions: Vec<ExportedSession>,
    trusted_devices: Vec<ExportedDevice>,
    access: Vec<ExportedAccess>,
    mails: Vec<ExportedMail>,
    history: Vec<ExportedRecord>,
}

#[derive(Debug, Serialize)]
struct ExportedAccount {
    login: String,
    /// What services know the person by (`sub`).
    subject: String,
    pairwise_subjects: Vec<ExportedSubject>,
    state: &'static str,
    created_at: Option<Moment>,
    closure_requested_at: Option<Moment>,
}

/// What the services of one host know the person by, where they may not know the common `sub`.
#[derive(Debug, Serialize)]
struct ExportedSubject {
    sector: String,
    subject: String,
}

#[derive(Debug, Serialize)]
struct ExportedProfile {
    given_name: String,
    family_name: String,
    organisation_name: Option<String>,
    email: Option<String>,
    email_verified: bool,
    phone_number: Option<String>,
    street: Option<String>,
    postal_code: Option<String>,
    city: Option<String>,
    locale: Option<&'static str>,
    attributes: Map<String, Value>,
}

#[derive(Debug, Serialize)]
struct ExportedTitle {
    code: String,
    kind: &'static str,
    role: &'static str,
    contractor_number: String,
    valid_from: Option<NaiveDate>,
    /// The first day on which it no longer holds.
    valid_until: Option<NaiveDate>,
}

#[derive(Debug, Serialize)]
struct ExportedApplication {
    state: &'static str,
    channel: &'static str,
    applicant: &'static str,
    given_name: String,
    family_name: String,
    organisation_name: Option<String>,
    contractor_number: Option<String>,
    street: String,
    postal_code: String,
    city: String,
    role: &'static str,
    email: Option<String>,
    phone_number: Option<String>,
    regulations_version: String,
    created_at: Moment,
    submitted_at: Option<Moment>,
    decided_at: Option<Moment>,
    decision_reason: Option<String>,
}

#[derive(Debug, Serialize)]
struct ExportedLetter {
    serial: String,
    printed_at: Moment,
    collected_at: Option<Moment>,
    identity_document: Option<&'static str>,
    voided_at: Option<Moment>,
}

#[derive(Debug, Serialize)]
struct ExportedAcceptance {
    version: String,
    accepted_at: Moment,
}

/// Never what it proves itself with.
#[derive(Debug, Serialize)]
struct ExportedFactor {
    /// `totp` or `passkey`.
    kind: &'static str,
    /// As its owner calls it.
    name: Option<String>,
    added_at: Option<Moment>,
    last_used_at: Option<Moment>,
    recovery_codes_left: Option<u64>,
}

#[derive(Debug, Serialize)]
struct ExportedSession {
    started_at: Moment,
    last_seen_at: Moment,
    device: Option<String>,
}

#[derive(Debug, Serialize)]
struct ExportedDevice {
    device: Option<String>,
    trusted_since: Moment,
    last_used_at: Moment,
    trusted_until: Moment,
}

#[derive(Debug, Serialize)]
struct ExportedAccess {
    client_id: String,
    scope: String,
    claims: BTreeSet<String>,
    since: Moment,
    by_consent: bool,
}

#[derive(Debug, Serialize)]
struct ExportedMail {
    kind: String,
    created_at: Moment,
    sent_at: Option<Moment>,
}

#[derive(Debug, Serialize)]
struct ExportedRecord {
    at: Moment,
    action: String,
    by: String,
    outcome: Option<String>,
    client_id: Option<String>,
    address: Option<String>,
    user_agent: Option<String>,
    reason: Option<String>,
}

impl Accounts {
    /// Everything that is held about whoever is signed in, and the record that they took it.
    pub async fn export(&self, signed_in: &SignedIn, origin: &Origin) -> Result<Option<Export>, DbErr> {
        let id = signed_in.account();
        let Some(overview) = self.overview(id).await? else {
            return Ok(None);
        };
        let export = self.gather(signed_in, overview).await?;
        let transaction = self.database.begin().await?;
        let record =
            AuditRecord::of_account(Action::DataExported, id).session(signed_in.session()).from(origin);
        self.journal.record(&transaction, &record).await?;
        transaction.commit().await?;
        Ok(Some(export))
    }

    async fn gather(&self, signed_in: &SignedIn, overview: Overview) -> Result<Export, DbErr> {
        let connection = self.database.read();
        let id = signed_in.account();
        let Overview { account, contractor_numbers, titles, accepted, .. } = overview;
        let office = people::office_name(connection, account.office).await?;
        let application = applications::find(connection, ApplicationId::from(id.uuid())).await?;
        Ok(Export {
            format: FORMAT,
            exported_at: self.ambient.now(),
            account: ExportedAccount {
                login: account.login.to_string(),
                subject: account.subject,
                pairwise_subjects: pairwise_subjects::of_account(connection, id)
                    .await?
                    .into_iter()
                    .map(|(sector, subject)| ExportedSubject { sector, subject })
                    .collect(),
                state: account.state.as_str(),
                created_at: accounts::made_at(connection, id).await?,
                closure_requested_at: accounts::closure_requested_at(connection, id).await?,
            },
            profile: account.profile.into(),
            office,
            contractor_numbers,
            premises: exported(titles),
            application: application.map(ExportedApplication::from),
            letters: exported(letters::all_of(connection, id).await?),
            regulations: exported(accepted),
            second_factors: self.exported_factors(id).await?,
            sessions: exported(self.devices(signed_in).await?),
            trusted_devices: exported(self.trusted_devices(signed_in).await?),
            access: exported(self.access(id).await?),
            mails: exported(mail::traces_about(connection, id.uuid()).await?),
            history: self.exported_history(id).await?,
        })
    }

    async fn exported_factors(&self, id: AccountId) -> Result<Vec<ExportedFactor>, DbErr> {
        let Factors { app, passkeys, .. } = self.factors(id).await?;
        let app = app.map(|codes_left| ExportedFactor {
            kind: Factor::App.as_str(),
            name: None,
            added_at: None,
            last_used_at: None,
            recovery_codes_left: Some(codes_left),
        });
        let passkeys = passkeys.into_iter().map(|passkey| ExportedFactor {
            kind: Factor::Passkey.as_str(),
            name: Some(passkey.name),
            added_at: Some(passkey.created_at),
            last_used_at: passkey.last_used_at,
            recovery_codes_left: None,
        });
        Ok(app.into_iter().chain(passkeys).collect())
    }

    async fn exported_history(&self, id: AccountId) -> Result<Vec<ExportedRecord>, DbErr> {
        let connection = self.database.read();
        let mut filter = AuditFilter { account: Some(id), ..AuditFilter::default() };
        let mut history = Vec::new();
        loop {
            let records = audit_search::find(connection, &filter, ROUND).await?;
            let Some(last) = records.last() else {
                return Ok(history);
            };
            filter.before = Some(last.key);
            let sealed = records.iter().map(|record| record.personal.as_deref());
            let opened = self.journal.open_each_personal(connection, id, sealed).await?;
            history.extend(records.into_iter().zip(opened).map(|(record, personal)| {
                let personal = personal.unwrap_or_default();
                // Where a clerk or an operator sat is about them, not about the person.
                let is_about_staff = matches!(record.actor_kind.as_str(), "staff" | "operator");
                let origin = if is_about_staff { Origin::default() } else { personal.origin };
                ExportedRecord {
                    at: record.key.at,
                    action: record.action,
                    by: record.actor_kind,
                    outcome: record.outcome,
                    client_id: record.client_id,
                    address: origin.address.map(|address| address.to_string()),
                    user_agent: origin.user_agent,
                    reason: personal.reason,
                }
            }));
        }
    }
}

fn exported<T, E: From<T>>(held: Vec<T>) -> Vec<E> {
    held.into_iter().map(E::from).collect()
}

impl From<Profile> for ExportedProfile {
    fn from(profile: Profile) -> Self {
        Self {
            given_name: profile.given_name,
            family_name: profile.family_name,
            organisation_name: profile.organisation_name,
            email: profile.email,
            email_verified: profile.email_verified,
            phone_number: profile.phone_number,
            street: profile.street,
            postal_code: profile.postal_code,
            city: profile.city,
            locale: profile.locale.map(Locale::tag),
            attributes: profile.attributes,
        }
    }
}

impl From<Application> for ExportedApplication {
    fn from(application: Application) -> Self {
        let particulars = application.particulars;
        Self {
            state: application.state.as_str(),
            channel: application.channel.as_str(),
            applicant: particulars.applicant.as_str(),
            given_name: particulars.given_name,
            family_name: particulars.family_name,
            organisation_name: particulars.organisation_name,
            contractor_number: particulars.contractor_number,
            street: particulars.premises.street,
            postal_code: particulars.premises.postal_code,
            city: particulars.premises.city,
            role: particulars.title_role.as_str(),
            email: particulars.email,
            phone_number: particulars.phone_number,
            regulations_version: application.regulations_version,
            created_at: application.created_at,
            submitted_at: application.submitted_at,
            decided_at: application.decided_at,
            decision_reason: application.decision_reason,
        }
    }
}

impl From<HeldTitle> for ExportedTitle {
    fn from(title: HeldTitle) -> Self {
        Self {
            code: title.premises_code,
            kind: title.kind.as_str(),
            role: title.role.as_str(),
            contractor_number: title.contractor_number,
            valid_from: title.valid_from,
            valid_until: title.valid_until,
        }
    }
}

impl From<Letter> for ExportedLetter {
    fn from(letter: Letter) -> Self {
        Self {
            serial: letter.serial,
            printed_at: letter.printed_at,
            collected_at: letter.collected_at,
            identity_document: letter.identity_document.map(IdentityDocument::as_str),
            voided_at: letter.voided_at,
        }
    }
}

impl From<Acceptance> for ExportedAcceptance {
    fn from(acceptance: Acceptance) -> Self {
        Self { version: acceptance.version.to_string(), accepted_at: acceptance.accepted_at }
    }
}

impl From<ShownSession> for ExportedSession {
    fn from(session: ShownSession) -> Self {
        Self {
            started_at: session.created_at,
            last_seen_at: session.last_seen_at,
            device: session.device_label,
        }
    }
}

impl From<ShownTrust> for ExportedDevice {
    fn from(device: ShownTrust) -> Self {
        Self {
            device: device.label,
            trusted_since: device.since,
            last_used_at: device.last_used_at,
            trusted_until: device.trusted_until,
        }
    }
}

impl From<Access> for ExportedAccess {
    fn from(access: Access) -> Self {
        Self {
            client_id: access.client_id,
            scope: access.scope.to_string(),
            claims: access.claims,
            since: access.since,
            by_consent: access.by_consent,
        }
    }
}

impl From<MailTrace> for ExportedMail {
    fn from(mail: MailTrace) -> Self {
        Self { kind: mail.kind, created_at: mail.created_at, sent_at: mail.sent_at }
    }
}
