//! Limits against floods of clients, where anybody may register.
//!
//! Windows are fixed, so that a count is one statement. What is counted is an HMAC: the counters name nobody.

use chrono::{DurationRound as _, TimeDelta};

use super::dynamic::Refusal;
use crate::domain::audit::Origin;
use crate::domain::client::RegistrationMode;
use crate::domain::network::network_of;
use crate::oidc::error::Failure;
use crate::oidc::provider::Provider;
use crate::storage::{clients, floods};

/// Permanent: a part of the counter's key.
const KIND: &str = "client_registration";
const WINDOW: TimeDelta = TimeDelta::hours(1);

impl Provider {
    /// Counts one more request of this source, before anything is read or fetched for it. Committed by itself: a request
    /// that is refused later cost something, too.
    ///
    /// # Errors
    /// [`Refusal::TooMany`], with the time until the next window.
    pub(super) async fn count_registration(&self, origin: &Origin) -> Result<(), Refusal> {
        let rules = &self.registration;
        let (RegistrationMode::Open, Some(most)) = (rules.mode, rules.per_source_per_hour) else {
            return Ok(());
        };
        let now = self.ambient.now();
        let window = now.duration_trunc(WINDOW).map_err(Failure::internal)?;
        let source = rules.sources.of(&[KIND, &network_of(origin.address)]);
        let transaction = self.database.begin().await?;
        let counted = floods::count(&transaction, KIND, &source, window).await?;
        transaction.commit().await?;
        if u32::try_from(counted).is_ok_and(|counted| counted > most) {
            return Err(Refusal::TooMany { retry_after: window + WINDOW - now });
        }
        Ok(())
    }

    /// Are there too many already that nobody ever used? Two that register at once may both be let in by it: it is a
    /// dam, not a count.
    ///
    /// # Errors
    /// [`Refusal::TooMany`]; it ends when some of them are used or removed.
    pub(super) async fn check_room_for_one_more(&self) -> Result<(), Refusal> {
        let rules = &self.registration;
        if rules.mode == RegistrationMode::Open
            && clients::count_never_used(self.database.read()).await? >= u64::from(rules.never_used)
        {
            return Err(Refusal::TooMany { retry_after: WINDOW });
        }
        Ok(())
    }
}
