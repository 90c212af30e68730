//! What follows the form: the link that was sent, the button behind it, and where the application stands.

use chrono::NaiveDate;
use serde::{Serialize, Serializer};

use super::language_switch::Address;
use super::office_card::{self, Day, OfficeCard};
use super::page::Page;
use crate::domain::application::ApplicationState;
use crate::domain::office::OfficeNotice;

/// `/apply/sent`: a link is on its way. The same words for everybody, whatever was typed.
#[derive(Debug, Clone, Serialize)]
pub struct ApplySentPage {
    /// How long the link works.
    pub link_hours: i64,
    /// How long the application waits for that.
    pub confirm_within_days: i64,
}

impl Page for ApplySentPage {
    const NAME: &'static str = "apply-sent";

    fn address(&self) -> Option<Address<'_>> {
        Some(Address { path: "/apply/sent", authorization: None })
    }

    fn samples() -> Vec<Self> {
        vec![Self { link_hours: 24, confirm_within_days: 7 }, Self { link_hours: 1, confirm_within_days: 1 }]
    }
}

/// `/apply/confirm/{token}`: the button that submits an application, or that sends a new link. Who opens the page may be
/// somebody else than who applied, if an address was mistyped: it names nobody.
#[derive(Debug, Clone)]
pub struct ApplyConfirmPage {
    pub csrf: String,
    /// The page's own.
    pub path: String,
    /// The house's day.
    pub filed_on: NaiveDate,
    pub link_is_old: bool,
    pub problem: Option<ApplyConfirmProblem>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ApplyConfirmProblem {
    /// The page was open for too long, or the browser keeps no cookies.
    FormExpired,
    /// Too many links were asked for from this network.
    TooMany {
        /// On the house's clock, as `14:00`.
        again_at: String,
    },
}

impl Serialize for ApplyConfirmPage {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Data<'a> {
            csrf: &'a str,
            path: &'a str,
            filed_on: Day,
            link_is_old: bool,
            problem: Option<&'static str>,
            again_at: Option<&'a str>,
        }

        let (problem, again_at) = match &self.problem {
            Some(ApplyConfirmProblem::FormExpired) => (Some("form-expired"), None),
            Some(ApplyConfirmProblem::TooMany { again_at }) => (Some("too-many"), Some(again_at.as_str())),
            None => (None, None),
        };
        Data {
            csrf: &self.csrf,
            path: &self.path,
            filed_on: Day::of(self.filed_on),
            link_is_old: self.link_is_old,
            problem,
            again_at,
        }
        .serialize(serializer)
    }
}

impl Page for ApplyConfirmPage {
    const NAME: &'static str = "apply-confirm";

    fn address(&self) -> Option<Address<'_>> {
        Some(Address { path: &self.path, authorization: None })
    }

    fn samples() -> Vec<Self> {
        let plain = Self {
            csrf: "csrf-sample".to_owned(),
            path: "/apply/confirm/token-sample".to_owned(),
            filed_on: sample_day(),
            link_is_old: false,
            problem: None,
        };
        let too_many = ApplyConfirmProblem::TooMany { again_at: "14:00".to_owned() };
        vec![
            plain.clone(),
            Self { problem: Some(ApplyConfirmProblem::FormExpired), ..plain.clone() },
            Self { link_is_old: true, ..plain.clone() },
            Self { link_is_old: true, problem: Some(too_many), ..plain },
        ]
    }
}

/// `/apply/status/{token}`: where an application stands, and what to do next.
#[derive(Debug, Clone)]
pub struct ApplyStatusPage {
    pub csrf: String,
    /// The page's own.
    pub path: String,
    pub state: ApplicationState,
    /// The house's days.
    pub filed_on: NaiveDate,
    pub submitted_on: Option<NaiveDate>,
    pub state_since: NaiveDate,
    /// Why it was rejected, or what has to be corrected: in the clerk's words.
    pub reason: Option<String>,
    pub office: OfficeNotice,
    /// Where to send a withdrawal, while it can be withdrawn.
    pub withdraw: Option<String>,
    /// Somebody began to withdraw it: are they sure?
    pub is_withdrawing: bool,
    /// The form, while something is to be corrected.
    pub correct: Option<String>,
    pub notice: Option<ApplyNotice>,
    /// The page was open for too long, or the browser keeps no cookies.
    pub form_expired: bool,
}

/// What has just happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ApplyNotice {
    Confirmed,
    /// The button of the mailed link was pressed before.
    AlreadyConfirmed,
    Corrected,
    /// Nothing is to be corrected (any more).
    NothingToCorrect,
    /// Too late: it was decided, or ended, meanwhile.
    NotWithdrawn,
}

impl ApplyNotice {
    const ALL: [Self; 5] = [
        Self::Confirmed,
        Self::AlreadyConfirmed,
        Self::Corrected,
        Self::NothingToCorrect,
        Self::NotWithdrawn,
    ];

    /// As it stands in an address.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Confirmed => "confirmed",
            Self::AlreadyConfirmed => "already-confirmed",
            Self::Corrected => "corrected",
            Self::NothingToCorrect => "nothing-to-correct",
            Self::NotWithdrawn => "not-withdrawn",
        }
    }

    /// From an address, which may say anything: nothing but a sentence hangs on it.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|notice| notice.name() == name)
    }
}

impl Serialize for ApplyStatusPage {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Data<'a> {
            csrf: &'a str,
            path: &'a str,
            state: String,
            filed_on: Day,
            submitted_on: Option<Day>,
            state_since: Day,
            reason: Option<&'a str>,
            office: OfficeCard<'a>,
            withdraw: Option<&'a str>,
            is_withdrawing: bool,
            correct: Option<&'a str>,
            notice: Option<&'static str>,
            form_expired: bool,
        }

        Data {
            csrf: &self.csrf,
            path: &self.path,
            state: self.state.as_str().replace('_', "-"),
            filed_on: Day::of(self.filed_on),
            submitted_on: self.submitted_on.map(Day::of),
            state_since: Day::of(self.state_since),
            reason: self.reason.as_deref(),
            office: OfficeCard::of(&self.office),
            withdraw: self.withdraw.as_deref(),
            is_withdrawing: self.is_withdrawing,
            correct: self.correct.as_deref(),
            notice: self.notice.map(ApplyNotice::name),
            form_expired: self.form_expired,
        }
        .serialize(serializer)
    }
}

impl Page for ApplyStatusPage {
    const NAME: &'static str = "apply-status";

    fn address(&self) -> Option<Address<'_>> {
        Some(Address { path: &self.path, authorization: None })
    }

    fn samples() -> Vec<Self> {
        let Ok([office, bare_office]) = <[_; 2]>::try_from(office_card::samples()) else {
            return Vec::new();
        };
        let sample = |state: ApplicationState| Self {
            csrf: "csrf-sample".to_owned(),
            path: "/apply/status/token-sample".to_owned(),
            state,
            filed_on: sample_day(),
            submitted_on: (state != ApplicationState::EmailPending).then(sample_day),
            state_since: sample_day(),
            reason: None,
            office: office.clone(),
            withdraw: state.is_open().then(|| "/apply/withdraw/token-sample".to_owned()),
            is_withdrawing: false,
            correct: None,
            notice: None,
            form_expired: false,
        };
        let mut samples: Vec<Self> = ApplicationState::ALL.into_iter().map(sample).collect();
        for sample in &mut samples {
            match sample.state {
                ApplicationState::NeedsCorrection => {
                    sample.reason = Some("Proszę podać numer mieszkania.".to_owned());
                    sample.correct = Some("/apply/correct/token-sample".to_owned());
                }
                ApplicationState::Rejected => {
                    sample.reason = Some("Lokal nie należy do naszego zasobu.".to_owned());
                }
                _ => {}
            }
        }
        let submitted = Self { office: bare_office, ..sample(ApplicationState::Submitted) };
        samples.push(Self { is_withdrawing: true, ..submitted.clone() });
        samples.push(Self { form_expired: true, is_withdrawing: true, ..submitted.clone() });
        samples.extend(ApplyNotice::ALL.map(|notice| Self { notice: Some(notice), ..submitted.clone() }));
        samples
    }
}

fn sample_day() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 23).unwrap_or_default()
}
