//! How a suspended account is opened again. Where its owner blocked it by the link of an e-mail, what opened it was in
//! other hands, and opens nothing any more: a new letter does.

use sea_orm::DbErr;

use super::helping::{Case, HelpRefusal, Step};
use super::{context::Office, voiding};
use crate::accounts::owner;
use crate::domain::account::{Account, AccountEvent, SuspensionCause};
use crate::domain::audit::Action;
use crate::domain::mail::Message;
use crate::storage::{accounts, letter_orders, letters};

impl Office {
    pub(super) async fn resume(&self, case: &Case<'_>) -> Step {
        let Some(standing) = accounts::standing(case.transaction, case.account.id).await? else {
            return Ok(Err(HelpRefusal::NotNow));
        };
        let was_not_them = standing.suspended_by == Some(SuspensionCause::OwnersLink);
        let resumed =
            AccountEvent::Resumed { has_chosen_password: standing.has_chosen_password && !was_not_them };
        let Ok(becomes) = case.account.state.after(resumed) else {
            return Ok(Err(HelpRefusal::NotNow));
        };
        if !accounts::resume(case.transaction, case.account.id, becomes, case.now).await? {
            return Ok(Err(HelpRefusal::NotNow));
        }
        let outcome = if was_not_them { "new_letter_needed" } else { "by_office" };
        let record = case.record(Action::AccountResumed).outcome(outcome);
        self.journal.record(case.transaction, &record).await?;
        let event = serde_json::json!({"account": case.account.id.to_string()});
        self.journal.announce(case.transaction, "account.resumed", event).await?;
        let new_letter = if was_not_them {
            self.take_back_what_opened_it(case).await?;
            let account = Account { state: becomes, ..case.account.clone() };
            if letter_orders::open_of(case.transaction, account.id).await?.is_none() {
                self.insert_order(case, &account, standing.was_ever_active).await?;
            }
            let office = owner::office_notice(case.transaction, &self.calendar, account.office, case.now);
            Some(office.await?)
        } else {
            None
        };
        owner::tell(&self.journal, case.transaction, case.account, Message::AccountResumed { new_letter })
            .await?;
        Ok(Ok(()))
    }

    /// Whoever came in may have chosen the password, and read what else stands in the letter. A letter that lies at the
    /// office was in nobody's hands, and stays.
    async fn take_back_what_opened_it(&self, case: &Case<'_>) -> Result<(), DbErr> {
        let Case { transaction, account, origin, now, .. } = *case;
        accounts::forget_password(transaction, account.id, now).await?;
        accounts::forget_initial_password(transaction, account.id, now).await?;
        for letter in letters::live_of(transaction, account.id).await? {
            if letter.collected_at.is_some() || letter.order.is_none() {
                let (why, by) = (SuspensionCause::OwnersLink.as_str(), case.actor());
                voiding::void(&self.journal, transaction, &letter, why, by, now, origin).await?;
            }
        }
        Ok(())
    }
}
