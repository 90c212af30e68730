//! `/office/accounts`: finding an account.

use serde::Serialize;

use super::frame::Frame;
use crate::domain::account::AccountState;
use crate::domain::staff::Role;
use crate::views::language_switch::Address;
use crate::views::page::Page;

#[derive(Debug, Clone, Serialize)]
pub struct AccountsPage {
    pub frame: Frame,
    /// As typed.
    pub text: String,
    /// The filter that is on.
    pub only: Option<&'static str>,
    pub filters: Vec<&'static str>,
    /// `None`: nothing was looked for yet.
    pub found: Option<Vec<AccountLine>>,
    pub is_cut: bool,
    pub form_expired: bool,
}

#[derive(Debug, Clone, Serialize)]
pub struct AccountLine {
    pub id: String,
    pub login: String,
    pub name: String,
    pub street: Option<String>,
    pub office: Option<String>,
    pub state: &'static str,
    pub is_locked: bool,
    pub asks_for_closure: bool,
}

impl Page for AccountsPage {
    const NAME: &'static str = "office-accounts";

    fn address(&self) -> Option<Address<'_>> {
        // What was typed is in no address: it names people.
        let nothing_typed = self.text.is_empty() && self.only.is_none();
        nothing_typed.then_some(Address { path: "/office/accounts", authorization: None })
    }

    fn samples() -> Vec<Self> {
        let empty = || Self {
            frame: Frame::sample(Role::Clerk, "/office/accounts"),
            text: String::new(),
            only: None,
            filters: vec!["locked", "awaiting-collection", "closure-requested", "suspended"],
            found: None,
            is_cut: false,
            form_expired: false,
        };
        let lines = AccountState::ALL
            .into_iter()
            .map(|state| AccountLine {
                id: "0197f3a0-0000-7000-8000-000000000001".to_owned(),
                login: "iok1000001".to_owned(),
                name: "Bronisława Wrona-Brzęczyszczykiewicz".to_owned(),
                street: (state != AccountState::Erased).then(|| "ul. Wiśniowa 3/4".to_owned()),
                office: (state == AccountState::Active).then(|| "Administracja nr 1".to_owned()),
                state: state.as_str(),
                is_locked: state == AccountState::Active,
                asks_for_closure: state == AccountState::Active,
            })
            .collect();
        vec![
            empty(),
            Self { text: "wrona".to_owned(), found: Some(lines), is_cut: true, ..empty() },
            Self { only: Some("locked"), found: Some(Vec::new()), ..empty() },
            Self { form_expired: true, text: "wrona".to_owned(), ..empty() },
        ]
    }
}
