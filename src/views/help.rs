//! `/help`.

use serde::Serialize;

use super::language_switch::Address;
use super::page::Page;

/// What to do about a lost password or a locked account.
#[derive(Debug, Clone, Serialize)]
pub struct HelpPage {
    /// The stored authorization request that the person was signing in for, so that the way back leads there.
    pub authorization: Option<String>,
    /// How long the first lock lasts, in minutes: the same number as in `[lockout]`.
    pub lock_minutes: u32,
    /// The offices, each in one line.
    pub offices: Vec<String>,
}

impl Page for HelpPage {
    const NAME: &'static str = "help";

    fn address(&self) -> Option<Address<'_>> {
        Some(Address { path: "/help", authorization: self.authorization.as_deref() })
    }

    fn samples() -> Vec<Self> {
        let offices = ["Administracja nr 1, ul. Przykładowa 1", "Administracja nr 2, ul. Wzorcowa 2"];
        vec![
            Self {
                authorization: Some("0197f3a0-0000-7000-8000-000000000001".to_owned()),
                lock_minutes: 15,
                offices: offices.map(str::to_owned).to_vec(),
            },
            Self { authorization: None, lock_minutes: 1, offices: Vec::new() },
        ]
    }
}
