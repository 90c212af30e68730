//! Applications. Where one stands changes by conditional updates: of two clerks who decide at once, one wins.

use chrono::NaiveDate;
use sea_orm::prelude::*;
use sea_orm::sea_query::{Expr, ExprTrait as _};
use sea_orm::{ActiveValue::Set, Condition, ConnectionTrait, QueryOrder as _, QuerySelect as _};

use super::entity::application;
use super::reading::unreadable;
use crate::domain::application::{Application, ApplicationState, Particulars, PremisesAddress};
use crate::domain::clock::Moment;
use crate::domain::ids::{AccountId, ApplicationId, OfficeId, TypedId};
use crate::domain::locale::Locale;

/// What an application is found again by: folded name and address.
#[derive(Debug, Clone)]
pub struct Keys {
    pub name: String,
    pub address: String,
}

pub async fn insert(connection: &impl ConnectionTrait, new: Application, keys: Keys) -> Result<(), DbErr> {
    let Particulars {
        applicant,
        given_name,
        family_name,
        organisation_name,
        contractor_number,
        premises,
        title_role,
        office,
        email,
        phone_number,
    } = new.particulars;
    application::Entity::insert(application::ActiveModel {
        id: Set(new.id.uuid()),
        state: Set(new.state.as_str().to_owned()),
        state_since: Set(new.state_since),
        channel: Set(new.channel.as_str().to_owned()),
        locale: Set(new.locale.tag().to_owned()),
        office_id: Set(office.uuid()),
        applicant: Set(applicant.as_str().to_owned()),
        given_name: Set(given_name),
        family_name: Set(family_name),
        organisation_name: Set(organisation_name),
        contractor_number: Set(contractor_number),
        premises_street: Set(premises.street),
        premises_postal_code: Set(premises.postal_code),
        premises_city: Set(premises.city),
        title_role: Set(title_role.as_str().to_owned()),
        email: Set(email),
        phone_number: Set(phone_number),
        regulations_version: Set(new.regulations_version),
        regulations_accepted_at: Set(new.regulations_accepted_at),
        name_key: Set(keys.name),
        address_key: Set(keys.address),
        scan_reference: Set(new.scan_reference),
        taken_in_by: Set(new.taken_in_by.map(TypedId::uuid)),
        received_on: Set(new.received_on),
        created_at: Set(new.created_at),
        link_sent_at: Set(new.link_sent_at),
        submitted_at: Set(new.submitted_at),
        decided_at: Set(new.decided_at),
        decided_by: Set(new.decided_by.map(TypedId::uuid)),
        decision_reason: Set(new.decision_reason),
        override_reason: Set(new.override_reason),
        reviewed_at: Set(None),
        reviewed_by: Set(None),
        correction_reminded_at: Set(None),
        corrected_by: Set(new.corrected_by.map(TypedId::uuid)),
    })
    .exec_without_returning(connection)
    .await
    .map(|_| ())
}

pub async fn find(
    connection: &impl ConnectionTrait,
    id: ApplicationId,
) -> Result<Option<Application>, DbErr> {
    application::Entity::find_by_id(id.uuid()).one(connection).await?.map(read).transpose()
}

/// The same, with its row locked until the transaction ends. Comes before the account's lock.
pub async fn lock(
    transaction: &impl ConnectionTrait,
    id: ApplicationId,
) -> Result<Option<Application>, DbErr> {
    application::Entity::find_by_id(id.uuid()).lock_exclusive().one(transaction).await?.map(read).transpose()
}

/// Moves it on, if it still is in the state that was seen. Returns whether it was.
pub async fn move_on(
    connection: &impl ConnectionTrait,
    id: ApplicationId,
    seen: ApplicationState,
    becomes: ApplicationState,
    now: Moment,
) -> Result<bool, DbErr> {
    let mut update = application::Entity::update_many()
        .col_expr(application::Column::State, Expr::value(becomes.as_str()))
        .col_expr(application::Column::StateSince, Expr::value(now));
    if becomes == ApplicationState::Submitted {
        update = update.col_expr(application::Column::SubmittedAt, Expr::value(Some(now)));
    }
    let done = update
        .filter(application::Column::Id.eq(id.uuid()))
        .filter(application::Column::State.eq(seen.as_str()))
        .exec(connection)
        .await?;
    Ok(done.rows_affected == 1)
}

/// A decision of the office.
#[derive(Debug)]
pub struct Decision<'a> {
    pub becomes: ApplicationState,
    pub by: AccountId,
    /// Why it was rejected, or what has to be corrected.
    pub reason: Option<&'a str>,
    pub override_reason: Option<&'a str>,
    pub at: Moment,
}

/// Decides a submitted application. Returns whether it still was one.
pub async fn decide(
    connection: &impl ConnectionTrait,
    id: ApplicationId,
    decision: Decision<'_>,
) -> Result<bool, DbErr> {
    let done = application::Entity::update_many()
        .col_expr(application::Column::State, Expr::value(decision.becomes.as_str()))
        .col_expr(application::Column::StateSince, Expr::value(decision.at))
        .col_expr(application::Column::DecidedAt, Expr::value(Some(decision.at)))
        .col_expr(application::Column::DecidedBy, Expr::value(Some(decision.by.uuid())))
        .col_expr(application::Column::DecisionReason, Expr::value(decision.reason.map(str::to_owned)))
        .col_expr(
            application::Column::OverrideReason,
            Expr::value(decision.override_reason.map(str::to_owned)),
        )
        .filter(application::Column::Id.eq(id.uuid()))
        .filter(application::Column::State.eq(ApplicationState::Submitted.as_str()))
        .exec(connection)
        .await?;
    Ok(done.rows_affected == 1)
}

/// What was corrected, and by which Regulations.
#[derive(Debug)]
pub struct Correction {
    pub particulars: Particulars,
    pub keys: Keys,
    pub regulations_version: String,
    pub regulations_accepted_at: Moment,
    /// What a clerk corrected from paper; `None`: the applicant did it.
    pub paper: Option<CorrectedPaper>,
    pub at: Moment,
}

/// What a clerk can correct beside the particulars, and an applicant cannot.
#[derive(Debug)]
pub struct CorrectedPaper {
    pub email: Option<String>,
    pub locale: Locale,
    pub scan_reference: String,
    pub received_on: NaiveDate,
    pub by: AccountId,
}

/// Submits a corrected application again; the address of one that came on-line stays. Returns whether it still waited for that.
pub async fn correct(
    connection: &impl ConnectionTrait,
    id: ApplicationId,
    correction: Correction,
) -> Result<bool, DbErr> {
    let Correction { particulars, keys, regulations_version, regulations_accepted_at, paper, at } =
        correction;
    let mut changed = application::ActiveModel {
        state: Set(ApplicationState::Submitted.as_str().to_owned()),
        state_since: Set(at),
        submitted_at: Set(Some(at)),
        office_id: Set(particulars.office.uuid()),
        applicant: Set(particulars.applicant.as_str().to_owned()),
        given_name: Set(particulars.given_name),
        family_name: Set(particulars.family_name),
        organisation_name: Set(particulars.organisation_name),
        contractor_number: Set(particulars.contractor_number),
        premises_street: Set(particulars.premises.street),
        premises_postal_code: Set(particulars.premises.postal_code),
        premises_city: Set(particulars.premises.city),
        title_role: Set(particulars.title_role.as_str().to_owned()),
        phone_number: Set(particulars.phone_number),
        regulations_version: Set(regulations_version),
        regulations_accepted_at: Set(regulations_accepted_at),
        name_key: Set(keys.name),
        address_key: Set(keys.address),
        ..Default::default()
    };
    if let Some(paper) = paper {
        changed.email = Set(paper.email);
        changed.locale = Set(paper.locale.tag().to_owned());
        changed.scan_reference = Set(Some(paper.scan_reference));
        changed.received_on = Set(Some(paper.received_on));
        changed.corrected_by = Set(Some(paper.by.uuid()));
    }
    let done = application::Entity::update_many()
        .set(changed)
        .filter(application::Column::Id.eq(id.uuid()))
        .filter(application::Column::State.eq(ApplicationState::NeedsCorrection.as_str()))
        .exec(connection)
        .await?;
    Ok(done.rows_affected == 1)
}

/// Remembers when the link was sent last.
pub async fn link_sent(
    connection: &impl ConnectionTrait,
    id: ApplicationId,
    now: Moment,
) -> Result<(), DbErr> {
    application::Entity::update_many()
        .col_expr(application::Column::LinkSentAt, Expr::value(Some(now)))
        .filter(application::Column::Id.eq(id.uuid()))
        .exec(connection)
        .await
        .map(|_| ())
}

/// Some of those that have been in one of these states since before `before`, the oldest first.
pub async fn in_state_since(
    connection: &impl ConnectionTrait,
    states: &[ApplicationState],
    before: Moment,
    at_most: u64,
) -> Result<Vec<ApplicationId>, DbErr> {
    let ids: Vec<Uuid> = application::Entity::find()
        .select_only()
        .column(application::Column::Id)
        .filter(application::Column::State.is_in(states.iter().map(|state| state.as_str())))
        .filter(application::Column::StateSince.lt(before))
        .order_by_asc(application::Column::StateSince)
        .limit(at_most)
        .into_tuple()
        .all(connection)
        .await?;
    Ok(ids.into_iter().map(ApplicationId::from).collect())
}

/// Which applications that were sent back, and not corrected.
#[derive(Debug, Clone, Copy)]
pub enum Uncorrected {
    /// Since before `since_before`, and not reminded of since.
    Unreminded { since_before: Moment },
    /// The same, and reminded of, if anybody is, before `reminded_before`.
    Overdue { since_before: Moment, reminded_before: Option<Moment> },
}

/// Some of them, the oldest first.
pub async fn uncorrected(
    connection: &impl ConnectionTrait,
    which: Uncorrected,
    at_most: u64,
) -> Result<Vec<ApplicationId>, DbErr> {
    let (since_before, reminded) = match which {
        Uncorrected::Unreminded { since_before } => (since_before, unreminded()),
        Uncorrected::Overdue { since_before, reminded_before: None } => (since_before, Condition::all()),
        Uncorrected::Overdue { since_before, reminded_before: Some(before) } => {
            let reminded = Condition::all().add(application::Column::CorrectionRemindedAt.lte(before)).add(
                Expr::col(application::Column::CorrectionRemindedAt)
                    .gte(Expr::col(application::Column::StateSince)),
            );
            (since_before, reminded)
        }
    };
    let ids: Vec<Uuid> = application::Entity::find()
        .select_only()
        .column(application::Column::Id)
        .filter(application::Column::State.eq(ApplicationState::NeedsCorrection.as_str()))
        .filter(application::Column::StateSince.lt(since_before))
        .filter(reminded)
        .order_by_asc(application::Column::StateSince)
        .limit(at_most)
        .into_tuple()
        .all(connection)
        .await?;
    Ok(ids.into_iter().map(ApplicationId::from).collect())
}

/// Remembers that the applicant is reminded of the correction. Of any number of callers one gets `true`.
pub async fn mark_reminded(
    connection: &impl ConnectionTrait,
    id: ApplicationId,
    now: Moment,
) -> Result<bool, DbErr> {
    let done = application::Entity::update_many()
        .col_expr(application::Column::CorrectionRemindedAt, Expr::value(Some(now)))
        .filter(application::Column::Id.eq(id.uuid()))
        .filter(application::Column::State.eq(ApplicationState::NeedsCorrection.as_str()))
        .filter(unreminded())
        .exec(connection)
        .await?;
    Ok(done.rows_affected == 1)
}

/// A reminder of the time before, when it was sent back once already, is none.
fn unreminded() -> Condition {
    Condition::any().add(application::Column::CorrectionRemindedAt.is_null()).add(
        Expr::col(application::Column::CorrectionRemindedAt).lt(Expr::col(application::Column::StateSince)),
    )
}

/// Forgets one that ended. Returns whether it was in one of these states, and still there.
pub async fn erase(
    connection: &impl ConnectionTrait,
    id: ApplicationId,
    states: &[ApplicationState],
) -> Result<bool, DbErr> {
    let done = application::Entity::delete_many()
        .filter(application::Column::Id.eq(id.uuid()))
        .filter(application::Column::State.is_in(states.iter().map(|state| state.as_str())))
        .exec(connection)
        .await?;
    Ok(done.rows_affected == 1)
}

/// Forgets an application. Its records stay.
pub async fn delete(connection: &impl ConnectionTrait, id: ApplicationId) -> Result<bool, DbErr> {
    let done = application::Entity::delete_by_id(id.uuid()).exec(connection).await?;
    Ok(done.rows_affected == 1)
}

pub(super) fn read(row: application::Model) -> Result<Application, DbErr> {
    Ok(Application {
        id: row.id.into(),
        state: row.state.parse().map_err(|error| unreadable("application.state", error))?,
        state_since: row.state_since,
        channel: row.channel.parse().map_err(|error| unreadable("application.channel", error))?,
        locale: Locale::from_tag(&row.locale).unwrap_or_default(),
        particulars: Particulars {
            applicant: row.applicant.parse().map_err(|error| unreadable("application.applicant", error))?,
            given_name: row.given_name,
            family_name: row.family_name,
            organisation_name: row.organisation_name,
            contractor_number: row.contractor_number,
            premises: PremisesAddress {
                street: row.premises_street,
                postal_code: row.premises_postal_code,
                city: row.premises_city,
            },
            title_role: row
                .title_role
                .parse()
                .map_err(|error| unreadable("application.title_role", error))?,
            office: OfficeId::from(row.office_id),
            email: row.email,
            phone_number: row.phone_number,
        },
        regulations_version: row.regulations_version,
        regulations_accepted_at: row.regulations_accepted_at,
        scan_reference: row.scan_reference,
        taken_in_by: row.taken_in_by.map(AccountId::from),
        corrected_by: row.corrected_by.map(AccountId::from),
        received_on: row.received_on,
        created_at: row.created_at,
        link_sent_at: row.link_sent_at,
        submitted_at: row.submitted_at,
        decided_at: row.decided_at,
        decided_by: row.decided_by.map(AccountId::from),
        decision_reason: row.decision_reason,
        override_reason: row.override_reason,
    })
}
