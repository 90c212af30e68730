//! What one person did alone (an office of one): a supervisor looks through it afterwards.

use sea_orm::DbErr;

use super::context::Office;
use super::printing::name_in;
use crate::domain::audit::{Action, Actor, AuditRecord, Origin};
use crate::domain::clock::Moment;
use crate::domain::ids::CredentialLetterId;
use crate::domain::staff::StaffMember;
use crate::storage::letter_queue::{self, Addressee};

const SHOWN: u64 = 300;

/// A letter that one person printed and handed over.
#[derive(Debug)]
pub struct HandledAlone {
    pub id: CredentialLetterId,
    /// Ungrouped.
    pub serial: String,
    pub addressee: Addressee,
    pub by: String,
    pub printed_at: Moment,
    pub collected_at: Moment,
    /// Did whoever looks do it themselves? Then somebody else has to look.
    pub is_own: bool,
}

impl Office {
    /// Oldest first. Letters of offices that work by two persons are never among them.
    pub async fn handled_alone(&self, member: &StaffMember) -> Result<Vec<HandledAlone>, DbErr> {
        let connection = self.database.read();
        let queued = letter_queue::handled_alone(connection, SHOWN).await?;
        let names =
            letter_queue::names_of(connection, queued.iter().filter_map(|queued| queued.letter.collected_by))
                .await?;
        Ok(queued
            .into_iter()
            .map(|queued| HandledAlone {
                id: queued.letter.id,
                by: name_in(&names, queued.letter.collected_by),
                is_own: queued.letter.collected_by == Some(member.account),
                printed_at: queued.letter.printed_at,
                collected_at: queued.letter.collected_at.unwrap_or(queued.letter.printed_at),
                serial: queued.letter.serial,
                addressee: queued.addressee,
            })
            .collect())
    }

    /// Records that a supervisor looked. Returns whether the letter still waited for that.
    pub async fn review_letter(
        &self,
        member: &StaffMember,
        letter: CredentialLetterId,
        origin: &Origin,
    ) -> Result<bool, DbErr> {
        let transaction = self.database.begin().await?;
        let now = self.ambient.now();
        let Some(account) = letter_queue::review(&transaction, letter, member.account, now).await? else {
            transaction.rollback().await?;
            return Ok(false);
        };
        let record = AuditRecord::new(Action::LetterReviewed, Actor::Staff(member.account))
            .about(account)
            .from(origin);
        self.journal.record(&transaction, &record).await?;
        transaction.commit().await?;
        Ok(true)
    }
}
