//! The answer to a service that wants it posted (OAuth 2.0 Form Post Response Mode).

use serde::Serialize;

use super::page::Page;

/// A form that the browser posts to the service: by itself where scripts run, by its button everywhere.
#[derive(Debug, Clone, Serialize)]
pub struct FormPostPage {
    pub client_name: String,
    /// The service's proven address.
    pub action: String,
    /// Names and values, in order.
    pub fields: Vec<(&'static str, String)>,
}

impl Page for FormPostPage {
    const NAME: &'static str = "form-post";

    fn samples() -> Vec<Self> {
        let with_code = Self {
            client_name: "Sąsiedzki portal ogłoszeń".to_owned(),
            action: "https://ogloszenia.example/powrot".to_owned(),
            fields: vec![("code", "code-sample".to_owned()), ("state", "\"><b>".to_owned())],
        };
        vec![with_code]
    }
}
