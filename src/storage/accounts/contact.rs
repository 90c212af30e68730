//! How a person is reached.

use sea_orm::prelude::*;
use sea_orm::sea_query::Expr;
use sea_orm::{ConnectionTrait, UpdateMany};

use super::row::change;
use crate::domain::clock::Moment;
use crate::domain::ids::AccountId;
use crate::storage::entity::account;

/// Another telephone number, or none.
pub async fn set_phone(
    connection: &impl ConnectionTrait,
    id: AccountId,
    phone: Option<&str>,
    now: Moment,
) -> Result<(), DbErr> {
    change_of_profile(id, now)
        .col_expr(account::Column::PhoneNumber, Expr::value(phone.map(str::to_owned)))
        .exec(connection)
        .await
        .map(|_| ())
}

/// Another e-mail address, or none; that it is the person's own was not shown yet. Links that lie in the old mailbox
/// block the account no more.
pub async fn set_email(
    connection: &impl ConnectionTrait,
    id: AccountId,
    email: Option<&str>,
    now: Moment,
) -> Result<(), DbErr> {
    change_of_profile(id, now)
        .col_expr(account::Column::Email, Expr::value(email.map(str::to_owned)))
        .col_expr(account::Column::EmailVerified, Expr::value(false))
        .col_expr(account::Column::BlockLinksFrom, Expr::value(Some(now)))
        .exec(connection)
        .await
        .map(|_| ())
}

/// A change that relying parties learn of by `updated_at` (OpenID Connect Core §5.1).
fn change_of_profile(id: AccountId, now: Moment) -> UpdateMany<account::Entity> {
    change(id, now).col_expr(account::Column::ProfileUpdatedAt, Expr::value(Some(now)))
}
