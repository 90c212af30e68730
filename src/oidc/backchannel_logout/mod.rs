//! Clients are told that a session ended (OpenID Connect Back-Channel Logout 1.0): at least once, and once as far as
//! that can be had.
//!
//! The news waits in the database since the session's end was committed. It is leased, sent, and marked; killed between
//! the last two, it is sent again when its lease runs out. Every client is told by a task of its own, so that one that
//! is slow holds up nobody else.

mod logout_token;

use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};

use chrono::TimeDelta;
use reqwest::StatusCode;
use sea_orm::DbErr;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::provider::Provider;
use crate::domain::audit::{Action, Actor, AuditRecord};
use crate::domain::client::Client;
use crate::domain::ids::LogoutNoticeId;
use crate::domain::logout_notice;
use crate::storage::logout_notices::{AfterFailure, LeasedNotice};
use crate::storage::{clients, logout_notices as stored};

/// What one client is sent at the same time.
const AT_ONCE: u64 = 4;

/// Beside the request itself: what the two transactions around it may take.
const LEASE_MARGIN: TimeDelta = TimeDelta::seconds(5);

/// An error of the list that staff see, in characters.
const ERROR: usize = 300;

/// Tells clients. One for each process; cheap to clone.
#[derive(Debug, Clone)]
pub struct BackchannelLogout {
    provider: Arc<Provider>,
    /// The clients that are being told at this moment.
    busy: Arc<Mutex<HashSet<String>>>,
}

/// A client's place among the busy ones. Given back when it is dropped, also by a panic.
struct Turn {
    busy: Arc<Mutex<HashSet<String>>>,
    client_id: String,
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.busy.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.client_id);
    }
}

/// What came of one piece of news.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    Delivered,
    /// Put off, or given up.
    Failed,
}

/// Why the client was not told.
struct Failed {
    error: String,
    /// The client itself said that it will not have it (§2.8: 400).
    refused: bool,
    /// There is nobody to tell any more.
    for_good: bool,
}

impl Failed {
    fn for_now(error: impl std::fmt::Display) -> Self {
        Self { error: error.to_string(), refused: false, for_good: false }
    }
}

impl BackchannelLogout {
    pub fn new(provider: Arc<Provider>) -> Self {
        Self { provider, busy: Arc::default() }
    }

    /// Begins to tell every client for whom something is due, unless it is being told already. Does not wait for them:
    /// each is told in `tasks`, until there is nothing left, it does not answer, or everything stops.
    ///
    /// # Errors
    /// If the database does not answer.
    pub async fn begin(&self, tasks: &TaskTracker, stop: &CancellationToken) -> Result<(), DbErr> {
        let provider = &self.provider;
        for client_id in stored::clients_due(provider.database.read(), provider.ambient.now()).await? {
            let Some(turn) = self.take_turn(client_id) else { continue };
            let (this, stop) = (self.clone(), stop.clone());
            tasks.spawn(async move {
                if let Err(error) = this.tell(&turn.client_id, &stop).await {
                    tracing::warn!(client = turn.client_id, %error, "a client could not be told of sign-outs");
                }
            });
        }
        Ok(())
    }

    fn take_turn(&self, client_id: String) -> Option<Turn> {
        let mut busy = self.busy.lock().unwrap_or_else(PoisonError::into_inner);
        busy.insert(client_id.clone()).then(|| Turn { busy: Arc::clone(&self.busy), client_id })
    }

    /// Tells one client everything that is due, a few pieces at a time. Ends at the first failure: whoever does not
    /// answer one would not answer the next either, and would be knocked at once a timeout for each.
    async fn tell(&self, client_id: &str, stop: &CancellationToken) -> Result<(), DbErr> {
        let provider = &self.provider;
        while !stop.is_cancelled() {
            let now = provider.ambient.now();
            let due = stored::due_for(provider.database.read(), client_id, now, AT_ONCE).await?;
            let Some(client) = clients::find(provider.database.read(), client_id).await? else {
                return Ok(());
            };
            let client = Arc::new(client);
            let mut telling = JoinSet::new();
            for id in due {
                if let Some(leased) = self.lease(id).await? {
                    let (this, client) = (self.clone(), Arc::clone(&client));
                    telling.spawn(async move { this.deliver(&client, &leased).await });
                }
            }
            // Nothing left, or another replica has taken it all.
            if telling.is_empty() {
                return Ok(());
            }
            // All of them to their end: one that is dropped half-way would be delivered again.
            let outcomes = telling.join_all().await;
            if outcomes.into_iter().collect::<Result<Vec<_>, _>>()?.contains(&Outcome::Failed) {
                return Ok(());
            }
        }
        Ok(())
    }

    async fn lease(&self, id: LogoutNoticeId) -> Result<Option<LeasedNotice>, DbErr> {
        let provider = &self.provider;
        // Longer than sending may take: nobody else begins while we are still at it.
        let sending = TimeDelta::from_std(provider.outbound.timeout()).unwrap_or(TimeDelta::minutes(1));
        let now = provider.ambient.now();
        let transaction = provider.database.begin().await?;
        let leased = stored::lease(&transaction, id, now, now + sending + LEASE_MARGIN).await?;
        transaction.commit().await?;
        Ok(leased)
    }

    async fn deliver(&self, client: &Client, leased: &LeasedNotice) -> Result<Outcome, DbErr> {
        match self.send(client, leased).await {
            Ok(()) => {
                let transaction = self.provider.database.begin().await?;
                stored::mark_delivered(&transaction, leased.id, self.provider.ambient.now()).await?;
                transaction.commit().await?;
                Ok(Outcome::Delivered)
            }
            Err(failed) => {
                self.count_failure(leased, &failed).await?;
                Ok(Outcome::Failed)
            }
        }
    }

    /// The logout request (§2.5), and what the answer means (§2.8).
    async fn send(&self, client: &Client, leased: &LeasedNotice) -> Result<(), Failed> {
        let Some(address) = &client.metadata.backchannel_logout_uri else {
            let error = "the client does not want to be told any more".to_owned();
            return Err(Failed { error, refused: false, for_good: true });
        };
        let token = self.provider.logout_token(client, leased).await.map_err(|failure| {
            tracing::error!(client = client.id, ?failure, "a logout token could not be made");
            Failed::for_now("the logout token could not be made")
        })?;
        match self.provider.outbound.post_form(address, &[("logout_token", &token)]).await {
            // Frameworks answer 204 where there is no body.
            Ok(StatusCode::OK | StatusCode::NO_CONTENT) => Ok(()),
            Ok(status) => Err(Failed {
                error: format!("the answer was {status}"),
                refused: status == StatusCode::BAD_REQUEST,
                for_good: false,
            }),
            Err(error) => Err(Failed::for_now(error)),
        }
    }

    async fn count_failure(&self, leased: &LeasedNotice, failed: &Failed) -> Result<(), DbErr> {
        let Provider { ambient, database, journal, .. } = &*self.provider;
        let now = ambient.now();
        let attempts = leased.attempts + 1;
        let next = (!failed.for_good)
            .then(|| logout_notice::next_try(attempts, failed.refused, now, leased.try_until))
            .flatten();
        let after = next.map_or(AfterFailure::GiveUp(now), AfterFailure::TryAgainAt);
        let error = cut(&failed.error);
        let transaction = database.begin().await?;
        let counted = stored::failed(&transaction, leased, after, error).await?;
        if counted && next.is_none() {
            tracing::warn!(client = leased.client_id, attempts, error, "a client was not told of a sign-out");
            let record = AuditRecord::new(Action::LogoutNoticeGivenUp, Actor::Clock)
                .about(leased.account)
                .client(&leased.client_id);
            journal.record(&transaction, &record).await?;
            let event = serde_json::json!({"notice": leased.id.to_string(), "client": leased.client_id});
            journal.announce(&transaction, "logout_notice.given_up", event).await?;
        } else if counted {
            tracing::info!(
                client = leased.client_id,
                attempts,
                error,
                "a client was not told of a sign-out yet"
            );
        }
        transaction.commit().await
    }
}

fn cut(error: &str) -> &str {
    error.char_indices().nth(ERROR).map_or(error, |(end, _)| error.get(..end).unwrap_or(error))
}
