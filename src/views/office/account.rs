//! `/office/accounts/{id}`: one account, and what the office can do for it.

use serde::Serialize;

use super::frame::Frame;
use super::record::RecordLine;
use super::stamp::Stamp;
use crate::domain::account::AccountState;
use crate::domain::staff::Role;
use crate::views::language_switch::Address;
use crate::views::page::Page;

/// What can be done, in the order of the page; `void-letter` and `void-letter-from-before` stand with the letters.
pub const ACTIONS: [&str; 9] = [
    "unlock",
    "order-letter",
    "remove-second-factors",
    "change-phone",
    "change-email",
    "end-sessions",
    "suspend",
    "resume",
    "close",
];

/// What was refused, as the page tells it.
const PROBLEMS: [&str; 13] = [
    "own-account",
    "staff-account",
    "reason-missing",
    "reason-too-long",
    "not-now",
    "order-open",
    "no-such-letter",
    "change-waits",
    "same-value",
    "not-an-email",
    "not-a-phone",
    "no-document",
    "form-expired",
];

#[allow(clippy::struct_excessive_bools, reason = "each answers a question of its own")]
#[derive(Debug, Clone, Serialize)]
pub struct AccountPage {
    pub frame: Frame,
    /// The page's own address.
    pub path: String,
    pub name: String,
    pub login: String,
    pub state: &'static str,
    pub state_since: Option<Stamp>,
    pub created: Stamp,
    pub locked_until: Option<Stamp>,
    /// Time does not end this lock.
    pub locked_for_ever: bool,
    pub office: Option<String>,
    pub email: Option<String>,
    pub phone: Option<String>,
    pub address: Option<String>,
    pub contractor_numbers: Vec<String>,
    /// Codes of premises, as they stand in the register.
    pub premises: Vec<String>,
    pub letters: Vec<LetterLine>,
    /// There is one that another system printed, without a serial.
    pub has_letter_from_before: bool,
    pub order: Option<OrderLine>,
    pub sessions: usize,
    /// Devices that are trusted.
    pub devices: usize,
    /// No password opens it: only a new letter does.
    pub needs_letter: bool,
    /// Its owner blocked it by the link of an e-mail: resuming it takes back what opened it.
    pub was_not_them: bool,
    pub change: Option<ChangeLine>,
    pub closure: Option<ClosureLine>,
    pub history: Vec<RecordLine>,
    /// `help`, `own-account` or `read`.
    pub stance: &'static str,
    /// Of [`ACTIONS`], those that make sense now.
    pub actions: Vec<&'static str>,
    /// One of [`PROBLEMS`], and at what.
    pub problem: Option<ProblemLine>,
    /// What was just done.
    pub done: Option<&'static str>,
}

#[derive(Debug, Clone, Serialize)]
pub struct LetterLine {
    pub id: String,
    pub serial: String,
    pub printed: Stamp,
    pub printed_by: Option<String>,
    pub collected: Option<Stamp>,
    pub collected_by: Option<String>,
    pub voided: Option<Stamp>,
    /// As a code.
    pub void_reason: Option<String>,
}

#[derive(Debug, Clone, Serialize)]
pub struct OrderLine {
    pub state: &'static str,
    pub requested: Stamp,
    pub requested_by: Option<String>,
}

/// A change of address that waits.
#[derive(Debug, Clone, Serialize)]
pub struct ChangeLine {
    /// `None`: there is to be none.
    pub email: Option<String>,
    pub requested: Stamp,
    pub requested_by: Option<String>,
}

/// The person asked that the account be closed.
#[derive(Debug, Clone, Serialize)]
pub struct ClosureLine {
    pub at: Stamp,
    pub reason: Option<String>,
}

#[derive(Debug, Clone, Serialize)]
pub struct ProblemLine {
    pub kind: &'static str,
    /// Of [`ACTIONS`], `void-letter` or `void-letter-from-before`.
    pub action: &'static str,
    /// Of `void-letter`: which one.
    pub letter: String,
    /// As typed.
    pub reason: String,
    pub value: String,
}

impl ProblemLine {
    /// Is it about the reason?
    pub(super) fn at_reason(kind: &str) -> bool {
        matches!(kind, "reason-missing" | "reason-too-long")
    }
}

impl Page for AccountPage {
    const NAME: &'static str = "office-account";

    fn address(&self) -> Option<Address<'_>> {
        Some(Address { path: &self.path, authorization: None })
    }

    #[allow(clippy::too_many_lines, reason = "a list of states")]
    fn samples() -> Vec<Self> {
        let some = |text: &str| Some(text.to_owned());
        let letter = |number: usize, collected: bool, voided: bool| LetterLine {
            id: format!("0197f3a0-0000-7000-8000-00000000000{number}"),
            serial: "34567-89AB9".to_owned(),
            printed: Stamp::sample(20),
            printed_by: some("Jan Zieliński").filter(|_| collected),
            collected: Some(Stamp::sample(21)).filter(|_| collected),
            collected_by: some("Urszula Sowa").filter(|_| collected),
            voided: Some(Stamp::sample(22)).filter(|_| voided),
            void_reason: some("by_office").filter(|_| voided),
        };
        let whole = |state: AccountState| Self {
            frame: Frame::sample(Role::Clerk, "/office/accounts"),
            path: "/office/accounts/0197f3a0-0000-7000-8000-000000000001".to_owned(),
            name: "Bronisława Wrona-Brzęczyszczykiewicz".to_owned(),
            login: "iok1000001".to_owned(),
            state: state.as_str(),
            state_since: Some(Stamp::sample(20)),
            created: Stamp::sample(2),
            locked_until: Some(Stamp::sample(23)),
            locked_for_ever: false,
            office: some("Administracja nr 1 Centrum"),
            email: some("bronislawa.wrona.brzeczyszczykiewicz@example.pl"),
            phone: some("+48 600 100 200"),
            address: some("ul. Wiśniowa 3/4, 41-600 Świętochłowice"),
            contractor_numbers: vec!["K-1000001".to_owned()],
            premises: vec!["SW-03-004".to_owned(), "SW-03-005".to_owned()],
            letters: vec![letter(1, false, false), letter(2, true, false), letter(3, true, true)],
            has_letter_from_before: false,
            order: Some(OrderLine {
                state: "awaiting_approval",
                requested: Stamp::sample(23),
                requested_by: some("Urszula Sowa"),
            }),
            sessions: 2,
            devices: 3,
            needs_letter: false,
            was_not_them: false,
            change: Some(ChangeLine {
                email: some("nowy.adres@example.pl"),
                requested: Stamp::sample(23),
                requested_by: some("Jan Zieliński"),
            }),
            closure: Some(ClosureLine { at: Stamp::sample(23), reason: some("Wyprowadzam się.") }),
            history: RecordLine::samples(),
            stance: "help",
            actions: ACTIONS.to_vec(),
            problem: None,
            done: None,
        };
        let bare = |state| Self {
            state_since: None,
            locked_until: None,
            office: None,
            email: None,
            phone: None,
            address: None,
            contractor_numbers: Vec::new(),
            premises: Vec::new(),
            letters: Vec::new(),
            order: None,
            sessions: 0,
            devices: 0,
            change: None,
            closure: None,
            history: Vec::new(),
            actions: Vec::new(),
            ..whole(state)
        };
        let mut samples: Vec<_> = AccountState::ALL.into_iter().map(bare).collect();
        samples.push(whole(AccountState::Active));
        samples.push(Self { locked_for_ever: true, ..whole(AccountState::Active) });
        samples.push(Self { was_not_them: true, ..whole(AccountState::Suspended) });
        samples.push(Self {
            needs_letter: true,
            done: Some("resume"),
            change: None,
            ..whole(AccountState::InitialPassword)
        });
        samples.push(Self { stance: "own-account", actions: Vec::new(), ..bare(AccountState::Active) });
        samples.push(Self { stance: "read", actions: Vec::new(), ..bare(AccountState::Active) });
        let from_before = Self { has_letter_from_before: true, ..bare(AccountState::Active) };
        samples.push(Self {
            problem: Some(ProblemLine {
                kind: "reason-missing",
                action: "void-letter-from-before",
                letter: String::new(),
                reason: String::new(),
                value: String::new(),
            }),
            ..from_before.clone()
        });
        samples.push(from_before);
        for state in ["approved", "printed", "lapsed"] {
            let order = OrderLine { state, requested: Stamp::sample(23), requested_by: None };
            let change = ChangeLine { email: None, requested: Stamp::sample(23), requested_by: None };
            let closure = ClosureLine { at: Stamp::sample(23), reason: None };
            samples.push(Self {
                order: Some(order),
                change: Some(change),
                closure: Some(closure),
                ..bare(AccountState::Active)
            });
        }
        for done in ACTIONS.into_iter().chain(["void-letter", "void-letter-from-before"]) {
            samples.push(Self { done: Some(done), ..bare(AccountState::Active) });
        }
        for kind in PROBLEMS {
            let action = match kind {
                "not-an-email" | "change-waits" => "change-email",
                "not-a-phone" | "same-value" => "change-phone",
                "no-such-letter" | "reason-missing" => "void-letter",
                _ => "suspend",
            };
            samples.push(Self {
                problem: Some(ProblemLine {
                    kind,
                    action,
                    letter: letter(1, false, false).id,
                    reason: if ProblemLine::at_reason(kind) {
                        String::new()
                    } else {
                        "Była osobiście.".to_owned()
                    },
                    value: "anna@".to_owned(),
                }),
                ..whole(AccountState::Active)
            });
        }
        samples
    }
}
