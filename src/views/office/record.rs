//! An audit record in plain words.

use serde::Serialize;

use super::stamp::Stamp;
use crate::domain::audit::Action;

/// A line of a history. The template says the sentence `audit-{key}`, and shows the codes beside it.
#[derive(Debug, Clone, Serialize)]
pub struct RecordLine {
    pub at: Stamp,
    /// Of the sentence; `other` for an action that this program does not know.
    key: String,
    pub action: String,
    pub outcome: Option<String>,
    pub actor_kind: String,
    pub by: Option<String>,
    pub by_login: Option<String>,
    /// Whom it is about; only where a list is about many.
    pub about: Option<AboutLine>,
    pub client: Option<String>,
    /// Opened.
    pub reason: Option<String>,
    pub address: Option<String>,
    pub user_agent: Option<String>,
}

/// A person whom a record is about.
#[derive(Debug, Clone, Serialize)]
pub struct AboutLine {
    pub id: String,
    pub name: String,
    pub login: String,
}

impl RecordLine {
    pub fn new(at: Stamp, action: String, actor_kind: String) -> Self {
        let key = if action.parse::<Action>().is_ok() {
            action.replace(['.', '_'], "-")
        } else {
            "other".to_owned()
        };
        Self {
            at,
            key,
            action,
            outcome: None,
            actor_kind,
            by: None,
            by_login: None,
            about: None,
            client: None,
            reason: None,
            address: None,
            user_agent: None,
        }
    }

    /// Every action, done by everybody in turn; and one of which this program knows nothing.
    pub(super) fn samples() -> Vec<Self> {
        let actors = ["staff", "account", "visitor", "client", "operator", "clock"];
        let actions = Action::ALL.iter().map(|action| action.as_str()).chain(["account.sold"]);
        actions
            .zip(actors.into_iter().cycle())
            .map(|(action, actor)| {
                let named = matches!(actor, "staff" | "account" | "client");
                let line = Self::new(Stamp::sample(23), action.to_owned(), actor.to_owned());
                Self {
                    outcome: (actor != "clock").then(|| "by_office".to_owned()),
                    by: named.then(|| "Urszula Sowa".to_owned()),
                    by_login: (named && actor != "client").then(|| "urszula.sowa".to_owned()),
                    about: named.then(|| AboutLine {
                        id: "0197f3a0-0000-7000-8000-000000000001".to_owned(),
                        name: "Bronisława Wrona-Brzęczyszczykiewicz".to_owned(),
                        login: "iok1000001".to_owned(),
                    }),
                    client: (actor == "client").then(|| "rozliczenia".to_owned()),
                    reason: (actor == "staff").then(|| "Zgubiła list, była osobiście.".to_owned()),
                    address: named.then(|| "2001:db8:1234:5678:9abc:def0:1234:5678".to_owned()),
                    user_agent: (actor == "account").then(|| "Mozilla/5.0 (X11; Linux x86_64)".to_owned()),
                    ..line
                }
            })
            .collect()
    }
}
