//! `/consent`.

use serde::{Serialize, Serializer};

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
    pub client_name: String,
    /// The service's own page. Like the next two it is shown as a link only if it is a web address.
    pub client_uri: Option<String>,
    /// How the service treats personal data.
    pub policy_uri: Option<String>,
    /// The service's terms.
    pub tos_uri: Option<String>,
    pub person_name: String,
    /// Scope values in the order in which they were asked for.
    pub scopes: Vec<String>,
    /// Single claims beyond those scopes, by their names.
    pub claims: Vec<String>,
}

impl Serialize for ConsentPage {
    /// What the template sees: scopes with the keys of their texts.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Data<'a> {
            csrf: &'a str,
            authorization: &'a str,
            asked: &'a str,
            client_name: &'a str,
            client_uri: Option<&'a str>,
            policy_uri: Option<&'a str>,
            tos_uri: Option<&'a str>,
            person_name: &'a str,
            scopes: Vec<ScopeText<'a>>,
            claims: Vec<ClaimText<'a>>,
        }

        Data {
            csrf: &self.csrf,
            authorization: &self.authorization,
            asked: &self.asked,
            client_name: &self.client_name,
            client_uri: self.client_uri.as_deref(),
            policy_uri: self.policy_uri.as_deref(),
            tos_uri: self.tos_uri.as_deref(),
            person_name: &self.person_name,
            scopes: self.scopes.iter().map(ScopeText::from).collect(),
            claims: self.claims.iter().map(ClaimText::from).collect(),
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
            client_name: "Sąsiedzki portal ogłoszeń".to_owned(),
            client_uri: Some("https://ogloszenia.example/".to_owned()),
            policy_uri: Some("https://ogloszenia.example/prywatnosc".to_owned()),
            tos_uri: Some("https://ogloszenia.example/regulamin".to_owned()),
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
        };
        let one_by_one =
            Self { scopes: vec!["openid".to_owned()], claims: every_claim(), ..everything.clone() };
        let least = Self {
            client_uri: None,
            policy_uri: None,
            tos_uri: None,
            scopes: vec!["openid".to_owned()],
            ..everything.clone()
        };
        vec![everything, one_by_one, least]
    }
}
