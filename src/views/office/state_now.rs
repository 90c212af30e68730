//! Somebody was faster, or pressed twice: what the state is now. Nothing was changed.

use serde::Serialize;

use super::frame::Frame;
use super::stamp::Stamp;
use crate::domain::application::ApplicationState;
use crate::domain::staff::Role;
use crate::views::page::Page;

/// The answer (409) to something that cannot be done any more: an application decided, a letter collected, an account
/// closed meanwhile.
#[derive(Debug, Clone, Serialize)]
pub struct StateNowPage {
    pub frame: Frame,
    /// What it is about: a name, a serial, a login.
    pub about: String,
    /// The key of the state's name in words: `application-state-approved`.
    pub state: String,
    pub since: Stamp,
    /// The member of staff who brought it there; `None` if it was nobody's decision.
    pub by: Option<String>,
    /// Where it can be looked at as it is now; an address of ours.
    pub back: String,
}

impl Page for StateNowPage {
    const NAME: &'static str = "office-state-now";

    fn samples() -> Vec<Self> {
        let approved = Self {
            frame: Frame::sample(Role::Clerk, "/office"),
            about: "Halina Wrona".to_owned(),
            state: format!("application-state-{}", ApplicationState::Approved.as_str()),
            since: Stamp::sample(20),
            by: Some("Urszula Sowa".to_owned()),
            back: "/office/applications/0197f3a0-0000-7000-8000-000000000001".to_owned(),
        };
        let withdrawn = Self {
            state: format!("application-state-{}", ApplicationState::Withdrawn.as_str()),
            by: None,
            ..approved.clone()
        };
        vec![approved, withdrawn]
    }
}
