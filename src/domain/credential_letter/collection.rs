//! Handing a letter over (the procedure's row 4).

use std::str::FromStr;

/// The kind of document that a person showed. Never its number, never a copy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IdentityDocument {
    IdentityCard,
    Passport,
    /// The identity card in the state's own application on a telephone (mObywatel).
    MobileIdentityCard,
    ResidenceCard,
    DrivingLicence,
}

impl IdentityDocument {
    pub const ALL: [Self; 5] = [
        Self::IdentityCard,
        Self::MobileIdentityCard,
        Self::Passport,
        Self::ResidenceCard,
        Self::DrivingLicence,
    ];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::IdentityCard => "identity_card",
            Self::Passport => "passport",
            Self::MobileIdentityCard => "mobile_identity_card",
            Self::ResidenceCard => "residence_card",
            Self::DrivingLicence => "driving_licence",
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no kind of identity document")]
pub struct UnknownIdentityDocument(String);

impl FromStr for IdentityDocument {
    type Err = UnknownIdentityDocument;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|document| document.as_str() == text)
            .ok_or_else(|| UnknownIdentityDocument(text.to_owned()))
    }
}
