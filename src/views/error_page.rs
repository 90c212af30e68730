//! What a person sees instead of a page, and what they can do next.

use serde::Serialize;

use super::language_switch::Address;
use super::link::Link;
use super::page::Page;

/// An error without a cause: the cause is in the log, under the same request id.
#[derive(Debug, Clone, Serialize)]
pub struct ErrorPage {
    /// Where the other language is to be had: at the same address, if asking there again changes nothing.
    #[serde(skip)]
    pub path: String,
    pub kind: ErrorKind,
    pub request_id: String,
    /// A way back that is known to be safe.
    pub back: Option<Link>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ErrorKind {
    /// No such client (RFC 6749 §4.1.2.1: tell the person, do not redirect).
    UnknownClient,
    /// The client has not registered this redirect URI (the same section).
    UnregisteredRedirect,
    /// The service's request makes no sense, and there is no proven address to tell it so.
    InvalidAuthorization,
    /// The authorization request was left alone for too long.
    AuthorizationExpired,
    /// The authorization request was begun in another browser, or this one keeps no cookies.
    AuthorizationElsewhere,
    /// Signed in, but not as somebody who may do this.
    NotForYou,
    NotFound,
    /// A mailed link that this provider did not make, or whose matter is long over.
    DeadLink,
    MethodNotAllowed,
    UnsupportedMediaType,
    TooLarge,
    /// The body did not come in within the time.
    TooSlow,
    /// The address is longer than any of ours can be.
    AddressTooLong,
    /// A form whose fields cannot be read.
    BadForm,
    /// The page with the form was open for too long, or the browser keeps no cookies.
    FormExpired,
    /// The database does not answer.
    Unavailable,
    /// More work than can be done now.
    Overloaded,
    /// A defect.
    Internal,
}

impl ErrorKind {
    pub const ALL: [Self; 18] = [
        Self::UnknownClient,
        Self::UnregisteredRedirect,
        Self::InvalidAuthorization,
        Self::AuthorizationExpired,
        Self::AuthorizationElsewhere,
        Self::NotForYou,
        Self::NotFound,
        Self::DeadLink,
        Self::MethodNotAllowed,
        Self::UnsupportedMediaType,
        Self::TooLarge,
        Self::TooSlow,
        Self::AddressTooLong,
        Self::BadForm,
        Self::FormExpired,
        Self::Unavailable,
        Self::Overloaded,
        Self::Internal,
    ];

    /// The HTTP status that goes with the page.
    pub const fn status(self) -> u16 {
        match self {
            Self::UnknownClient | Self::UnregisteredRedirect | Self::InvalidAuthorization | Self::BadForm => {
                400
            }
            Self::AuthorizationElsewhere | Self::NotForYou | Self::FormExpired => 403,
            Self::NotFound | Self::DeadLink => 404,
            Self::MethodNotAllowed => 405,
            Self::TooSlow => 408,
            Self::AuthorizationExpired => 410,
            Self::TooLarge => 413,
            Self::AddressTooLong => 414,
            Self::UnsupportedMediaType => 415,
            Self::Internal => 500,
            Self::Unavailable | Self::Overloaded => 503,
        }
    }
}

impl Page for ErrorPage {
    const NAME: &'static str = "error";

    fn address(&self) -> Option<Address<'_>> {
        Some(Address { path: &self.path, authorization: None })
    }

    fn samples() -> Vec<Self> {
        let sample = |kind, back| Self {
            path: "/nowhere".to_owned(),
            kind,
            request_id: "0197f3a0-5c1e-7d42-9b1a-6f0e2c8d4a11".to_owned(),
            back,
        };
        let back = Link { name: "Rozliczenia".to_owned(), url: "https://rozliczenia.example/".to_owned() };
        ErrorKind::ALL
            .into_iter()
            .map(|kind| sample(kind, None))
            .chain([sample(ErrorKind::AuthorizationExpired, Some(back))])
            .collect()
    }
}
