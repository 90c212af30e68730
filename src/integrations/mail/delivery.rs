//! The rounds in which mail goes out: at least once, and once as far as that can be had.
//!
//! A message is leased, sent, and marked. Killed between the last two, it is sent again when its lease runs out, under
//! the same Message-ID. While the mail server cannot be used at all, nobody's tries are counted and nothing is given
//! up: one message a minute asks whether it is back.

use std::sync::Arc;

use chrono::TimeDelta;
use sea_orm::DbErr;
use tokio::sync::Mutex;
use tokio_util::sync::CancellationToken;

use super::compose::{ComposeError, Composer};
use super::transport::{MailServer, TransportError};
use crate::crypto::sealing::{SealingKey, purpose};
use crate::domain::ambient::Ambient;
use crate::domain::audit::{Action, Actor, AuditRecord};
use crate::domain::clock::Moment;
use crate::domain::ids::{AccountId, MailId};
use crate::domain::mail::Mail;
use crate::storage::database::Database;
use crate::storage::journal::Journal;
use crate::storage::mail::{self, AfterFailure, LeasedMail};

/// How many messages are looked up at a time.
const PAGE: u64 = 50;

/// How long a mail server that cannot be used is left alone.
const OUTAGE_PAUSE: TimeDelta = TimeDelta::minutes(1);

/// An error of the queue's list, in characters.
const ERROR: usize = 300;

/// How often a message is tried, and the pauses after each try.
#[derive(Debug, Clone)]
pub struct Schedule {
    pub attempts: u32,
    /// Never empty; the last one is for all further tries.
    pub pauses: Vec<TimeDelta>,
}

/// What a round came to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Round {
    pub sent: usize,
    /// Tried, and put off or given up.
    pub failed: usize,
    /// The mail server cannot be used: the rest waits.
    pub outage: bool,
}

/// Sends what waits. One for each process.
#[derive(Debug)]
pub struct Delivery {
    database: Database,
    ambient: Ambient,
    journal: Journal,
    sealing: Arc<SealingKey>,
    composer: Composer,
    server: MailServer,
    schedule: Schedule,
    /// Until when the mail server is left alone. Held for a whole round: in one process they take turns.
    outage_until: Mutex<Option<Moment>>,
}

/// What came of one message.
enum Outcome {
    Sent,
    Failed,
    Outage,
}

impl Delivery {
    pub fn new(
        database: Database,
        ambient: Ambient,
        journal: Journal,
        sealing: Arc<SealingKey>,
        composer: Composer,
        server: MailServer,
        schedule: Schedule,
    ) -> Self {
        Self {
            database,
            ambient,
            journal,
            sealing,
            composer,
            server,
            schedule,
            outage_until: Mutex::default(),
        }
    }

    /// Sends everything that is due, until told to stop; the message being sent at that moment is seen to its end.
    ///
    /// # Errors
    /// If the database does not answer. What was not marked is tried again.
    pub async fn round(&self, stop: &CancellationToken) -> Result<Round, DbErr> {
        let mut outage_until = self.outage_until.lock().await;
        let mut round = Round::default();
        if outage_until.is_some_and(|until| until > self.ambient.now()) {
            round.outage = true;
            return Ok(round);
        }
        loop {
            let due = mail::all_due(self.database.read(), self.ambient.now(), PAGE).await?;
            let before = round;
            for id in due {
                if stop.is_cancelled() {
                    return Ok(round);
                }
                let Some(leased) = self.lease(id).await? else { continue };
                match self.deliver(leased).await? {
                    Outcome::Sent => round.sent += 1,
                    Outcome::Failed => round.failed += 1,
                    Outcome::Outage => {
                        *outage_until = Some(self.ambient.now() + OUTAGE_PAUSE);
                        round.outage = true;
                        return Ok(round);
                    }
                }
            }
            if round == before {
                return Ok(round);
            }
        }
    }

    /// Closes the connections to the mail server.
    pub async fn close(&self) {
        self.server.close().await;
    }

    async fn lease(&self, id: MailId) -> Result<Option<LeasedMail>, DbErr> {
        // Twice the longest that sending may take: nobody else begins while we are still at it.
        let lease = TimeDelta::from_std(self.server.longest() * 2).unwrap_or(TimeDelta::hours(1));
        let now = self.ambient.now();
        let transaction = self.database.begin().await?;
        let leased = mail::lease(&transaction, id, now, now + lease).await?;
        transaction.commit().await?;
        Ok(leased)
    }

    async fn deliver(&self, leased: LeasedMail) -> Result<Outcome, DbErr> {
        let opened = self.sealing.open(purpose::MAIL, &leased.sealed).ok();
        let opened = opened.and_then(|plain| serde_json::from_slice::<Mail>(&plain).ok());
        let Some(opened) = opened else {
            self.give_up(&leased, "it does not open with this sealing key", "unreadable").await?;
            return Ok(Outcome::Failed);
        };
        let message = match self.composer.compose(leased.id, &opened, self.ambient.now()) {
            Ok(message) => message,
            Err(error @ ComposeError::Address) => {
                self.give_up(&leased, &error.to_string(), "no_such_address").await?;
                return Ok(Outcome::Failed);
            }
            Err(error) => return self.count_failure(&leased, &error.to_string()).await,
        };
        match self.server.send(&message).await {
            Ok(()) => self.mark_sent(&leased).await,
            Err(error @ TransportError::NoSuchMailbox(_)) => {
                self.give_up(&leased, &error.to_string(), "no_such_mailbox").await?;
                Ok(Outcome::Failed)
            }
            Err(error @ TransportError::NotNow(_)) => self.count_failure(&leased, &error.to_string()).await,
            Err(error @ TransportError::Server(_)) => {
                tracing::warn!(%error, "mail waits: the mail server cannot be used");
                self.put_off(&leased, leased.attempts, OUTAGE_PAUSE, &error.to_string()).await?;
                Ok(Outcome::Outage)
            }
        }
    }

    async fn mark_sent(&self, leased: &LeasedMail) -> Result<Outcome, DbErr> {
        let transaction = self.database.begin().await?;
        if mail::mark_sent(&transaction, leased.id, self.ambient.now()).await? {
            let event = serde_json::json!({"mail": leased.id.to_string(), "kind": leased.kind, "about": leased.about});
            self.journal.announce(&transaction, "mail.sent", event).await?;
        }
        transaction.commit().await?;
        Ok(Outcome::Sent)
    }

    /// One try less: the next one after a pause, or none.
    async fn count_failure(&self, leased: &LeasedMail, error: &str) -> Result<Outcome, DbErr> {
        let attempts = leased.attempts + 1;
        if attempts >= self.schedule.attempts {
            self.give_up(leased, error, "tries_used_up").await?;
        } else {
            tracing::info!(mail = %leased.id, kind = leased.kind, attempts, error, "a mail was not taken");
            self.put_off(leased, attempts, self.schedule.pause_after(attempts), error).await?;
        }
        Ok(Outcome::Failed)
    }

    async fn put_off(
        &self,
        leased: &LeasedMail,
        attempts: u32,
        pause: TimeDelta,
        error: &str,
    ) -> Result<(), DbErr> {
        let after = AfterFailure::TryAgainAt(self.ambient.now() + pause);
        let transaction = self.database.begin().await?;
        mail::failed(&transaction, leased, attempts, after, cut(error)).await?;
        transaction.commit().await
    }

    async fn give_up(&self, leased: &LeasedMail, error: &str, why: &'static str) -> Result<(), DbErr> {
        tracing::warn!(mail = %leased.id, kind = leased.kind, error, "a mail was given up");
        let after = AfterFailure::GiveUp(self.ambient.now());
        let transaction = self.database.begin().await?;
        if mail::failed(&transaction, leased, leased.attempts + 1, after, cut(error)).await? {
            let mut record = AuditRecord::new(Action::MailGivenUp, Actor::Clock).outcome(why);
            if let Some(about) = leased.about {
                record = record.about(AccountId::from(about));
            }
            self.journal.record(&transaction, &record).await?;
            let event = serde_json::json!({"mail": leased.id.to_string(), "kind": leased.kind, "about": leased.about});
            self.journal.announce(&transaction, "mail.given_up", event).await?;
        }
        transaction.commit().await
    }
}

impl Schedule {
    fn pause_after(&self, attempts: u32) -> TimeDelta {
        let step = usize::try_from(attempts.saturating_sub(1)).unwrap_or(usize::MAX);
        self.pauses.get(step).or(self.pauses.last()).copied().unwrap_or(OUTAGE_PAUSE)
    }
}

fn cut(error: &str) -> &str {
    error.char_indices().nth(ERROR).map_or(error, |(end, _)| error.get(..end).unwrap_or(error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_and_the_last_one_stays() {
        let schedule = Schedule { attempts: 10, pauses: vec![TimeDelta::minutes(1), TimeDelta::hours(24)] };
        let pauses: Vec<i64> = [1, 2, 3, 9].map(|n| schedule.pause_after(n).num_minutes()).to_vec();
        assert_eq!(pauses, [1, 1440, 1440, 1440]);
    }
}
