//! `/office/applications/{id}`: what was filled in, beside what the register says.

use serde::Serialize;

use super::frame::Frame;
use super::stamp::Stamp;
use crate::domain::staff::Role;
use crate::views::language_switch::Address;
use crate::views::page::Page;

/// One application, for whoever decides it or reads it.
#[derive(Debug, Clone, Serialize)]
pub struct ApplicationPage {
    pub frame: Frame,
    /// Its own address, under which the decisions are.
    pub path: String,
    /// What is decided on: the application as it is here, and not as somebody changed it since.
    pub seen: String,
    pub name: String,
    pub state: &'static str,
    pub since: Stamp,
    /// Who decided.
    pub by: Option<String>,
    pub reason: Option<String>,
    pub override_reason: Option<String>,
    pub given: Given,
    /// Where whoever looks can type in what the applicant corrected on paper.
    pub correct: Option<String>,
    pub register: Vec<RegisterCard>,
    pub applications: Vec<LikeApplicationLine>,
    pub accounts: Vec<LikeAccountLine>,
    /// Those that are the applicant's own, as far as one can tell.
    pub own_accounts: Vec<OwnAccountLine>,
    pub history: Vec<HistoryItem>,
    pub stance: StanceView,
    /// What was wrong with a decision that was just tried.
    pub problem: Option<ApplicationProblem>,
    pub typed: TypedDecision,
    /// Of a text to the applicant, in characters.
    pub longest: usize,
}

/// What the applicant filled in.
#[derive(Debug, Clone, Serialize)]
pub struct Given {
    pub channel: &'static str,
    pub applicant: &'static str,
    pub person: String,
    pub organisation: Option<String>,
    pub number: Option<String>,
    pub address: String,
    pub role: &'static str,
    pub office: String,
    pub email: Option<String>,
    pub phone: Option<String>,
    pub regulations: String,
    pub submitted: Option<Stamp>,
    pub scan_reference: Option<String>,
    pub received_on: Option<Stamp>,
    pub taken_in_by: Option<String>,
    pub corrected_by: Option<String>,
}

/// A contractor of the register that the applicant may be.
#[derive(Debug, Clone, Serialize)]
pub struct RegisterCard {
    /// Of the contractor, for the box that chooses it.
    pub id: String,
    pub number: String,
    pub name: String,
    pub chosen: bool,
    pub has_current_title: bool,
    pub fields: Vec<ComparedLine>,
    pub titles: Vec<TitleLine>,
}

#[derive(Debug, Clone, Serialize)]
pub struct ComparedLine {
    pub field: &'static str,
    pub given: String,
    pub registered: String,
    pub comparison: &'static str,
}

#[derive(Debug, Clone, Serialize)]
pub struct TitleLine {
    pub premises: String,
    pub address: String,
    pub role: &'static str,
    pub from: Option<Stamp>,
    pub through: Option<Stamp>,
    pub is_current: bool,
}

/// What an application or account has in common with this one.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct InCommon {
    pub number: bool,
    pub name: bool,
    pub address: bool,
}

#[derive(Debug, Clone, Serialize)]
pub struct LikeApplicationLine {
    /// `None` if it is another office's: it is named, and not opened.
    pub href: Option<String>,
    pub name: String,
    pub office: String,
    pub state: &'static str,
    pub channel: &'static str,
    pub common: InCommon,
}

#[derive(Debug, Clone, Serialize)]
pub struct LikeAccountLine {
    pub login: String,
    pub name: String,
    pub office: Option<String>,
    pub state: &'static str,
    pub common: InCommon,
}

#[derive(Debug, Clone, Serialize)]
pub struct OwnAccountLine {
    /// `None` if it is another office's: it is named, and not opened.
    pub href: Option<String>,
    pub login: String,
    pub name: String,
    pub office: Option<String>,
    pub state: &'static str,
}

#[derive(Debug, Clone, Serialize)]
pub struct HistoryItem {
    pub at: Stamp,
    /// The last part of the text's key: `application-approved`.
    pub action: &'static str,
    /// The last part of the key of why a decision was refused.
    pub refused: Option<&'static str>,
    pub by: Option<String>,
    pub reason: Option<String>,
}

/// What can be done on this page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum StanceView {
    Decide,
    DecideAndOverride,
    OwnIntake,
    OwnApplication,
    Read,
}

/// Which decision failed, and why.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ApplicationProblem {
    OwnIntake,
    OwnApplication,
    NoTitle,
    HasAccount,
    OverrideNeedsReason,
    OverrideTooLong,
    RegisterChanged,
    CorrectionMissing,
    CorrectionTooLong,
    RejectionMissing,
    RejectionTooLong,
    FormExpired,
}

impl ApplicationProblem {
    pub const ALL: [Self; 12] = [
        Self::OwnIntake,
        Self::OwnApplication,
        Self::NoTitle,
        Self::HasAccount,
        Self::OverrideNeedsReason,
        Self::OverrideTooLong,
        Self::RegisterChanged,
        Self::CorrectionMissing,
        Self::CorrectionTooLong,
        Self::RejectionMissing,
        Self::RejectionTooLong,
        Self::FormExpired,
    ];
}

/// What was typed into the forms, kept.
#[derive(Debug, Clone, Default, Serialize)]
pub struct TypedDecision {
    pub second_account: bool,
    pub override_reason: String,
    pub correction: String,
    pub rejection: String,
}

impl Page for ApplicationPage {
    const NAME: &'static str = "office-application";

    fn address(&self) -> Option<Address<'_>> {
        // What was typed would be lost on the way to the other language.
        self.problem.is_none().then_some(Address { path: &self.path, authorization: None })
    }

    fn samples() -> Vec<Self> {
        let waiting = sample();
        let with = |stance, problem| Self { stance, problem, ..waiting.clone() };
        let decided = |state, by: Option<&str>| Self {
            state,
            stance: StanceView::Read,
            by: by.map(str::to_owned),
            ..waiting.clone()
        };
        let nobody =
            Self { register: Vec::new(), applications: Vec::new(), accounts: Vec::new(), ..waiting.clone() };
        let paper = Self {
            given: Given {
                channel: "paper",
                applicant: "firm",
                organisation: Some("Piekarnia Kłos sp. z o.o.".to_owned()),
                email: None,
                phone: None,
                number: None,
                scan_reference: Some("Segregator 4, k. 17".to_owned()),
                received_on: chrono::NaiveDate::from_ymd_opt(2026, 11, 19).map(Stamp::of_day),
                taken_in_by: Some("Urszula Sowa".to_owned()),
                ..waiting.given.clone()
            },
            ..waiting.clone()
        };
        let no_email = |state| Self {
            state,
            reason: Some("Brakuje numeru lokalu.".to_owned()),
            stance: StanceView::Read,
            by: Some("Urszula Sowa".to_owned()),
            ..paper.clone()
        };
        let own = |href: Option<&str>, office: Option<&str>| OwnAccountLine {
            href: href.map(str::to_owned),
            login: "iok1234567".to_owned(),
            name: "Halina Wrona".to_owned(),
            office: office.map(str::to_owned),
            state: "active",
        };
        let here = "/office/accounts/0197f3a0-0000-7000-8000-0000000000a1";
        let has_account = |stance| Self {
            stance,
            own_accounts: vec![own(Some(here), Some("Administracja nr 1")), own(None, None)],
            ..waiting.clone()
        };
        let mut samples = vec![
            waiting.clone(),
            has_account(StanceView::Decide),
            Self {
                typed: TypedDecision { second_account: true, ..TypedDecision::default() },
                problem: Some(ApplicationProblem::OverrideNeedsReason),
                ..has_account(StanceView::DecideAndOverride)
            },
            nobody,
            paper.clone(),
            with(StanceView::OwnIntake, None),
            with(StanceView::OwnApplication, None),
            with(StanceView::Read, None),
            Self {
                reason: Some("Brakuje numeru lokalu.".to_owned()),
                ..decided("needs_correction", Some("Urszula Sowa"))
            },
            Self {
                override_reason: Some("Umowa podpisana wczoraj.".to_owned()),
                ..decided("approved", Some("Urszula Sowa"))
            },
            Self {
                reason: Some("To nie jest nasz lokal.".to_owned()),
                ..decided("rejected", Some("Urszula Sowa"))
            },
            decided("withdrawn", None),
            no_email("approved"),
            Self {
                correct: Some(format!("{}/correct", waiting.path)),
                given: Given {
                    corrected_by: Some("Jan Kos".to_owned()),
                    ..no_email("needs_correction").given
                },
                ..no_email("needs_correction")
            },
            no_email("rejected"),
        ];
        samples.extend(
            ApplicationProblem::ALL.map(|problem| with(StanceView::DecideAndOverride, Some(problem))),
        );
        samples
    }
}

#[allow(clippy::too_many_lines, reason = "one page with everything that may be on it")]
fn sample() -> ApplicationPage {
    let path = "/office/applications/0197f3a0-0000-7000-8000-000000000001".to_owned();
    let line = |field, given: &str, registered: &str, comparison| ComparedLine {
        field,
        given: given.to_owned(),
        registered: registered.to_owned(),
        comparison,
    };
    let day = |day| chrono::NaiveDate::from_ymd_opt(2020, 5, day).map(Stamp::of_day);
    let title = |role, is_current, through| TitleLine {
        premises: "L-0012".to_owned(),
        address: "ul. Wiśniowa 3/4, 41-600 Świętochłowice".to_owned(),
        role,
        from: day(1),
        through,
        is_current,
    };
    let item = |action, refused, by: Option<&str>, reason: Option<&str>| HistoryItem {
        at: Stamp::sample(20),
        action,
        refused,
        by: by.map(str::to_owned),
        reason: reason.map(str::to_owned),
    };
    let card = RegisterCard {
        id: "0197f3a0-0000-7000-8000-0000000000c1".to_owned(),
        number: "K-000123".to_owned(),
        name: "Halina Wrona".to_owned(),
        chosen: true,
        has_current_title: true,
        fields: vec![
            line("number", "K-000123", "K-000123", "same"),
            line("name", "Halina Wrona", "Halina Wrona-Kos", "differs"),
            line("organisation", "", "Piekarnia Kłos", "unknown"),
            line("address", "ul. Wiśniowa 3/4", "ul. Wiśniowa 3/4", "same"),
            line("role", "owner", "tenant", "differs"),
            line("office", "Administracja nr 1", "", "unknown"),
        ],
        titles: vec![
            title("owner", true, None),
            title("co_owner", true, None),
            title("tenant", false, day(20)),
            title("lessee", false, day(20)),
            title("authorised_person", true, day(21)),
            title("proxy", true, day(21)),
        ],
    };
    let without_title = RegisterCard {
        id: "0197f3a0-0000-7000-8000-0000000000c2".to_owned(),
        number: "K-000124".to_owned(),
        chosen: false,
        has_current_title: false,
        titles: Vec::new(),
        ..card.clone()
    };
    let all = InCommon { number: true, name: true, address: true };
    let history = ACTIONS
        .iter()
        .map(|action| item(action, None, Some("Urszula Sowa"), Some("Brakuje numeru lokalu.")))
        .chain(
            REFUSALS.iter().map(|why| item("application-decision-refused", Some(why), Some("Jan Kos"), None)),
        )
        .chain([item("application-submitted", None, None, None)])
        .collect();
    ApplicationPage {
        frame: Frame::sample(Role::Clerk, "/office"),
        path: path.clone(),
        seen: "1790000000000000".to_owned(),
        name: "Halina Wrona".to_owned(),
        state: "submitted",
        since: Stamp::sample(20),
        by: None,
        reason: None,
        override_reason: None,
        given: Given {
            channel: "online",
            applicant: "person",
            person: "Halina Wrona".to_owned(),
            organisation: None,
            number: Some("K-000123".to_owned()),
            address: "ul. Wiśniowa 3/4, 41-600 Świętochłowice".to_owned(),
            role: "owner",
            office: "Administracja nr 1".to_owned(),
            email: Some("halina.wrona@example.pl".to_owned()),
            phone: Some("+48600100200".to_owned()),
            regulations: "2026-1".to_owned(),
            submitted: Some(Stamp::sample(20)),
            scan_reference: None,
            received_on: None,
            taken_in_by: None,
            corrected_by: None,
        },
        correct: None,
        register: vec![card, without_title],
        applications: vec![
            LikeApplicationLine {
                href: Some(path),
                name: "Halina Wrona".to_owned(),
                office: "Administracja nr 1".to_owned(),
                state: "submitted",
                channel: "paper",
                common: all,
            },
            LikeApplicationLine {
                href: None,
                name: "H. Wrona".to_owned(),
                office: "Administracja nr 2".to_owned(),
                state: "needs_correction",
                channel: "online",
                common: InCommon { number: false, name: false, address: true },
            },
        ],
        accounts: ACCOUNT_STATES
            .map(|state| LikeAccountLine {
                login: "iok1234567".to_owned(),
                name: "Halina Wrona".to_owned(),
                office: Some("Administracja nr 1".to_owned()),
                state,
                common: all,
            })
            .to_vec(),
        own_accounts: Vec::new(),
        history,
        stance: StanceView::Decide,
        problem: None,
        typed: TypedDecision::default(),
        longest: 2_000,
    }
}

/// The records that are told in words, by the last part of their texts' keys.
const ACTIONS: [&str; 14] = [
    "application-filed",
    "application-link-sent",
    "application-taken-in",
    "application-submitted",
    "application-sent-back",
    "application-corrected",
    "application-approved",
    "application-rejected",
    "application-withdrawn",
    "application-not-corrected",
    "application-expired",
    "application-reviewed",
    "account-created",
    "letter-ordered",
];

/// Why a decision was refused, as the audit record says it, in the form of a key.
const REFUSALS: [&str; 13] = [
    "own-intake",
    "own-application",
    "no-title",
    "has-account",
    "override-needs-reason",
    "register-changed",
    "reason-missing",
    "reason-too-long",
    "submitted",
    "needs-correction",
    "approved",
    "rejected",
    "withdrawn",
];

const ACCOUNT_STATES: [&str; 6] =
    ["awaiting_collection", "initial_password", "active", "suspended", "lapsed", "closed"];

impl HistoryItem {
    /// The record of this action and outcome in words; `None` for what this page does not tell.
    pub fn of(
        at: Stamp,
        action: &str,
        outcome: Option<&str>,
        by: Option<String>,
        reason: Option<String>,
    ) -> Option<Self> {
        let key = |text: &str| text.replace(['.', '_'], "-");
        let known = |keys: &[&'static str], wanted: &str| keys.iter().copied().find(|known| *known == wanted);
        let action = match (action, outcome) {
            ("application.withdrawn", Some("not_corrected")) => "application-not-corrected".to_owned(),
            (action, _) => key(action),
        };
        if action == "application-decision-refused" {
            let refused = outcome.and_then(|outcome| known(&REFUSALS, &key(outcome)));
            return Some(Self { at, action: "application-decision-refused", refused, by, reason });
        }
        Some(Self { at, action: known(&ACTIONS, &action)?, refused: None, by, reason })
    }
}
