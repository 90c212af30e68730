//! Whose pages these are.

use serde::Serialize;

/// The company's own names. Every text may use them (`{ $company }`, `{ $product }`, `{ $product_full }`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Brand {
    /// The company as contractors know it.
    pub company_name: String,
    /// The portal's short name: in the header, in window titles, in sentences.
    pub product_name: String,
    /// The portal's full name: the heading of the start page.
    pub product_full_name: String,
    /// The number to call for help, as it is to be read.
    pub phone: Option<String>,
}

impl Default for Brand {
    fn default() -> Self {
        Self {
            company_name: "MPGL Świętochłowice".to_owned(),
            product_name: "IOK".to_owned(),
            product_full_name: "Internetowa Obsługa Kontrahenta".to_owned(),
            phone: None,
        }
    }
}
