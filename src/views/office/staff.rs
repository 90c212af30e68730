//! `/office/staff`: who works here.

use serde::Serialize;

use super::frame::Frame;
use super::stamp::Stamp;
use crate::domain::staff::Role;
use crate::views::language_switch::Address;
use crate::views::page::Page;

#[derive(Debug, Clone, Serialize)]
pub struct StaffPage {
    pub frame: Frame,
    pub members: Vec<MemberLine>,
}

#[derive(Debug, Clone, Serialize)]
pub struct MemberLine {
    pub login: String,
    pub name: String,
    pub role: &'static str,
    pub office: Option<String>,
    pub since: Stamp,
    pub ended: Option<Stamp>,
}

impl Page for StaffPage {
    const NAME: &'static str = "office-staff";

    fn address(&self) -> Option<Address<'_>> {
        Some(Address { path: "/office/staff", authorization: None })
    }

    fn samples() -> Vec<Self> {
        let members = Role::ALL
            .into_iter()
            .map(|role| MemberLine {
                login: "urszula.sowa".to_owned(),
                name: "Urszula Sowa".to_owned(),
                role: role.as_str(),
                office: role.is_bound_to_an_office().then(|| "Administracja nr 1".to_owned()),
                since: Stamp::sample(2),
                ended: (role == Role::Auditor).then(|| Stamp::sample(20)),
            })
            .collect();
        vec![Self { frame: Frame::sample(Role::Administrator, "/office/staff"), members }]
    }
}
