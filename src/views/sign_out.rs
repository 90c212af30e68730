//! The question before a sign-out that a service asked for without proving whose it is
//! (OpenID Connect RP-Initiated Logout 1.0 §2).

use serde::Serialize;

use super::language_switch::Address;
use super::page::Page;

/// Asks before signing out: `POST /logout/confirm` with `decision` = `confirm` or `stay`.
#[derive(Debug, Clone, Serialize)]
pub struct SignOutPage {
    /// The address that asks the same again, proving nothing.
    #[serde(skip)]
    pub path: String,
    pub csrf: String,
    /// What the stored logout request is found by.
    pub logout: Option<String>,
    pub client_name: Option<String>,
    /// `None` for whoever has not settled what they owe: they are not told whose account it is.
    pub person_name: Option<String>,
}

impl Page for SignOutPage {
    const NAME: &'static str = "sign-out";

    fn address(&self) -> Option<Address<'_>> {
        Some(Address { path: &self.path, authorization: None })
    }

    fn samples() -> Vec<Self> {
        let asked_by_client = Self {
            path: "/logout?client_id=rozliczenia".to_owned(),
            csrf: "csrf-sample".to_owned(),
            logout: Some("logout-sample".to_owned()),
            client_name: Some("Rozliczenia".to_owned()),
            person_name: Some("Stanisława Brzęczyszczykiewicz".to_owned()),
        };
        vec![
            asked_by_client.clone(),
            Self { person_name: None, ..asked_by_client.clone() },
            Self { path: "/logout".to_owned(), logout: None, client_name: None, ..asked_by_client },
        ]
    }
}
