//! After signing out.

use serde::Serialize;

use super::language_switch::Address;
use super::link::Link;
use super::page::Page;

/// Says that the person is signed out.
#[derive(Debug, Clone, Serialize)]
pub struct SignedOutPage {
    /// The address that says the same to whoever is signed out.
    #[serde(skip)]
    pub path: String,
    /// The service from which the sign-out came.
    pub back: Option<Link>,
}

impl Page for SignedOutPage {
    const NAME: &'static str = "signed-out";

    fn address(&self) -> Option<Address<'_>> {
        Some(Address { path: &self.path, authorization: None })
    }

    fn samples() -> Vec<Self> {
        let path = "/logout".to_owned();
        let back = Link { name: "Rozliczenia".to_owned(), url: "https://rozliczenia.example/".to_owned() };
        vec![
            Self { path: path.clone(), back: None },
            Self { path: format!("{path}?client_id=rozliczenia"), back: Some(back) },
        ]
    }
}
