//! Devices that accounts trust. One that loses its trust is deleted: what it was is in the audit.
//!
//! All but [`take`] are called under the account's lock, after its budgets' rows if any.

use sea_orm::prelude::*;
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveValue::Set, ConnectionTrait, QueryOrder as _};

use super::entity::trusted_device;
use super::reading::unreadable;
use crate::domain::clock::Moment;
use crate::domain::ids::{AccountId, DeviceId, TypedId};
use crate::domain::secret::SecretDigest;
use crate::domain::trusted_device::TrustedDevice;

pub async fn insert(
    transaction: &impl ConnectionTrait,
    account: AccountId,
    new: TrustedDevice,
) -> Result<(), DbErr> {
    trusted_device::Entity::insert(trusted_device::ActiveModel {
        id: Set(new.id.uuid()),
        account_id: Set(account.uuid()),
        secret_digest: Set(new.secret.to_text()),
        previous_digest: Set(new.previous.map(SecretDigest::to_text)),
        rotated_at: Set(new.rotated_at),
        label: Set(new.label),
        created_at: Set(new.created_at),
        last_used_at: Set(new.last_used_at),
        trusted_until: Set(new.trusted_until),
    })
    .exec_without_returning(transaction)
    .await
    .map(|_| ())
}

/// The devices that an account trusts, the last used one first. Of an account that does not exist: none.
pub async fn of_account(
    connection: &impl ConnectionTrait,
    account: AccountId,
    now: Moment,
) -> Result<Vec<TrustedDevice>, DbErr> {
    trusted_device::Entity::find()
        .filter(trusted_device::Column::AccountId.eq(account.uuid()))
        .filter(trusted_device::Column::TrustedUntil.gt(now))
        .order_by_desc(trusted_device::Column::LastUsedAt)
        .order_by_desc(trusted_device::Column::Id)
        .all(connection)
        .await?
        .into_iter()
        .map(read)
        .collect()
}

/// Writes secrets, label and times of a device as it is from now on. Returns whether it is still trusted.
pub async fn renew(transaction: &impl ConnectionTrait, device: &TrustedDevice) -> Result<bool, DbErr> {
    let previous = device.previous.map(SecretDigest::to_text);
    let done = trusted_device::Entity::update_many()
        .col_expr(trusted_device::Column::SecretDigest, Expr::value(device.secret.to_text()))
        .col_expr(trusted_device::Column::PreviousDigest, Expr::value(previous))
        .col_expr(trusted_device::Column::RotatedAt, Expr::value(device.rotated_at))
        .col_expr(trusted_device::Column::Label, Expr::value(device.label.clone()))
        .col_expr(trusted_device::Column::LastUsedAt, Expr::value(device.last_used_at))
        .col_expr(trusted_device::Column::TrustedUntil, Expr::value(device.trusted_until))
        .filter(trusted_device::Column::Id.eq(device.id.uuid()))
        .exec(transaction)
        .await?;
    Ok(done.rows_affected == 1)
}

/// Deletes one device of an account. Returns whether it was there.
pub async fn delete(
    transaction: &impl ConnectionTrait,
    account: AccountId,
    device: DeviceId,
) -> Result<bool, DbErr> {
    let done = trusted_device::Entity::delete_many()
        .filter(trusted_device::Column::Id.eq(device.uuid()))
        .filter(trusted_device::Column::AccountId.eq(account.uuid()))
        .exec(transaction)
        .await?;
    Ok(done.rows_affected == 1)
}

/// Deletes an account's devices, but for one. Returns how many there were.
pub async fn delete_all(
    transaction: &impl ConnectionTrait,
    account: AccountId,
    except: Option<DeviceId>,
) -> Result<u64, DbErr> {
    let mut query =
        trusted_device::Entity::delete_many().filter(trusted_device::Column::AccountId.eq(account.uuid()));
    if let Some(except) = except {
        query = query.filter(trusted_device::Column::Id.ne(except.uuid()));
    }
    Ok(query.exec(transaction).await?.rows_affected)
}

/// Deletes a device, whosever it is, without the account's lock: its budget's row is held instead. Returns whose it was;
/// `None` if it was gone.
pub async fn take(transaction: &impl ConnectionTrait, device: DeviceId) -> Result<Option<AccountId>, DbErr> {
    let Some(found) = trusted_device::Entity::find_by_id(device.uuid()).one(transaction).await? else {
        return Ok(None);
    };
    let done = trusted_device::Entity::delete_by_id(device.uuid()).exec(transaction).await?;
    Ok((done.rows_affected == 1).then(|| found.account_id.into()))
}

/// Forgets devices whose time is over.
pub async fn sweep(connection: &impl ConnectionTrait, now: Moment) -> Result<u64, DbErr> {
    let done = trusted_device::Entity::delete_many()
        .filter(trusted_device::Column::TrustedUntil.lte(now))
        .exec(connection)
        .await?;
    Ok(done.rows_affected)
}

fn read(row: trusted_device::Model) -> Result<TrustedDevice, DbErr> {
    let digest = |text: &str| {
        SecretDigest::from_text(text).ok_or_else(|| unreadable("trusted_device.secret_digest", "no digest"))
    };
    Ok(TrustedDevice {
        id: row.id.into(),
        secret: digest(&row.secret_digest)?,
        previous: row.previous_digest.as_deref().map(digest).transpose()?,
        rotated_at: row.rotated_at,
        label: row.label,
        created_at: row.created_at,
        last_used_at: row.last_used_at,
        trusted_until: row.trusted_until,
    })
}
