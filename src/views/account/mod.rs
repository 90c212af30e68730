//! The contractor's own pages: `/account` and its parts.

mod access;
mod closure;
mod data;
mod moment;
mod password;
mod second_factors;
mod sessions;

pub use access::{AccountAccessPage, ClientAccess};
pub use closure::{AccountClosurePage, AccountClosureProblem};
pub use data::{AcceptedEdition, AccountPage, ShownTitle};
pub use password::{AccountPasswordPage, AccountPasswordProblem};
pub use second_factors::{AccountSecondFactorsPage, SecondFactorsNotice, SecondFactorsProblem, ShownPasskey};
pub use sessions::{AccountSessionsPage, ShownDevice, ShownTrustedDevice};
