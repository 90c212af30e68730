//! The people of the sample company's offices. Their second factor is set up by whoever signs in as them.

use super::sample::Addressee;
use crate::accounts::staff::{NamedOffice, NewMember, NewPerson};
use crate::domain::login::Login;
use crate::domain::staff::Role;

/// The office of most sample contractors.
const OFFICE: &str = "Administracja nr 1 Centrum";

/// Somebody who works there.
#[derive(Debug, Clone, Copy)]
pub(super) struct SampleMember {
    pub login: &'static str,
    given_name: &'static str,
    family_name: &'static str,
    role: Role,
}

/// Two clerks at one office, since who prints a letter does not hand it over; and one of every other role.
pub(super) const STAFF: [SampleMember; 5] = [
    SampleMember::new("urszula.sowa", "Urszula", "Sowa", Role::Clerk),
    SampleMember::new("bogdan.kruk", "Bogdan", "Kruk", Role::Clerk),
    SampleMember::new("irena.czajka", "Irena", "Czajka", Role::Supervisor),
    SampleMember::new("adam.zieba", "Adam", "Zięba", Role::Administrator),
    SampleMember::new("ewa.drozd", "Ewa", "Drozd", Role::Auditor),
];

impl SampleMember {
    const fn new(
        login: &'static str,
        given_name: &'static str,
        family_name: &'static str,
        role: Role,
    ) -> Self {
        Self { login, given_name, family_name, role }
    }

    /// Does this login belong to one of them?
    pub(super) fn has_login(login: &str) -> bool {
        STAFF.iter().any(|member| member.login == login)
    }

    pub(super) fn addressee(&self) -> Addressee {
        Addressee {
            login: self.login.to_owned(),
            given_name: self.given_name.to_owned(),
            family_name: self.family_name.to_owned(),
            organisation_name: None,
        }
    }

    pub(super) fn appointment<'a>(
        &'a self,
        login: &'a Login,
        initial_password_hash: &'a str,
    ) -> NewMember<'a> {
        NewMember {
            login,
            role: self.role,
            office: self
                .role
                .is_bound_to_an_office()
                .then_some(NamedOffice { name: OFFICE, may_be_new: true }),
            person: Some(NewPerson {
                given_name: self.given_name,
                family_name: self.family_name,
                email: None,
                initial_password_hash,
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demo::sample::SampleContractors;

    #[test]
    fn their_logins_are_logins_and_nobody_elses() -> anyhow::Result<()> {
        let contractors = SampleContractors::read()?.addressees()?;
        for member in STAFF {
            assert_eq!(Login::parse(member.login)?.as_str(), member.login);
            assert!(
                contractors.iter().all(|contractor| contractor.login != member.login),
                "{}",
                member.login
            );
            assert!(SampleMember::has_login(member.login));
        }
        assert!(contractors.iter().all(|contractor| !SampleMember::has_login(&contractor.login)));
        Ok(())
    }

    #[test]
    fn every_role_is_there_and_two_clerks_share_an_office() {
        for role in Role::ALL {
            let number = STAFF.iter().filter(|member| member.role == role).count();
            assert_eq!(number, if role == Role::Clerk { 2 } else { 1 }, "{role}");
        }
    }
}
