//! Guessing all over the place is noticed: one password over many logins, from many addresses, each too slow for any
//! budget. While it lasts, budgets of unknown devices are tightened; trusted devices, recoveries and second factors
//! are left as they are.
//!
//! The rule is `domain::guessing`; the counters are in the database, so that servers count together.

use chrono::{DurationRound as _, TimeDelta};
use sea_orm::{DatabaseTransaction, DbErr};
use uuid::Uuid;

use super::floods::{self, Limit};
use crate::crypto::pseudonyms::PseudonymKey;
use crate::domain::attempt_budget::BudgetRules;
use crate::domain::audit::{Action, Actor, AuditRecord, Origin};
use crate::domain::clock::Moment;
use crate::domain::guessing::{GuessingRules, TOLD_AGAIN_AFTER};
use crate::domain::ids::{AttemptId, TypedId as _};
use crate::domain::locale::Locale;
use crate::domain::mail::{Mail, Message};
use crate::domain::network::neighbourhood_of;
use crate::storage::guessing;
use crate::storage::journal::Journal;

/// An alarm that is on is prolonged at most so often: failures come by the hundred then, and there is one row.
const PROLONGED_EVERY: TimeDelta = TimeDelta::minutes(1);

#[derive(Debug)]
pub struct Guessing {
    rules: GuessingRules,
    /// Whom to write to. `None`: nobody; the log and the audit tell it.
    operator: Option<Operator>,
    journal: Journal,
    /// Names networks to their counters.
    networks: PseudonymKey,
}

/// Too many failures, in this span.
struct TooMany {
    failures: i64,
    within: TimeDelta,
}

/// Who keeps the server going.
#[derive(Debug, Clone)]
pub struct Operator {
    pub address: String,
    pub name: String,
}

impl Guessing {
    pub fn new(
        rules: GuessingRules,
        operator: Option<Operator>,
        journal: Journal,
        networks: PseudonymKey,
    ) -> Self {
        Self { rules, operator, journal, networks }
    }

    /// The rules of a stranger's budget as they are now.
    pub(super) async fn tighten(
        &self,
        transaction: &DatabaseTransaction,
        rules: BudgetRules,
        now: Moment,
    ) -> Result<BudgetRules, DbErr> {
        Ok(match guessing::alarmed_until(transaction, now).await? {
            Some(_) => rules.tightened(self.rules.failures, self.rules.window),
            None => rules,
        })
    }

    /// Counts a stranger's failure. Call it last: everybody's failures meet at these rows.
    ///
    /// Of one network no more are counted than its share: whoever guesses from one place is held off by that place's own
    /// limit, and must not keep everybody's budgets tight.
    pub(super) async fn count(
        &self,
        transaction: &DatabaseTransaction,
        failed: AttemptId,
        origin: &Origin,
        now: Moment,
    ) -> Result<(), DbErr> {
        // The last byte of a UUIDv7 is random.
        let any = failed.uuid().as_bytes()[15];
        let network = neighbourhood_of(origin.address);
        let windows = [
            (
                "sign_in.failures.minute",
                "sign_in.network_failures.minute",
                TimeDelta::minutes(1),
                self.rules.per_minute,
            ),
            (
                "sign_in.failures.hour",
                "sign_in.network_failures.hour",
                TimeDelta::hours(1),
                self.rules.per_hour,
            ),
        ];
        let mut too_many = None;
        for (kind, of_network, length, most) in windows {
            let Some(most) = most else { continue };
            let share = Limit { kind: of_network, most: self.rules.share_of_network(most), within: length };
            if floods::count(transaction, &self.networks, share, &network, now).await?.is_some() {
                continue;
            }
            let begins = now
                .duration_trunc(length)
                .map_err(|error| DbErr::Custom(format!("window of failures: {error}")))?;
            let counted = guessing::count(transaction, kind, any, begins, most).await?;
            if let Some(failures) = counted.filter(|failures| *failures > i64::from(most)) {
                too_many.get_or_insert(TooMany { failures, within: length });
            }
        }
        // Once, and after all counters: everybody locks in this order.
        match too_many {
            Some(too_many) => self.raise(transaction, too_many, now).await,
            None => Ok(()),
        }
    }

    async fn raise(
        &self,
        transaction: &DatabaseTransaction,
        TooMany { failures, within }: TooMany,
        now: Moment,
    ) -> Result<(), DbErr> {
        let until = now + self.rules.lasts;
        if !guessing::raise(transaction, until, now).await? {
            return guessing::prolong(transaction, until, until - PROLONGED_EVERY).await;
        }
        let record = AuditRecord::new(Action::GuessingNoticed, Actor::Visitor)
            .outcome(if within > PROLONGED_EVERY { "per_hour" } else { "per_minute" });
        self.journal.record(transaction, &record).await?;
        if !guessing::tell(transaction, now - TOLD_AGAIN_AFTER, now).await? {
            return Ok(());
        }
        let minutes = within.num_minutes();
        tracing::error!(
            failures,
            minutes,
            "somebody guesses passwords all over the place: budgets of unknown devices are tightened"
        );
        let Some(operator) = &self.operator else { return Ok(()) };
        let mail = Mail {
            to: operator.address.clone(),
            name: operator.name.clone(),
            locale: Locale::English,
            about: Uuid::nil(),
            message: Message::GuessingNoticed { failures, minutes, at: now },
        };
        self.journal.mail(transaction, &mail).await
    }
}
