//! Accounts that act for an applicant's contractors already: whose they are, and that their owners hear of another one.

use sea_orm::{ConnectionTrait, DbErr};

use super::context::Office;
use super::helping::tell_owner;
use crate::domain::account::{Account, AccountState};
use crate::domain::application::Particulars;
use crate::domain::clock::Moment;
use crate::domain::ids::ContractorId;
use crate::domain::mail::Message;
use crate::domain::one_account::{Somebody, is_same_person};
use crate::storage::{duplicates, register};

/// Somebody has it, and acts for a contractor for whom the applicant is to act.
#[derive(Debug, Clone)]
pub struct ExistingAccount {
    pub account: Account,
    /// The applicant's own, as far as one can tell: one person has one account.
    pub is_applicants: bool,
}

/// The contractors that an application is about: those that a clerk chose, and the one of the number that was given.
pub(super) async fn contractors_meant(
    connection: &impl ConnectionTrait,
    particulars: &Particulars,
    chosen: &[ContractorId],
) -> Result<Vec<ContractorId>, DbErr> {
    let mut meant = chosen.to_vec();
    if let Some(number) = &particulars.contractor_number {
        let numbered = register::contractors_numbered(connection, &[number.as_str()]).await?;
        meant.extend(numbered.into_iter().map(|contractor| contractor.id));
    }
    meant.sort_unstable();
    meant.dedup();
    Ok(meant)
}

/// Who acts for these contractors already. Erased accounts are nobody's; a closed one is still its owner's, and is
/// opened again by a new letter.
pub(super) async fn existing_accounts(
    connection: &impl ConnectionTrait,
    particulars: &Particulars,
    meant: &[ContractorId],
) -> Result<Vec<ExistingAccount>, DbErr> {
    let applicant = Somebody {
        given_name: &particulars.given_name,
        family_name: &particulars.family_name,
        organisation_name: particulars.organisation_name.as_deref(),
        contractors: meant,
    };
    let acting = duplicates::acting_for(connection, meant).await?;
    let existing = acting.into_iter().map(|(account, contractors)| {
        let owner = Somebody {
            given_name: &account.profile.given_name,
            family_name: &account.profile.family_name,
            organisation_name: account.profile.organisation_name.as_deref(),
            contractors: &contractors,
        };
        ExistingAccount { is_applicants: is_same_person(applicant, owner), account }
    });
    Ok(existing.collect())
}

impl Office {
    /// Another account acts for their contractor from now on: owners hear of it, whoever it is, since whoever takes a
    /// slightly different name for somebody else's contractor would be noticed by nobody else.
    pub(super) async fn tell_owners_of_another_account(
        &self,
        transaction: &impl ConnectionTrait,
        existing: &[ExistingAccount],
        now: Moment,
    ) -> Result<(), DbErr> {
        // Who closed their account has nothing to do with the contractor any more, unless this is done in their name.
        let concerned = existing
            .iter()
            .filter(|existing| existing.is_applicants || existing.account.state != AccountState::Closed);
        for ExistingAccount { account, .. } in concerned {
            tell_owner(self, transaction, account, now, |office| Message::AnotherAccount { office }).await?;
        }
        Ok(())
    }
}
