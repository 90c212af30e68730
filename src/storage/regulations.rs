//! The Regulations, version by version, and who accepted them.

use sea_orm::prelude::*;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveValue::Set, ConnectionTrait, QueryOrder as _, QuerySelect as _};
use uuid::Uuid;

use super::entity::{regulations, regulations_acceptance};
use crate::domain::clock::Moment;
use crate::domain::ids::{AccountId, RegulationsId, TypedId as _};
use crate::domain::regulations::{Acceptance, Edition, Regulations, Version};

/// Writes a new version. Returns whether there was none of that name.
pub async fn insert(connection: &impl ConnectionTrait, new: &Regulations) -> Result<bool, DbErr> {
    let written = regulations::Entity::insert(regulations::ActiveModel {
        id: Set(new.edition.id.uuid()),
        version: Set(new.edition.version.to_string()),
        text_pl: Set(new.polish.clone()),
        text_en: Set(new.english.clone()),
        published_at: Set(new.edition.published_at),
    })
    .on_conflict(OnConflict::column(regulations::Column::Version).do_nothing().to_owned())
    .exec_without_returning(connection)
    .await?;
    Ok(written == 1)
}

/// The version in force: the one that was published last.
pub async fn current(connection: &impl ConnectionTrait) -> Result<Option<Regulations>, DbErr> {
    Ok(newest_first().one(connection).await?.map(read))
}

/// The same without its words, for every sign-in.
pub async fn current_edition(connection: &impl ConnectionTrait) -> Result<Option<Edition>, DbErr> {
    Ok(without_words(newest_first()).one(connection).await?.map(read_edition))
}

/// The version of exactly this name.
pub async fn find(
    connection: &impl ConnectionTrait,
    version: &Version,
) -> Result<Option<Regulations>, DbErr> {
    Ok(regulations::Entity::find()
        .filter(regulations::Column::Version.eq(version.as_str()))
        .one(connection)
        .await?
        .map(read))
}

/// Every version, the one in force first.
pub async fn editions(connection: &impl ConnectionTrait) -> Result<Vec<Edition>, DbErr> {
    Ok(without_words(newest_first()).all(connection).await?.into_iter().map(read_edition).collect())
}

/// Records that an account accepted a version. Returns whether it had not before: the first time counts.
pub async fn accept(
    connection: &impl ConnectionTrait,
    account: AccountId,
    regulations: RegulationsId,
    at: Moment,
) -> Result<bool, DbErr> {
    let written = regulations_acceptance::Entity::insert(regulations_acceptance::ActiveModel {
        account_id: Set(account.uuid()),
        regulations_id: Set(regulations.uuid()),
        accepted_at: Set(at),
    })
    .on_conflict(
        OnConflict::columns([
            regulations_acceptance::Column::AccountId,
            regulations_acceptance::Column::RegulationsId,
        ])
        .do_nothing()
        .to_owned(),
    )
    .exec_without_returning(connection)
    .await?;
    Ok(written == 1)
}

/// What this account accepted last.
pub async fn latest_accepted(
    connection: &impl ConnectionTrait,
    account: AccountId,
) -> Result<Option<Acceptance>, DbErr> {
    Ok(accepted(account).one(connection).await?.map(read_acceptance))
}

/// Everything this account accepted, the latest first.
pub async fn accepted_by(
    connection: &impl ConnectionTrait,
    account: AccountId,
) -> Result<Vec<Acceptance>, DbErr> {
    Ok(accepted(account).all(connection).await?.into_iter().map(read_acceptance).collect())
}

fn newest_first() -> Select<regulations::Entity> {
    regulations::Entity::find()
        .order_by_desc(regulations::Column::PublishedAt)
        .order_by_desc(regulations::Column::Id)
}

type AcceptanceRow = (Uuid, Moment, String);

/// The latest first.
fn accepted(account: AccountId) -> sea_orm::Selector<sea_orm::SelectGetableTuple<AcceptanceRow>> {
    regulations_acceptance::Entity::find()
        .select_only()
        .column(regulations_acceptance::Column::RegulationsId)
        .column(regulations_acceptance::Column::AcceptedAt)
        .inner_join(regulations::Entity)
        .column(regulations::Column::Version)
        .filter(regulations_acceptance::Column::AccountId.eq(account.uuid()))
        .order_by_desc(regulations_acceptance::Column::AcceptedAt)
        .order_by_desc(regulations::Column::PublishedAt)
        .into_tuple()
}

fn read_acceptance((regulations, accepted_at, version): AcceptanceRow) -> Acceptance {
    Acceptance { regulations: regulations.into(), version: Version::from_stored(version), accepted_at }
}

type EditionRow = (Uuid, String, Moment);

fn without_words(
    query: Select<regulations::Entity>,
) -> sea_orm::Selector<sea_orm::SelectGetableTuple<EditionRow>> {
    query
        .select_only()
        .column(regulations::Column::Id)
        .column(regulations::Column::Version)
        .column(regulations::Column::PublishedAt)
        .into_tuple()
}

fn read_edition((id, version, published_at): EditionRow) -> Edition {
    Edition { id: id.into(), version: Version::from_stored(version), published_at }
}

fn read(row: regulations::Model) -> Regulations {
    Regulations {
        edition: read_edition((row.id, row.version, row.published_at)),
        polish: row.text_pl,
        english: row.text_en,
    }
}
