//! `/account/access`.

use chrono::NaiveDateTime;
use serde::{Serialize, Serializer};

use super::moment::{self, ShownMoment};
use crate::views::claim_text::ClaimText;
use crate::views::language_switch::Address;
use crate::views::page::Page;
use crate::views::scope_text::ScopeText;

/// Which services have access, and taking it back: `POST /account/access` with `client`.
#[derive(Debug, Clone)]
pub struct AccountAccessPage {
    pub csrf: String,
    pub clients: Vec<ClientAccess>,
    /// Something was taken back a moment ago.
    pub was_taken_back: bool,
}

/// A service that has access.
#[derive(Debug, Clone)]
pub struct ClientAccess {
    pub client_id: String,
    pub name: String,
    /// Scope values.
    pub scopes: Vec<String>,
    /// Single claims beyond those scopes, by their names.
    pub claims: Vec<String>,
    /// On the house's clock.
    pub since: NaiveDateTime,
    /// Was the person asked? The company's own services do not ask.
    pub by_consent: bool,
}

impl Serialize for AccountAccessPage {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Client<'a> {
            id: &'a str,
            name: &'a str,
            scopes: Vec<ScopeText<'a>>,
            claims: Vec<ClaimText<'a>>,
            since: ShownMoment,
            by_consent: bool,
        }

        #[derive(Serialize)]
        struct Data<'a> {
            csrf: &'a str,
            clients: Vec<Client<'a>>,
            was_taken_back: bool,
        }

        Data {
            csrf: &self.csrf,
            clients: self
                .clients
                .iter()
                .map(|client| Client {
                    id: &client.client_id,
                    name: &client.name,
                    scopes: client.scopes.iter().map(ScopeText::from).collect(),
                    claims: client.claims.iter().map(ClaimText::from).collect(),
                    since: ShownMoment::of(client.since),
                    by_consent: client.by_consent,
                })
                .collect(),
            was_taken_back: self.was_taken_back,
        }
        .serialize(serializer)
    }
}

impl Page for AccountAccessPage {
    const NAME: &'static str = "account-access";

    fn address(&self) -> Option<Address<'_>> {
        Some(Address { path: "/account/access", authorization: None })
    }

    fn samples() -> Vec<Self> {
        let client = |id: &str, name: &str, scopes: &str, by_consent| ClientAccess {
            client_id: id.to_owned(),
            name: name.to_owned(),
            scopes: scopes.split(' ').map(str::to_owned).collect(),
            claims: vec!["birthdate".to_owned()],
            since: moment::sample(3, 10),
            by_consent,
        };
        let everything = "openid profile email phone address iok offline_access liczniki:odczyt";
        let some = Self {
            csrf: "csrf-sample".to_owned(),
            clients: vec![
                client("billing", "Rozliczenia", "openid iok", false),
                client("partner", "Spółdzielcza Kasa Ubezpieczeń Mieszkaniowych", everything, true),
            ],
            was_taken_back: false,
        };
        let none = Self { clients: Vec::new(), was_taken_back: true, ..some.clone() };
        vec![some, none]
    }
}
