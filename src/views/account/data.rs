//! `/account`: what is held about a person.

use chrono::{NaiveDate, NaiveDateTime};
use serde::{Serialize, Serializer};

use super::moment::{self, ShownMoment};
use crate::domain::office::OfficeNotice;
use crate::domain::premises::{PremisesKind, TitleRole};
use crate::views::language_switch::Address;
use crate::views::office_card::{self, Day, OfficeCard};
use crate::views::page::Page;

/// The person's data, and a copy to take along: `POST /account/export`.
#[derive(Debug, Clone)]
pub struct AccountPage {
    pub csrf: String,
    pub name: String,
    pub organisation_name: Option<String>,
    pub login: String,
    pub email: Option<String>,
    pub email_verified: bool,
    pub phone_number: Option<String>,
    /// Street, postal code and town, each in a line of its own.
    pub address: Vec<String>,
    pub office: Option<OfficeNotice>,
    pub contractor_numbers: Vec<String>,
    pub titles: Vec<ShownTitle>,
    /// The latest first.
    pub accepted: Vec<AcceptedEdition>,
}

/// A title that holds today.
#[derive(Debug, Clone)]
pub struct ShownTitle {
    pub premises_code: String,
    pub kind: PremisesKind,
    pub role: TitleRole,
    pub contractor_number: String,
    pub valid_from: Option<NaiveDate>,
    /// The last day on which it holds.
    pub valid_through: Option<NaiveDate>,
}

/// A version of the Regulations that the person accepted.
#[derive(Debug, Clone)]
pub struct AcceptedEdition {
    pub version: String,
    /// On the house's clock.
    pub accepted_at: NaiveDateTime,
}

impl Serialize for AccountPage {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Title<'a> {
            premises_code: &'a str,
            kind: &'static str,
            role: String,
            contractor_number: &'a str,
            valid_from: Option<Day>,
            valid_through: Option<Day>,
        }

        #[derive(Serialize)]
        struct Accepted<'a> {
            version: &'a str,
            at: ShownMoment,
        }

        #[derive(Serialize)]
        struct Data<'a> {
            csrf: &'a str,
            name: &'a str,
            organisation_name: Option<&'a str>,
            login: &'a str,
            email: Option<&'a str>,
            email_verified: bool,
            phone_number: Option<&'a str>,
            address: &'a [String],
            office: Option<OfficeCard<'a>>,
            contractor_numbers: &'a [String],
            titles: Vec<Title<'a>>,
            accepted: Vec<Accepted<'a>>,
        }

        Data {
            csrf: &self.csrf,
            name: &self.name,
            organisation_name: self.organisation_name.as_deref().filter(|firm| *firm != self.name),
            login: &self.login,
            email: self.email.as_deref(),
            email_verified: self.email_verified,
            phone_number: self.phone_number.as_deref(),
            address: &self.address,
            office: self.office.as_ref().map(OfficeCard::of),
            contractor_numbers: &self.contractor_numbers,
            titles: self
                .titles
                .iter()
                .map(|title| Title {
                    premises_code: &title.premises_code,
                    kind: title.kind.as_str(),
                    role: title.role.as_str().replace('_', "-"),
                    contractor_number: &title.contractor_number,
                    valid_from: title.valid_from.map(Day::of),
                    valid_through: title.valid_through.map(Day::of),
                })
                .collect(),
            accepted: self
                .accepted
                .iter()
                .map(|edition| Accepted {
                    version: &edition.version,
                    at: ShownMoment::of(edition.accepted_at),
                })
                .collect(),
        }
        .serialize(serializer)
    }
}

impl Page for AccountPage {
    const NAME: &'static str = "account";

    fn address(&self) -> Option<Address<'_>> {
        Some(Address { path: "/account", authorization: None })
    }

    fn samples() -> Vec<Self> {
        let title = |(number, role): (u32, TitleRole)| ShownTitle {
            premises_code: format!("010-0{number}"),
            kind: if number % 2 == 0 { PremisesKind::Commercial } else { PremisesKind::Residential },
            role,
            contractor_number: "K-1001".to_owned(),
            valid_from: NaiveDate::from_ymd_opt(2019, 1, number).filter(|_| number > 2),
            valid_through: NaiveDate::from_ymd_opt(2027, 6, 30).filter(|_| number > 3),
        };
        let full = Self {
            csrf: "csrf-sample".to_owned(),
            name: "Stanisława Brzęczyszczykiewicz".to_owned(),
            organisation_name: Some("Zakład Usług Ślusarskich „Klucz” spółka z o.o.".to_owned()),
            login: "stanislawa.brzeczyszczykiewicz".to_owned(),
            email: Some("stanislawa.brzeczyszczykiewicz@przyklad.example".to_owned()),
            email_verified: true,
            phone_number: Some("+48 600 100 200".to_owned()),
            address: vec!["ul. Wiśniowa 3/4".to_owned(), "41-600 Świętochłowice".to_owned()],
            office: office_card::samples().into_iter().next(),
            contractor_numbers: vec!["K-1001".to_owned(), "K-1002".to_owned()],
            titles: (1..).zip(TitleRole::ALL).map(title).collect(),
            accepted: ["2026-2", "2026-1"]
                .map(|version| AcceptedEdition {
                    version: version.to_owned(),
                    accepted_at: moment::sample(22, 14),
                })
                .to_vec(),
        };
        let bare = Self {
            organisation_name: None,
            email: None,
            phone_number: None,
            address: Vec::new(),
            office: None,
            contractor_numbers: Vec::new(),
            titles: Vec::new(),
            accepted: Vec::new(),
            ..full.clone()
        };
        vec![full.clone(), Self { email_verified: false, ..full }, bare]
    }
}
