//! Accounts and their hashes.

use sea_orm::prelude::*;
use sea_orm::sea_query::{Expr, Query};
use sea_orm::{ActiveValue::Set, Condition, ConnectionTrait, QueryOrder as _, QuerySelect as _, UpdateMany};

use super::entity::{account, credential_letter, letter_order};
use super::password_history;
use super::reading::unreadable;
use crate::domain::account::{Account, AccountState, PasswordKind, Profile, SuspensionCause};
use crate::domain::clock::Moment;
use crate::domain::credential_letter::order::OrderState;
use crate::domain::ids::{AccountId, CredentialLetterId, OfficeId, TypedId};
use crate::domain::locale::Locale;
use crate::domain::login::Login;

/// An account together with its hashes. Only `accounts::verdict` may compare them with anything.
#[derive(Clone)]
pub struct Credentials {
    pub account: Account,
    initial_password_hash: Option<String>,
    password_hash: Option<String>,
    initial_password_recovers: bool,
}

impl Credentials {
    /// The hash that a password typed at sign-in is compared with, in the account's present state.
    pub fn current_hash(&self) -> Option<(PasswordKind, &str)> {
        match self.account.state.password_kind()? {
            PasswordKind::Initial => Some((PasswordKind::Initial, self.initial_password_hash.as_deref()?)),
            PasswordKind::Chosen => Some((PasswordKind::Chosen, self.password_hash.as_deref()?)),
        }
    }

    /// The initial password's hash, while it still counts.
    pub fn initial_hash(&self) -> Option<&str> {
        self.initial_password_hash.as_deref()
    }

    /// The initial password's hash, if it still recovers the account: once, in an account whose letter another system
    /// printed (the procedure's row 7, letters from before).
    pub fn recovering_hash(&self) -> Option<&str> {
        self.initial_password_hash.as_deref().filter(|_| self.initial_password_recovers)
    }
}

/// What an import writes.
#[derive(Debug, Clone)]
pub struct NewAccount {
    pub id: AccountId,
    pub login: Login,
    pub subject: String,
    pub state: AccountState,
    pub initial_password_hash: Option<String>,
    pub password_hash: Option<String>,
    pub profile: Profile,
    pub office: Option<OfficeId>,
    pub created_at: Moment,
}

pub async fn insert(connection: &impl ConnectionTrait, new: NewAccount) -> Result<(), DbErr> {
    let profile = new.profile;
    // Whoever comes with a chosen password made the account theirs before.
    let password_changed_at = new.password_hash.is_some().then_some(new.created_at);
    account::Entity::insert(account::ActiveModel {
        id: Set(new.id.uuid()),
        login: Set(new.login.to_string()),
        subject: Set(new.subject),
        state: Set(new.state.as_str().to_owned()),
        initial_password_hash: Set(new.initial_password_hash),
        password_hash: Set(new.password_hash),
        given_name: Set(profile.given_name),
        family_name: Set(profile.family_name),
        organisation_name: Set(profile.organisation_name),
        email: Set(profile.email),
        email_verified: Set(profile.email_verified),
        phone_number: Set(profile.phone_number),
        street: Set(profile.street),
        postal_code: Set(profile.postal_code),
        city: Set(profile.city),
        locale: Set(profile.locale.map(|locale| locale.tag().to_owned())),
        attributes: Set(profile.attributes.into()),
        office_id: Set(new.office.map(TypedId::uuid)),
        password_changed_at: Set(password_changed_at),
        created_at: Set(new.created_at),
        updated_at: Set(new.created_at),
        state_since: Set(Some(new.created_at)),
        closure_requested_at: Set(None),
        closure_reason: Set(None),
        initial_password_recovers: Set(false),
        block_links_from: Set(None),
        suspended_why: Set(None),
        profile_updated_at: Set(None),
        first_signed_in_at: Set(None),
    })
    .exec_without_returning(connection)
    .await
    .map(|_| ())
}

pub async fn find(connection: &impl ConnectionTrait, id: AccountId) -> Result<Option<Account>, DbErr> {
    account::Entity::find_by_id(id.uuid()).one(connection).await?.map(read).transpose()
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

pub async fn credentials_by_login(
    connection: &impl ConnectionTrait,
    login: &str,
) -> Result<Option<Credentials>, DbErr> {
    account::Entity::find()
        .filter(account::Column::Login.eq(login))
        .one(connection)
        .await?
        .map(read_credentials)
        .transpose()
}

pub async fn credentials(
    connection: &impl ConnectionTrait,
    id: AccountId,
) -> Result<Option<Credentials>, DbErr> {
    account::Entity::find_by_id(id.uuid()).one(connection).await?.map(read_credentials).transpose()
}

/// The same, with the account's row locked until the transaction ends. Whoever changes what opens an account, or makes
/// use of a verdict about it, takes this lock first: sign-ins and password changes of one account take turns.
pub async fn lock_credentials(
    transaction: &impl ConnectionTrait,
    id: AccountId,
) -> Result<Option<Credentials>, DbErr> {
    account::Entity::find_by_id(id.uuid())
        .lock_exclusive()
        .one(transaction)
        .await?
        .map(read_credentials)
        .transpose()
}

/// Which of these logins are taken already?
pub async fn taken_logins(
    connection: &impl ConnectionTrait,
    logins: &[String],
) -> Result<Vec<String>, DbErr> {
    let mut taken = Vec::new();
    for some in logins.chunks(500) {
        taken.extend(
            account::Entity::find()
                .filter(account::Column::Login.is_in(some.iter().map(String::as_str)))
                .all(connection)
                .await?
                .into_iter()
                .map(|row| row.login),
        );
    }
    Ok(taken)
}

/// Which of these letter serials are taken already?
pub async fn taken_serials(
    connection: &impl ConnectionTrait,
    serials: &[String],
) -> Result<Vec<String>, DbErr> {
    let mut taken = Vec::new();
    for some in serials.chunks(500) {
        taken.extend(
            credential_letter::Entity::find()
                .filter(credential_letter::Column::Serial.is_in(some.iter().map(String::as_str)))
                .all(connection)
                .await?
                .into_iter()
                .map(|row| row.serial),
        );
    }
    Ok(taken)
}

/// Sets the chosen password and lets the initial one die, if the account still is in the state that was seen.
/// Returns whether it was.
///
/// The hash of an initial password that still recovers the account stays, for that one use: it opens nothing by itself,
/// since an active account is signed in to with the chosen password only.
pub async fn choose_password(
    connection: &impl ConnectionTrait,
    id: AccountId,
    seen: AccountState,
    becomes: AccountState,
    hash: &str,
    now: Moment,
) -> Result<bool, DbErr> {
    password_history::give_up(connection, id, now).await?;
    let kept = Expr::case(
        Condition::all().add(account::Column::InitialPasswordRecovers.eq(true)),
        Expr::col(account::Column::InitialPasswordHash),
    )
    .finally(Expr::value(None::<String>));
    let mut update = account::Entity::update_many()
        .col_expr(account::Column::PasswordHash, Expr::value(Some(hash.to_owned())))
        .col_expr(account::Column::InitialPasswordHash, kept.into())
        .col_expr(account::Column::State, Expr::value(becomes.as_str()))
        .col_expr(account::Column::PasswordChangedAt, Expr::value(Some(now)))
        .col_expr(account::Column::UpdatedAt, Expr::value(now));
    if seen != becomes {
        update = update.col_expr(account::Column::StateSince, Expr::value(Some(now)));
    }
    let done = update
        .filter(account::Column::Id.eq(id.uuid()))
        .filter(account::Column::State.eq(seen.as_str()))
        .exec(connection)
        .await?;
    Ok(done.rows_affected == 1)
}

/// A change of this account, to be filled in.
fn change(id: AccountId, now: Moment) -> UpdateMany<account::Entity> {
    account::Entity::update_many()
        .col_expr(account::Column::UpdatedAt, Expr::value(now))
        .filter(account::Column::Id.eq(id.uuid()))
}

/// A step of this account from one state to the next, to be filled in; nothing changes if it is not where it was seen.
fn step(
    id: AccountId,
    seen: AccountState,
    becomes: AccountState,
    now: Moment,
) -> UpdateMany<account::Entity> {
    change(id, now)
        .col_expr(account::Column::State, Expr::value(becomes.as_str()))
        .col_expr(account::Column::StateSince, Expr::value(Some(now)))
        .filter(account::Column::State.eq(seen.as_str()))
}

/// The chosen password opens nothing any more; there is none until another one is chosen.
pub async fn forget_password(
    connection: &impl ConnectionTrait,
    id: AccountId,
    now: Moment,
) -> Result<(), DbErr> {
    password_history::give_up(connection, id, now).await?;
    change(id, now)
        .col_expr(account::Column::PasswordHash, Expr::value(None::<String>))
        .exec(connection)
        .await
        .map(|_| ())
}

/// Uses up the initial password of a letter from before. Of any number of callers one gets `true`. The hash itself stays
/// until the change that follows, which must not choose the same password again.
pub async fn use_initial_password(
    connection: &impl ConnectionTrait,
    id: AccountId,
    hash: &str,
    now: Moment,
) -> Result<bool, DbErr> {
    let done = change(id, now)
        .col_expr(account::Column::InitialPasswordRecovers, Expr::value(false))
        .filter(account::Column::InitialPasswordHash.eq(hash))
        .filter(account::Column::InitialPasswordRecovers.eq(true))
        .exec(connection)
        .await?;
    Ok(done.rows_affected == 1)
}

/// Does the initial password recover the account, once? Only that of a letter without recovery codes does.
pub async fn let_initial_password_recover(
    connection: &impl ConnectionTrait,
    id: AccountId,
    recovers: bool,
) -> Result<(), DbErr> {
    account::Entity::update_many()
        .col_expr(account::Column::InitialPasswordRecovers, Expr::value(recovers))
        .filter(account::Column::Id.eq(id.uuid()))
        .exec(connection)
        .await
        .map(|_| ())
}

/// Moves the account on, if it still is in the state that was seen. Returns whether it was.
pub async fn move_on(
    connection: &impl ConnectionTrait,
    id: AccountId,
    seen: AccountState,
    becomes: AccountState,
    now: Moment,
) -> Result<bool, DbErr> {
    let done = step(id, seen, becomes, now).exec(connection).await?;
    Ok(done.rows_affected == 1)
}

/// Notes who had a suspended account suspended. Returns whether that is new.
pub async fn note_suspension(
    connection: &impl ConnectionTrait,
    id: AccountId,
    cause: SuspensionCause,
) -> Result<bool, DbErr> {
    let another = Condition::any()
        .add(account::Column::SuspendedWhy.is_null())
        .add(account::Column::SuspendedWhy.ne(cause.as_str()));
    let done = account::Entity::update_many()
        .col_expr(account::Column::SuspendedWhy, Expr::value(Some(cause.as_str())))
        .filter(account::Column::Id.eq(id.uuid()))
        .filter(account::Column::State.eq(AccountState::Suspended.as_str()))
        .filter(another)
        .exec(connection)
        .await?;
    Ok(done.rows_affected == 1)
}

/// Ends a suspension, and with it every link that was mailed to block the account. Returns whether it was suspended.
pub async fn resume(
    connection: &impl ConnectionTrait,
    id: AccountId,
    becomes: AccountState,
    now: Moment,
) -> Result<bool, DbErr> {
    let done = step(id, AccountState::Suspended, becomes, now)
        .col_expr(account::Column::SuspendedWhy, Expr::value(None::<String>))
        .col_expr(account::Column::BlockLinksFrom, Expr::value(Some(now)))
        .exec(connection)
        .await?;
    Ok(done.rows_affected == 1)
}

/// Mailed links that were made before this do not block the account any more; `None`: all may.
pub async fn block_links_from(
    connection: &impl ConnectionTrait,
    id: AccountId,
) -> Result<Option<Moment>, DbErr> {
    let row = account::Entity::find_by_id(id.uuid()).one(connection).await?;
    Ok(row.and_then(|row| row.block_links_from))
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

/// A letter was handed over: its initial password opens the account from now on, and whatever opened it before does not.
/// Returns whether the account still was in the state that was seen.
pub async fn open_with_letter(
    connection: &impl ConnectionTrait,
    id: AccountId,
    seen: AccountState,
    becomes: AccountState,
    initial_password_hash: &str,
    now: Moment,
) -> Result<bool, DbErr> {
    password_history::give_up(connection, id, now).await?;
    let done = step(id, seen, becomes, now)
        .col_expr(account::Column::InitialPasswordHash, Expr::value(Some(initial_password_hash.to_owned())))
        // This letter has codes: its initial password dies at the first change.
        .col_expr(account::Column::InitialPasswordRecovers, Expr::value(false))
        .col_expr(account::Column::PasswordHash, Expr::value(None::<String>))
        // Whoever comes for a letter does not ask for the end of the account any more.
        .col_expr(account::Column::ClosureRequestedAt, Expr::value(None::<Moment>))
        .col_expr(account::Column::ClosureReason, Expr::value(None::<String>))
        .exec(connection)
        .await?;
    Ok(done.rows_affected == 1)
}

/// Since when the account is in its state; before that was kept, `None`.
pub async fn state_since(connection: &impl ConnectionTrait, id: AccountId) -> Result<Option<Moment>, DbErr> {
    let row = account::Entity::find_by_id(id.uuid()).one(connection).await?;
    Ok(row.and_then(|row| row.state_since))
}

/// The letter that waited to be used is void: the initial password that it brought opens nothing any more.
pub async fn forget_initial_password(
    connection: &impl ConnectionTrait,
    id: AccountId,
    now: Moment,
) -> Result<(), DbErr> {
    change(id, now)
        .col_expr(account::Column::InitialPasswordHash, Expr::value(None::<String>))
        .exec(connection)
        .await
        .map(|_| ())
}

/// Forgets an initial password that has served as a way back in: it must not become a way to sign in again.
pub async fn forget_used_initial_password(
    connection: &impl ConnectionTrait,
    id: AccountId,
    now: Moment,
) -> Result<(), DbErr> {
    change(id, now)
        .col_expr(account::Column::InitialPasswordHash, Expr::value(None::<String>))
        .filter(account::Column::InitialPasswordRecovers.eq(false))
        .exec(connection)
        .await
        .map(|_| ())
}

/// Notes that the person asks for the account to be closed. Returns whether that is new.
pub async fn request_closure(
    connection: &impl ConnectionTrait,
    id: AccountId,
    reason: Option<&str>,
    now: Moment,
) -> Result<bool, DbErr> {
    let done = change(id, now)
        .col_expr(account::Column::ClosureRequestedAt, Expr::value(Some(now)))
        .col_expr(account::Column::ClosureReason, Expr::value(reason.map(str::to_owned)))
        .filter(account::Column::ClosureRequestedAt.is_null())
        .exec(connection)
        .await?;
    Ok(done.rows_affected == 1)
}

/// Forgets such a request. Returns whether there was one.
pub async fn forget_closure_request(
    connection: &impl ConnectionTrait,
    id: AccountId,
    now: Moment,
) -> Result<bool, DbErr> {
    let done = change(id, now)
        .col_expr(account::Column::ClosureRequestedAt, Expr::value(None::<Moment>))
        .col_expr(account::Column::ClosureReason, Expr::value(None::<String>))
        .filter(account::Column::ClosureRequestedAt.is_not_null())
        .exec(connection)
        .await?;
    Ok(done.rows_affected == 1)
}

/// When the person asked for the account to be closed, if they did.
pub async fn closure_requested_at(
    connection: &impl ConnectionTrait,
    id: AccountId,
) -> Result<Option<Moment>, DbErr> {
    Ok(account::Entity::find_by_id(id.uuid()).one(connection).await?.and_then(|row| row.closure_requested_at))
}

/// Somebody who asks for their account to be closed.
#[derive(Debug, Clone)]
pub struct ClosureRequest {
    pub account: Account,
    pub requested_at: Moment,
    /// In their words.
    pub reason: Option<String>,
}

/// Requests that the office has not acted on, oldest first; of one office, or of all.
pub async fn closure_requests(
    connection: &impl ConnectionTrait,
    office: Option<OfficeId>,
    limit: u64,
) -> Result<Vec<ClosureRequest>, DbErr> {
    let acted_on = [AccountState::Closed, AccountState::Erased].map(AccountState::as_str);
    let mut query = account::Entity::find()
        .filter(account::Column::ClosureRequestedAt.is_not_null())
        .filter(account::Column::State.is_not_in(acted_on));
    if let Some(office) = office {
        query = query.filter(account::Column::OfficeId.eq(office.uuid()));
    }
    let rows = query
        .order_by_asc(account::Column::ClosureRequestedAt)
        .order_by_asc(account::Column::Id)
        .limit(limit)
        .all(connection)
        .await?;
    rows.into_iter()
        .filter_map(|row| Some((row.closure_requested_at?, row)))
        .map(|(requested_at, mut row)| {
            let reason = row.closure_reason.take();
            Ok(ClosureRequest { account: read(row)?, requested_at, reason })
        })
        .collect()
}

/// Accounts that were closed before `before`: their retention is over.
pub async fn closed_before(
    connection: &impl ConnectionTrait,
    before: Moment,
    limit: u64,
) -> Result<Vec<AccountId>, DbErr> {
    Ok(account::Entity::find()
        .filter(account::Column::State.eq(AccountState::Closed.as_str()))
        .filter(account::Column::StateSince.lt(before))
        .order_by_asc(account::Column::StateSince)
        .limit(limit)
        .all(connection)
        .await?
        .into_iter()
        .map(|row| row.id.into())
        .collect())
}

/// Accounts that lapsed before `before`, and for which no other letter is on its way.
pub async fn lapsed_before(
    connection: &impl ConnectionTrait,
    before: Moment,
    limit: u64,
) -> Result<Vec<AccountId>, DbErr> {
    let open = OrderState::ALL.into_iter().filter(|state| state.is_open()).map(OrderState::as_str);
    let on_its_way = Query::select()
        .column(letter_order::Column::AccountId)
        .from(letter_order::Entity)
        .and_where(letter_order::Column::State.is_in(open))
        .to_owned();
    Ok(account::Entity::find()
        .filter(account::Column::State.eq(AccountState::Lapsed.as_str()))
        .filter(account::Column::StateSince.lt(before))
        .filter(account::Column::Id.not_in_subquery(on_its_way))
        .order_by_asc(account::Column::StateSince)
        .limit(limit)
        .all(connection)
        .await?
        .into_iter()
        .map(|row| row.id.into())
        .collect())
}

/// Leaves of a closed account a stub: the login, which is never given again, and the subject, which says nothing.
/// Returns whether it was closed, and since before `before`.
pub async fn erase(
    connection: &impl ConnectionTrait,
    id: AccountId,
    before: Moment,
    now: Moment,
) -> Result<bool, DbErr> {
    let nothing = || Expr::value(None::<String>);
    let done = step(id, AccountState::Closed, AccountState::Erased, now)
        .col_expr(account::Column::InitialPasswordHash, nothing())
        .col_expr(account::Column::PasswordHash, nothing())
        .col_expr(account::Column::GivenName, Expr::value(""))
        .col_expr(account::Column::FamilyName, Expr::value(""))
        .col_expr(account::Column::OrganisationName, nothing())
        .col_expr(account::Column::Email, nothing())
        .col_expr(account::Column::EmailVerified, Expr::value(false))
        .col_expr(account::Column::PhoneNumber, nothing())
        .col_expr(account::Column::Street, nothing())
        .col_expr(account::Column::PostalCode, nothing())
        .col_expr(account::Column::City, nothing())
        .col_expr(account::Column::Locale, nothing())
        .col_expr(account::Column::Attributes, Expr::value(serde_json::json!({})))
        .col_expr(account::Column::ClosureReason, nothing())
        .filter(account::Column::StateSince.lt(before))
        .exec(connection)
        .await?;
    Ok(done.rows_affected == 1)
}

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

/// Another telephone number, or none.
pub async fn set_phone(
    connection: &impl ConnectionTrait,
    id: AccountId,
    phone: Option<&str>,
    now: Moment,
) -> Result<(), DbErr> {
    change(id, now)
        .col_expr(account::Column::PhoneNumber, Expr::value(phone.map(str::to_owned)))
        .col_expr(account::Column::ProfileUpdatedAt, Expr::value(Some(now)))
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
    change(id, now)
        .col_expr(account::Column::Email, Expr::value(email.map(str::to_owned)))
        .col_expr(account::Column::EmailVerified, Expr::value(false))
        .col_expr(account::Column::BlockLinksFrom, Expr::value(Some(now)))
        .col_expr(account::Column::ProfileUpdatedAt, Expr::value(Some(now)))
        .exec(connection)
        .await
        .map(|_| ())
}

/// Replaces a hash by one of the same password with today's parameters, unless it was changed meanwhile.
pub async fn rehash(
    connection: &impl ConnectionTrait,
    id: AccountId,
    kind: PasswordKind,
    old: &str,
    new: &str,
) -> Result<bool, DbErr> {
    let column = match kind {
        PasswordKind::Initial => account::Column::InitialPasswordHash,
        PasswordKind::Chosen => account::Column::PasswordHash,
    };
    let done = account::Entity::update_many()
        .col_expr(column, Expr::value(Some(new.to_owned())))
        .filter(account::Column::Id.eq(id.uuid()))
        .filter(column.eq(old))
        .exec(connection)
        .await?;
    Ok(done.rows_affected == 1)
}

pub async fn insert_letter(
    connection: &impl ConnectionTrait,
    id: CredentialLetterId,
    account: AccountId,
    serial: String,
    now: Moment,
) -> Result<(), DbErr> {
    credential_letter::Entity::insert(credential_letter::ActiveModel {
        id: Set(id.uuid()),
        account_id: Set(account.uuid()),
        serial: Set(serial),
        created_at: Set(now),
        voided_at: Set(None),
        ..Default::default()
    })
    .exec_without_returning(connection)
    .await
    .map(|_| ())
}

/// The serials of the account's letters that were not voided.
pub async fn letter_serials(connection: &impl ConnectionTrait, id: AccountId) -> Result<Vec<String>, DbErr> {
    Ok(credential_letter::Entity::find()
        .filter(credential_letter::Column::AccountId.eq(id.uuid()))
        .filter(credential_letter::Column::VoidedAt.is_null())
        .all(connection)
        .await?
        .into_iter()
        .map(|row| row.serial)
        .collect())
}

fn read_credentials(mut row: account::Model) -> Result<Credentials, DbErr> {
    let initial_password_hash = row.initial_password_hash.take();
    let password_hash = row.password_hash.take();
    let initial_password_recovers = row.initial_password_recovers;
    Ok(Credentials { account: read(row)?, initial_password_hash, password_hash, initial_password_recovers })
}

pub(super) fn read(row: account::Model) -> Result<Account, DbErr> {
    let attributes = match row.attributes {
        serde_json::Value::Object(map) => map,
        other => return Err(unreadable("account.attributes", other)),
    };
    Ok(Account {
        id: row.id.into(),
        login: Login::from_stored(row.login),
        subject: row.subject,
        state: row.state.parse().map_err(|error| unreadable("account.state", error))?,
        profile: Profile {
            given_name: row.given_name,
            family_name: row.family_name,
            organisation_name: row.organisation_name,
            email: row.email,
            email_verified: row.email_verified,
            phone_number: row.phone_number,
            street: row.street,
            postal_code: row.postal_code,
            city: row.city,
            locale: row.locale.as_deref().and_then(Locale::from_tag),
            attributes,
        },
        profile_updated_at: row.profile_updated_at.unwrap_or(row.created_at),
        office: row.office_id.map(OfficeId::from),
    })
}
