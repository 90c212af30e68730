//! Limits against floods: how often one source, or one address, may ask for something that costs somebody a letter.
//!
//! Windows are fixed, so that a count is one statement. What is counted is an HMAC: the counters name nobody.

use chrono::{DurationRound as _, TimeDelta};
use sea_orm::{ConnectionTrait, DbErr};

use crate::crypto::pseudonyms::PseudonymKey;
use crate::domain::clock::Moment;
pub(super) use crate::domain::network::network_of;
use crate::storage::floods;

/// One limit.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limit {
    /// Permanent: a part of the counter's key.
    pub kind: &'static str,
    /// `None`: as many as come.
    pub most: Option<u32>,
    pub within: TimeDelta,
}

/// Counts one more. Returns the moment from which it is worth trying again, if the limit is passed.
pub(super) async fn count(
    transaction: &impl ConnectionTrait,
    key: &PseudonymKey,
    limit: Limit,
    subject: &str,
    now: Moment,
) -> Result<Option<Moment>, DbErr> {
    let Some(most) = limit.most else {
        return Ok(None);
    };
    let window =
        now.duration_trunc(limit.within).map_err(|error| DbErr::Custom(format!("flood window: {error}")))?;
    let counted = floods::count(transaction, limit.kind, &key.of(&[limit.kind, subject]), window).await?;
    let is_over = u32::try_from(counted).is_ok_and(|counted| counted > most);
    Ok(is_over.then(|| window + limit.within))
}
