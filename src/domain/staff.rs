//! The company's own people: who they are in the office, and what each may do there.
//!
//! What a role may do is one table, [`Role::doing`]. What somebody may not do because of what they did before (nobody
//! approves what they took in) is not a question of the role: the use case that decides asks it.

use std::fmt;
use std::str::FromStr;

use super::ids::{AccountId, OfficeId};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Role {
    /// Works at one office, and sees what is that office's.
    Clerk,
    /// Works for all offices, and is the second person where one is asked for.
    Supervisor,
    /// Looks after clients, keys and staff. Decides nothing about contractors.
    Administrator,
    /// Reads, and changes nothing.
    Auditor,
}

/// Something that is done in the office's console.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Task {
    /// Opening the console at all.
    Enter,
    ReadApplications,
    DecideApplications,
    /// Approving although the register shows no current title.
    OverrideTitle,
    /// Approving although the applicant has an account already.
    ApproveSecondAccount,
    /// Typing in an application that came on paper.
    TakeIn,
    PrintLetters,
    RecordCollection,
    /// Looking accounts up, with their history.
    ReadAccounts,
    /// Unlocking, suspending, closing, voiding and ordering letters, correcting contact data.
    HelpAccounts,
    /// Being the second person for a change of e-mail address.
    ApproveContactChange,
    /// Being the second person for a letter to an account that was active once.
    ApproveReissue,
    /// Looking through what an office of one did alone.
    ReviewOffice,
    ReadMail,
    /// Sending again what could not be delivered.
    RetryMail,
    ReadAudit,
    ManageStaff,
    /// Looking at which services could not be told that a session ended.
    ReadSignOuts,
    RetrySignOuts,
}

impl Task {
    pub const ALL: [Self; 19] = [
        Self::Enter,
        Self::ReadApplications,
        Self::DecideApplications,
        Self::OverrideTitle,
        Self::ApproveSecondAccount,
        Self::TakeIn,
        Self::PrintLetters,
        Self::RecordCollection,
        Self::ReadAccounts,
        Self::HelpAccounts,
        Self::ApproveContactChange,
        Self::ApproveReissue,
        Self::ReviewOffice,
        Self::ReadMail,
        Self::RetryMail,
        Self::ReadAudit,
        Self::ManageStaff,
        Self::ReadSignOuts,
        Self::RetrySignOuts,
    ];
}

impl Role {
    pub const ALL: [Self; 4] = [Self::Clerk, Self::Supervisor, Self::Administrator, Self::Auditor];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Clerk => "clerk",
            Self::Supervisor => "supervisor",
            Self::Administrator => "administrator",
            Self::Auditor => "auditor",
        }
    }

    /// The one table of permissions: who may do a task.
    #[rustfmt::skip]
    const fn doing(task: Task) -> &'static [Self] {
        use Role::{Administrator, Auditor, Clerk, Supervisor};
        match task {
            Task::Enter                => &[Clerk, Supervisor, Administrator, Auditor],
            Task::ReadApplications
            | Task::ReadAccounts       => &[Clerk, Supervisor,                Auditor],
            Task::DecideApplications
            | Task::TakeIn
            | Task::PrintLetters
            | Task::RecordCollection
            | Task::HelpAccounts
            // A colleague is a second person: an office must not wait for headquarters to hand over a letter.
            | Task::ApproveReissue     => &[Clerk, Supervisor],
            Task::OverrideTitle
            | Task::ApproveSecondAccount
            | Task::ApproveContactChange
            | Task::ReviewOffice       => &[       Supervisor],
            Task::ReadMail             => &[       Supervisor, Administrator, Auditor],
            Task::RetryMail            => &[       Supervisor, Administrator],
            Task::ReadAudit            => &[                                  Auditor],
            Task::ManageStaff
            | Task::RetrySignOuts      => &[                   Administrator],
            Task::ReadSignOuts         => &[                   Administrator, Auditor],
        }
    }

    pub fn may(self, task: Task) -> bool {
        Self::doing(task).contains(&self)
    }

    /// Does this role work at one office, and see nothing of the others?
    pub const fn is_bound_to_an_office(self) -> bool {
        matches!(self, Self::Clerk)
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a role; the roles are clerk, supervisor, administrator, auditor")]
pub struct UnknownRole(String);

impl FromStr for Role {
    type Err = UnknownRole;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|role| role.as_str() == text).ok_or_else(|| UnknownRole(text.to_owned()))
    }
}

/// Somebody who works in the console now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StaffMember {
    pub account: AccountId,
    pub role: Role,
    pub office: Option<OfficeId>,
    /// The office by name, as people call it.
    pub office_name: Option<String>,
    pub display_name: String,
}

impl StaffMember {
    pub fn may(&self, task: Task) -> bool {
        self.role.may(task)
    }

    /// May they see what belongs to this office? `None` is what belongs to no office yet: who is bound to one does not
    /// see it.
    pub fn sees_office(&self, office: Option<OfficeId>) -> bool {
        if self.role.is_bound_to_an_office() { office.is_some() && office == self.office } else { true }
    }

    /// How far a list must be narrowed for them.
    pub fn office_scope(&self) -> OfficeScope {
        match (self.role.is_bound_to_an_office(), self.office) {
            (false, _) => OfficeScope::All,
            (true, Some(office)) => OfficeScope::Only(office),
            (true, None) => OfficeScope::Nothing,
        }
    }
}

/// How far somebody sees, for queries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OfficeScope {
    All,
    Only(OfficeId),
    /// A clerk without an office: a row that should not be, and that must not show everything.
    Nothing,
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn member(role: Role, office: Option<OfficeId>) -> StaffMember {
        StaffMember {
            account: Uuid::nil().into(),
            role,
            office,
            office_name: None,
            display_name: "Urszula Sowa".to_owned(),
        }
    }

    #[test]
    #[rustfmt::skip]
    fn the_table_of_permissions() {
        // In the order of `Role::ALL`: clerk, supervisor, administrator, auditor.
        let table = [
            (Task::Enter,                [true,  true,  true,  true ]),
            (Task::ReadApplications,     [true,  true,  false, true ]),
            (Task::DecideApplications,   [true,  true,  false, false]),
            (Task::OverrideTitle,        [false, true,  false, false]),
            (Task::ApproveSecondAccount, [false, true,  false, false]),
            (Task::TakeIn,               [true,  true,  false, false]),
            (Task::PrintLetters,         [true,  true,  false, false]),
            (Task::RecordCollection,     [true,  true,  false, false]),
            (Task::ReadAccounts,         [true,  true,  false, true ]),
            (Task::HelpAccounts,         [true,  true,  false, false]),
            (Task::ApproveContactChange, [false, true,  false, false]),
            (Task::ApproveReissue,       [true,  true,  false, false]),
            (Task::ReviewOffice,         [false, true,  false, false]),
            (Task::ReadMail,             [false, true,  true,  true ]),
            (Task::RetryMail,            [false, true,  true,  false]),
            (Task::ReadAudit,            [false, false, false, true ]),
            (Task::ManageStaff,          [false, false, true,  false]),
            (Task::ReadSignOuts,         [false, false, true,  true ]),
            (Task::RetrySignOuts,        [false, false, true,  false]),
        ];
        assert_eq!(table.map(|(task, _)| task), Task::ALL, "every task has a line");
        for (task, expected) in table {
            assert_eq!(Role::ALL.map(|role| role.may(task)), expected, "{task:?}");
        }
    }

    #[test]
    fn a_clerk_sees_one_office_and_the_others_see_all() {
        let own = OfficeId::from(Uuid::from_u128(1));
        let other = OfficeId::from(Uuid::from_u128(2));
        let clerk = member(Role::Clerk, Some(own));
        assert!(clerk.sees_office(Some(own)));
        assert!(!clerk.sees_office(Some(other)) && !clerk.sees_office(None));
        assert_eq!(clerk.office_scope(), OfficeScope::Only(own));
        let lost = member(Role::Clerk, None);
        assert!(!lost.sees_office(Some(own)) && !lost.sees_office(None));
        assert_eq!(lost.office_scope(), OfficeScope::Nothing);
        for role in [Role::Supervisor, Role::Administrator, Role::Auditor] {
            let member = member(role, Some(own));
            assert!(member.sees_office(Some(other)) && member.sees_office(None), "{role}");
            assert_eq!(member.office_scope(), OfficeScope::All, "{role}");
        }
    }

    #[test]
    fn names_read_back() {
        for role in Role::ALL {
            assert_eq!(role.as_str().parse(), Ok(role));
        }
        assert!("kierownik".parse::<Role>().is_err());
    }
}
