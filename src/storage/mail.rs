//! Mail on its way: written in the transaction of what it tells of.

use sea_orm::prelude::*;
use sea_orm::{ActiveValue::Set, ConnectionTrait};

use super::entity::mail;
use crate::domain::clock::Moment;
use crate::domain::ids::{MailId, TypedId};

/// A message that waits; its recipient and facts are sealed.
#[derive(Debug)]
pub struct NewMail {
    pub id: MailId,
    pub kind: &'static str,
    pub about: Uuid,
    pub sealed: String,
    pub created_at: Moment,
}

pub async fn enqueue(connection: &impl ConnectionTrait, new: NewMail) -> Result<(), DbErr> {
    mail::Entity::insert(mail::ActiveModel {
        id: Set(new.id.uuid()),
        kind: Set(new.kind.to_owned()),
        about: Set(Some(new.about)),
        sealed: Set(new.sealed),
        created_at: Set(new.created_at),
        attempts: Set(0),
        next_attempt_at: Set(new.created_at),
        leased_until: Set(None),
        sent_at: Set(None),
        given_up_at: Set(None),
        last_error: Set(None),
    })
    .exec_without_returning(connection)
    .await
    .map(|_| ())
}
