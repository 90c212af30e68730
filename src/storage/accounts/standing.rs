//! What is known of an account beside who it belongs to.

use sea_orm::prelude::*;
use sea_orm::sea_query::Expr;
use sea_orm::{ConnectionTrait, QuerySelect as _};

use crate::domain::account::{AccountState, SuspensionCause};
use crate::domain::clock::Moment;
use crate::domain::ids::{AccountId, TypedId};
use crate::storage::entity::account;

/// What an office wants to know of an account beside who it belongs to.
#[derive(Debug, Clone)]
pub struct Standing {
    pub created_at: Moment,
    /// When it came into its state; `None` for what was there before anybody kept it.
    pub state_since: Option<Moment>,
    /// Is there a chosen password now?
    pub has_chosen_password: bool,
    /// Was there ever one: did the person once sign in and make the account theirs?
    pub was_ever_active: bool,
    pub initial_password: InitialPasswordNow,
    /// Of a suspended account, where it is known.
    pub suspended_by: Option<SuspensionCause>,
    pub closure_requested_at: Option<Moment>,
    pub closure_reason: Option<String>,
}

/// What an account's initial password is good for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InitialPasswordNow {
    /// There is none.
    Gone,
    /// It served, and is kept until the change that follows: nobody may choose it again.
    Used,
    /// It brings the owner in, now or once the account is resumed: as what the account opens with, or once as a way back.
    Opens,
}

impl InitialPasswordNow {
    fn of(row: &account::Model) -> Self {
        let opens_with_it = [AccountState::InitialPassword, AccountState::Suspended]
            .into_iter()
            .any(|state| row.state == state.as_str());
        match row.initial_password_hash {
            None => Self::Gone,
            Some(_) if row.initial_password_recovers || opens_with_it => Self::Opens,
            Some(_) => Self::Used,
        }
    }
}

pub async fn standing(connection: &impl ConnectionTrait, id: AccountId) -> Result<Option<Standing>, DbErr> {
    Ok(account::Entity::find_by_id(id.uuid()).one(connection).await?.map(|row| Standing {
        created_at: row.created_at,
        state_since: row.state_since,
        has_chosen_password: row.password_hash.is_some(),
        was_ever_active: row.password_hash.is_some() || row.password_changed_at.is_some(),
        initial_password: InitialPasswordNow::of(&row),
        suspended_by: SuspensionCause::ALL
            .into_iter()
            .find(|cause| row.suspended_why.as_deref() == Some(cause.as_str())),
        closure_requested_at: row.closure_requested_at,
        closure_reason: row.closure_reason,
    }))
}

/// When the account was made.
pub async fn made_at(connection: &impl ConnectionTrait, id: AccountId) -> Result<Option<Moment>, DbErr> {
    account::Entity::find_by_id(id.uuid())
        .select_only()
        .column(account::Column::CreatedAt)
        .into_tuple()
        .one(connection)
        .await
}

/// Since when the account is in its state; before that was kept, `None`.
pub async fn state_since(connection: &impl ConnectionTrait, id: AccountId) -> Result<Option<Moment>, DbErr> {
    let row = account::Entity::find_by_id(id.uuid()).one(connection).await?;
    Ok(row.and_then(|row| row.state_since))
}

/// Somebody has signed in to the end. Returns whether it was the first time.
pub async fn note_first_sign_in(
    connection: &impl ConnectionTrait,
    id: AccountId,
    now: Moment,
) -> Result<bool, DbErr> {
    let done = account::Entity::update_many()
        .col_expr(account::Column::FirstSignedInAt, Expr::value(Some(now)))
        .filter(account::Column::Id.eq(id.uuid()))
        .filter(account::Column::FirstSignedInAt.is_null())
        .exec(connection)
        .await?;
    Ok(done.rows_affected == 1)
}
