//! What complaints shows: the reports about each premises that the person has a title to, and how far they are.

use std::sync::LazyLock;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::addresses::address_of;
use super::calendar::day;
use super::claims::{IokClaims, by_premises};
use super::table;
use crate::domain::locale::Locale;

#[derive(Deserialize)]
struct Report {
    number: String,
    premises: String,
    kind: ReportKind,
    subject_pl: String,
    subject_en: String,
    reported: NaiveDate,
    status: ReportStatus,
    status_since: NaiveDate,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum ReportKind {
    /// Usterka.
    Defect,
    /// Reklamacja.
    Complaint,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum ReportStatus {
    Received,
    InProgress,
    /// The company waits for the contractor.
    NeedsAnswer,
    Resolved,
    Rejected,
}

static REPORTS: LazyLock<Vec<Report>> = LazyLock::new(|| table::embedded(include_str!("sample/reports.csv")));

/// One report, as the page shows it.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub(super) struct ReportCard {
    pub number: &'static str,
    pub premises: &'static str,
    pub address: Option<&'static str>,
    pub kind: ReportKind,
    pub subject: &'static str,
    pub reported: String,
    pub status: ReportStatus,
    pub status_since: String,
}

/// The page's content for one person.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub(super) struct Reports {
    /// Whether there are premises that a report could be about.
    pub has_premises: bool,
    /// The newest first.
    pub reports: Vec<ReportCard>,
}

/// Only about the premises in the claims: nobody sees anything by knowing a code.
pub(super) fn reports(claims: &IokClaims, locale: Locale) -> Reports {
    let titles = by_premises(&claims.premises);
    let mut visible: Vec<&'static Report> =
        REPORTS.iter().filter(|report| titles.iter().any(|title| title.code == report.premises)).collect();
    visible.sort_by_key(|report| std::cmp::Reverse(report.reported));
    Reports {
        has_premises: !titles.is_empty(),
        reports: visible.into_iter().map(|report| card(report, locale)).collect(),
    }
}

fn card(report: &'static Report, locale: Locale) -> ReportCard {
    ReportCard {
        number: &report.number,
        premises: &report.premises,
        address: address_of(&report.premises),
        kind: report.kind,
        subject: match locale {
            Locale::Polish => &report.subject_pl,
            Locale::English => &report.subject_en,
        },
        reported: day(report.reported, locale),
        status: report.status,
        status_since: day(report.status_since, locale),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demo::claims::{PremisesClaim, PremisesKind, Role};

    fn claims(code: &str) -> IokClaims {
        IokClaims {
            premises: vec![PremisesClaim {
                code: code.to_owned(),
                kind: PremisesKind::Residential,
                role: Role::Tenant,
                contractor_number: "100104".into(),
            }],
            ..IokClaims::default()
        }
    }

    #[test]
    fn only_reports_about_the_premises_in_the_claims_are_shown() {
        let shown = reports(&claims("KAT-12-4"), Locale::Polish);
        assert!(!shown.reports.is_empty());
        assert!(shown.reports.iter().all(|report| report.premises == "KAT-12-4"));
        assert_eq!(
            shown.reports.len(),
            REPORTS.iter().filter(|report| report.premises == "KAT-12-4").count()
        );
    }

    #[test]
    fn the_newest_report_comes_first() {
        let shown = reports(&claims("KAT-12-4"), Locale::Polish);
        let newest = REPORTS
            .iter()
            .filter(|report| report.premises == "KAT-12-4")
            .max_by_key(|report| report.reported);
        assert_eq!(Some(shown.reports[0].number), newest.map(|report| report.number.as_str()));
    }

    #[test]
    fn a_person_without_premises_has_no_reports() {
        let shown = reports(&IokClaims::default(), Locale::English);
        assert!(!shown.has_premises && shown.reports.is_empty());
    }

    #[test]
    fn no_report_ends_before_it_began_and_each_has_an_address() {
        for report in REPORTS.iter() {
            assert!(report.status_since >= report.reported, "{}", report.number);
            assert!(address_of(&report.premises).is_some(), "{}", report.number);
        }
    }
}
