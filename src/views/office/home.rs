//! `/office`.

use serde::Serialize;

use super::frame::Frame;
use crate::domain::staff::Role;
use crate::views::language_switch::Address;
use crate::views::page::Page;

/// Where staff land after signing in.
#[derive(Debug, Clone, Serialize)]
pub struct OfficeHomePage {
    pub frame: Frame,
    /// How many of their recovery codes are left, once that is few.
    pub few_codes_left: Option<u64>,
}

impl Page for OfficeHomePage {
    const NAME: &'static str = "office-home";

    fn address(&self) -> Option<Address<'_>> {
        Some(Address { path: "/office", authorization: None })
    }

    fn samples() -> Vec<Self> {
        Role::ALL
            .into_iter()
            .zip([None, Some(2), Some(1), Some(0)])
            .map(|(role, few_codes_left)| Self { frame: Frame::sample(role, "/office"), few_codes_left })
            .collect()
    }
}
