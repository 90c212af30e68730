//! Shown instead of a second run, when somebody goes back to an authorization that is already finished.

use serde::Serialize;

use super::page::Page;

/// Says that the person is signed in and shows the way to the service.
#[derive(Debug, Clone, Serialize)]
pub struct ContinuePage {
    pub client_name: String,
    /// The service's own page, if it has registered one.
    pub url: Option<String>,
}

impl Page for ContinuePage {
    const NAME: &'static str = "continue";

    fn samples() -> Vec<Self> {
        let with_link = Self {
            client_name: "Rozliczenia".to_owned(),
            url: Some("https://rozliczenia.example/".to_owned()),
        };
        vec![with_link.clone(), Self { url: None, ..with_link }]
    }
}
