//! `state`, and whether the hashes can be those of an account in that state.

use super::columns::Column;
use crate::domain::account::AccountState;
use crate::integrations::csv::Row;

/// As the procedure spells it (`AwaitingCollection`) or as the database does (`awaiting_collection`), in any case.
pub(super) fn parse(text: &str) -> Result<AccountState, String> {
    let plain = |name: &str| name.replace('_', "").to_lowercase();
    match AccountState::ALL.into_iter().find(|state| plain(state.as_str()) == plain(text)) {
        Some(AccountState::Erased) => {
            Err("an erased account is a stub without a person: there is nothing to import".to_owned())
        }
        Some(state) => Ok(state),
        None => Err(format!("{text:?} is not one of {}", importable())),
    }
}

fn importable() -> String {
    let names: Vec<&str> = AccountState::ALL
        .into_iter()
        .filter(|state| *state != AccountState::Erased)
        .map(AccountState::as_str)
        .collect();
    names.join(", ")
}

/// An initial password waits to be replaced, and a chosen one has replaced it. So:
///
/// | state | initial password | chosen password | office |
/// |---|---|---|---|
/// | awaiting collection | yes | no | yes: where the letter lies |
/// | initial password | yes | no | |
/// | active | only on a letter from before, which has no serial | yes | |
/// | suspended | one of the two, or both as if active | | |
/// | lapsed | may be: the letter was never collected | no | |
/// | closed | may be | may be | |
pub(super) fn complain_about_disagreement(state: AccountState, row: &mut Row<'_, Column>) {
    let initial = row.is_given(Column::InitialPasswordHash);
    let chosen = row.is_given(Column::PasswordHash);
    let serial = row.is_given(Column::LetterSerial);

    match state {
        AccountState::AwaitingCollection | AccountState::InitialPassword => {
            if !initial {
                row.complain(
                    Column::InitialPasswordHash,
                    format!("an account that is {state} has an initial password"),
                );
            }
            if chosen {
                row.complain(
                    Column::PasswordHash,
                    format!("an account that is {state} has no chosen password yet"),
                );
            }
        }
        AccountState::Active if !chosen => {
            row.complain(Column::PasswordHash, "an account that is active has a chosen password".to_owned());
        }
        AccountState::Suspended if !initial && !chosen => {
            row.complain(
                Column::PasswordHash,
                "an account that is suspended has one password or the other".to_owned(),
            );
        }
        AccountState::Lapsed if chosen => {
            row.complain(
                Column::PasswordHash,
                "an account lapses before its letter is collected, so that it has no chosen password"
                    .to_owned(),
            );
        }
        AccountState::Active
        | AccountState::Suspended
        | AccountState::Lapsed
        | AccountState::Closed
        | AccountState::Erased => {}
    }
    // The initial password dies when one is chosen. Only letters from before, which carry no recovery codes, go on
    // needing it; those have no serial.
    if matches!(state, AccountState::Active | AccountState::Suspended) && initial && chosen && serial {
        row.complain(
            Column::InitialPasswordHash,
            "the initial password of a letter with a serial ends when a password is chosen".to_owned(),
        );
    }
    if state == AccountState::AwaitingCollection && !row.is_given(Column::Office) {
        row.complain(Column::Office, "must not be empty: a letter waits there to be collected".to_owned());
    }
}
