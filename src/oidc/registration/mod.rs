//! How clients are registered: by the operator ([`operator`]), or by themselves over the network, if the operator lets
//! them ([`dynamic`], RFC 7591), who then look after themselves ([`management`], RFC 7592).

pub mod dynamic;
pub mod initial_access;
mod limits;
pub mod management;
pub mod operator;
mod request;
mod response;
mod usage;

pub use self::dynamic::{ClientInformation, Refusal};
pub use self::operator::{NewClient, RegisteredClient, RegistrationError, register, replace};
pub use self::usage::remove_abandoned;

use crate::crypto::pseudonyms::PseudonymKey;
use crate::domain::client::{RegistrationMode, StrangerRules};

/// What the operator decided about clients that register themselves.
#[derive(Debug, Clone)]
pub struct RegistrationRules {
    pub mode: RegistrationMode,
    pub strangers: StrangerRules,
    /// In open mode; `None`: as many as come.
    pub per_source_per_hour: Option<u32>,
    /// How many may wait for their first use, in open mode.
    pub never_used: u32,
    /// Names sources without naming them.
    pub sources: PseudonymKey,
}
