//! What surrounds every page of the console: who works here, as what, and where they can go.

use serde::Serialize;

use crate::domain::staff::{Role, StaffMember, Task};

/// The frame of a console page. A page has it as its field `frame`, and extends `office/layout.html`.
#[derive(Debug, Clone, Serialize)]
pub struct Frame {
    pub csrf: String,
    pub name: String,
    pub role: &'static str,
    pub office: Option<String>,
    pub nav: Vec<NavItem>,
}

/// A way to another page of the console: text `office-nav-{key}`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct NavItem {
    pub key: &'static str,
    pub path: &'static str,
    /// Is it the page that is shown, or the one above it?
    pub current: bool,
}

/// Every place of the console that exists, in the order of a working day, and who is shown the way there: whoever may
/// do one of the tasks.
const PLACES: &[(&str, &str, &[Task])] = &[
    ("home", "/office", &[Task::Enter]),
    ("intake", "/office/intake", &[Task::TakeIn]),
    ("letters", "/office/letters", &[Task::PrintLetters]),
    ("collection", "/office/collection", &[Task::RecordCollection]),
    ("review", "/office/review", &[Task::ReviewOffice]),
    ("accounts", "/office/accounts", &[Task::ReadAccounts]),
    ("approvals", "/office/approvals", &[Task::ApproveReissue, Task::ApproveContactChange]),
    ("mail", "/office/mail", &[Task::ReadMail]),
    ("sign-outs", "/office/sign-outs", &[Task::ReadSignOuts]),
    ("audit", "/office/audit", &[Task::ReadAudit]),
    ("staff", "/office/staff", &[Task::ManageStaff]),
];

impl Frame {
    /// `here` is the path of the page's place in the navigation.
    pub fn new(member: &StaffMember, csrf: String, here: &str) -> Self {
        let nav = PLACES
            .iter()
            .filter(|(_, _, tasks)| tasks.iter().any(|task| member.may(*task)))
            .map(|&(key, path, _)| NavItem { key, path, current: path == here })
            .collect();
        Self {
            csrf,
            name: member.display_name.clone(),
            role: member.role.as_str(),
            office: member.office_name.clone(),
            nav,
        }
    }

    /// For samples.
    pub(in crate::views) fn sample(role: Role, here: &str) -> Self {
        let office = role.is_bound_to_an_office().then(|| "Administracja nr 1 Centrum".to_owned());
        let member = StaffMember {
            account: uuid::Uuid::nil().into(),
            role,
            office: None,
            office_name: office,
            display_name: "Urszula Sowa".to_owned(),
        };
        Self::new(&member, "csrf-sample".to_owned(), here)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_navigation_shows_what_the_role_may_do_and_where_one_is() {
        for role in Role::ALL {
            let frame = Frame::sample(role, "/office");
            let shown: Vec<_> = frame.nav.iter().map(|item| item.path).collect();
            let expected: Vec<_> = PLACES
                .iter()
                .filter(|(_, _, tasks)| tasks.iter().any(|task| role.may(*task)))
                .map(|(_, path, _)| *path)
                .collect();
            assert_eq!(shown, expected, "{role}");
            assert_eq!(frame.nav.iter().filter(|item| item.current).count(), 1, "{role}");
        }
    }
}
