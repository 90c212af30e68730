//! The pages of the office's console.

mod account;
mod accounts;
mod application;
mod approvals;
mod audit;
mod collection;
mod frame;
mod home;
mod intake;
pub mod letter;
mod letters;
mod mail;
mod record;
mod review;
mod sign_outs;
mod staff;
mod stamp;
mod state_now;

pub use account::{ACTIONS, AccountPage, ChangeLine, ClosureLine, LetterLine, OrderLine, ProblemLine};
pub use accounts::{AccountLine, AccountsPage};
pub use application::{
    ApplicationPage, ApplicationProblem, ComparedLine, Given, HistoryItem, InCommon, LikeAccountLine,
    LikeApplicationLine, OwnAccountLine, RegisterCard, StanceView, TitleLine, TypedDecision,
};
pub use approvals::{ApprovalLine, ApprovalProblem, ApprovalsPage};
pub use audit::{AuditPage, ChainLine, CheckpointLine, TypedQuestion};
pub use collection::{CollectionPage, CollectionProblem, Handed, ShownLetter, ShownRefusal};
pub use frame::{Frame, NavItem};
pub use home::{OfficeHomePage, OfficeOption, QueueLine, QueueView, StateTab};
pub use intake::{DuplicatesView, IntakePage, IntakeProblem, PaperToCorrect, TypedPaper};
pub use letters::{LettersPage, LettersProblem, OfficeChoice, OrderRow, WaitingRow};
pub use mail::{MailLine, MailPage};
pub use record::{AboutLine, RecordLine};
pub use review::{AloneRow, ReviewPage, ReviewProblem};
pub use sign_outs::{NoticeLine, SignOutsPage, ToldClientLine};
pub use staff::{MemberLine, StaffPage};
pub use stamp::Stamp;
pub use state_now::StateNowPage;
