//! Shown instead of a second run, when somebody goes back to an authorization that is already finished.

use serde::Serialize;

use super::language_switch::Address;
use super::page::Page;

/// Says that the person is signed in and shows the way to the service.
#[derive(Debug, Clone, Serialize)]
pub struct ContinuePage {
    /// The finished authorization's own address.
    #[serde(skip)]
    pub path: String,
    pub client_name: String,
    /// The service's own page, if it has registered one.
    pub url: Option<String>,
}

impl Page for ContinuePage {
    const NAME: &'static str = "continue";

    fn address(&self) -> Option<Address<'_>> {
        Some(Address { path: &self.path, authorization: None })
    }

    fn samples() -> Vec<Self> {
        let with_link = Self {
            path: "/authorize/0197f3a0-0000-7000-8000-000000000001".to_owned(),
            client_name: "Rozliczenia".to_owned(),
            url: Some("https://rozliczenia.example/".to_owned()),
        };
        vec![with_link.clone(), Self { url: None, ..with_link }]
    }
}
