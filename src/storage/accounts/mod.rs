//! Accounts: the table `account`, by what is asked of it.

mod closure_requests;
mod contact;
mod credentials;
mod finding;
mod passwords;
mod row;
mod standing;
mod states;

pub use self::closure_requests::{closure_requested_at, forget_closure_request, request_closure};
pub use self::contact::{set_email, set_phone};
pub use self::credentials::{Credentials, credentials, credentials_by_login, lock_credentials};
pub use self::finding::{find, find_by_login, lock, taken_logins};
pub use self::passwords::{
    choose_password, forget_initial_password, forget_password, forget_used_initial_password,
    let_initial_password_recover, open_with_letter, rehash, use_initial_password,
};
pub(super) use self::row::read;
pub use self::row::{NewAccount, insert};
pub use self::standing::{InitialPasswordNow, Standing, made_at, note_first_sign_in, standing, state_since};
pub use self::states::{
    block_links_from, closed_before, erase, lapsed_before, move_on, note_suspension, resume,
};
