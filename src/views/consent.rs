//! `/consent`.

use serde::{Serialize, Serializer};

use super::asking_service::AskingService;
use super::claim_text::{ClaimText, every_claim};
use super::language_switch::Address;
use super::page::Page;
use super::scope_text::ScopeText;

/// Asks whether a service may have a person's data: `POST /consent` with `decision` = `approve` or `deny`.
#[derive(Debug, Clone)]
pub struct ConsentPage {
    pub csrf: String,
    pub authorization: String,
    /// Who was asked: an answer by anybody else does not count.
    pub asked: String,
    pub service: AskingService,
    pub person_name: String,
    /// Scope values in the order in which they were asked for.
    pub scopes: Vec<String>,
    /// Single claims beyond those scopes, by their names.
    pub claims: Vec<String>,
    pub lasts: ConsentLasts,
}

/// For how long the service may have the data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ConsentLasts {
    WhileSignedIn,
    /// Until the person takes it back, but no longer than these days.
    UntilTakenBack {
        days: i64,
    },
}

impl Serialize for ConsentPage {
    /// What the template sees: scopes with the keys of their texts.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Data<'a> {
            csrf: &'a str,
            authorization: &'a str,
            asked: &'a str,
            service: &'a AskingService,
            person_name: &'a str,
            scopes: Vec<ScopeText<'a>>,
            claims: Vec<ClaimText<'a>>,
            /// `None`: while signed in.
            lasts_days: Option<i64>,
        }

        Data {
            csrf: &self.csrf,
            authorization: &self.authorization,
            asked: &self.asked,
            service: &self.service,
            person_name: &self.person_name,
            scopes: self.scopes.iter().map(ScopeText::from).collect(),
            claims: self.claims.iter().map(ClaimText::from).collect(),
            lasts_days: match self.lasts {
                ConsentLasts::WhileSignedIn => None,
                ConsentLasts::UntilTakenBack { days } => Some(days),
            },
        }
        .serialize(serializer)
    }
}

impl Page for ConsentPage {
    const NAME: &'static str = "consent";

    fn address(&self) -> Option<Address<'_>> {
        Some(Address { path: "/consent", authorization: Some(&self.authorization) })
    }

    fn samples() -> Vec<Self> {
        let everything = Self {
            csrf: "csrf-sample".to_owned(),
            authorization: "0197f3a0-0000-7000-8000-000000000001".to_owned(),
            asked: "asked-sample".to_owned(),
            service: AskingService::sample(),
            person_name: "Stanisława Brzęczyszczykiewicz".to_owned(),
            scopes: [
                "openid",
                "profile",
                "email",
                "phone",
                "address",
                "iok",
                "offline_access",
                "liczniki:odczyt",
            ]
            .map(str::to_owned)
            .to_vec(),
            claims: Vec::new(),
            lasts: ConsentLasts::UntilTakenBack { days: 365 },
        };
        let one_by_one = Self {
            scopes: vec!["openid".to_owned()],
            claims: every_claim(),
            lasts: ConsentLasts::UntilTakenBack { days: 30 },
            ..everything.clone()
        };
        let least = Self {
            service: AskingService::named("Rozliczenia"),
            scopes: vec!["openid".to_owned()],
            lasts: ConsentLasts::WhileSignedIn,
            ..everything.clone()
        };
        vec![everything, one_by_one, least]
    }
}
