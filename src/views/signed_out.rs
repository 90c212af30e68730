//! After signing out.

use serde::Serialize;

use super::link::Link;
use super::page::Page;

/// Says that the person is signed out.
#[derive(Debug, Clone, Serialize)]
pub struct SignedOutPage {
    /// The service from which the sign-out came.
    pub back: Option<Link>,
}

impl Page for SignedOutPage {
    const NAME: &'static str = "signed-out";

    fn samples() -> Vec<Self> {
        let back = Link { name: "Rozliczenia".to_owned(), url: "https://rozliczenia.example/".to_owned() };
        vec![Self { back: None }, Self { back: Some(back) }]
    }
}
