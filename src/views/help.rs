//! `/help`.

use serde::{Serialize, Serializer};

use super::language_switch::Address;
use super::office_card::{self, OfficeCard};
use super::page::Page;
use crate::domain::office::OfficeNotice;

/// What to do about a lost password or a locked account, and where to turn.
#[derive(Debug, Clone)]
pub struct HelpPage {
    /// The stored authorization request that the person was signing in for, so that the way back leads there.
    pub authorization: Option<String>,
    /// How long the first lock lasts, in minutes: the same number as in `[lockout]`.
    pub lock_minutes: u32,
    /// The offices, by name.
    pub offices: Vec<OfficeNotice>,
    /// Is there a version of the Regulations to read?
    pub has_regulations: bool,
}

impl Serialize for HelpPage {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Data<'a> {
            authorization: Option<&'a str>,
            lock_minutes: u32,
            offices: Vec<OfficeCard<'a>>,
            has_regulations: bool,
        }

        Data {
            authorization: self.authorization.as_deref(),
            lock_minutes: self.lock_minutes,
            offices: self.offices.iter().map(OfficeCard::of).collect(),
            has_regulations: self.has_regulations,
        }
        .serialize(serializer)
    }
}

impl Page for HelpPage {
    const NAME: &'static str = "help";

    fn address(&self) -> Option<Address<'_>> {
        Some(Address { path: "/help", authorization: self.authorization.as_deref() })
    }

    fn samples() -> Vec<Self> {
        vec![
            Self {
                authorization: Some("0197f3a0-0000-7000-8000-000000000001".to_owned()),
                lock_minutes: 15,
                offices: office_card::samples(),
                has_regulations: true,
            },
            Self { authorization: None, lock_minutes: 1, offices: Vec::new(), has_regulations: false },
        ]
    }
}
