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

/// A limit that is passed.
#[derive(Debug, Clone, Copy)]
pub(super) struct Passed {
    /// From when on it is worth trying again.
    pub until: Moment,
    /// Is this the first one in its window that is too many? Of a flood that one is written down.
    pub is_first: bool,
}

/// Counts one more. `None` if the limit is not passed.
pub(super) async fn count(
    transaction: &impl ConnectionTrait,
    key: &PseudonymKey,
    limit: Limit,
    subject: &str,
    now: Moment,
) -> Result<Option<Passed>, DbErr> {
    let Some(most) = limit.most else {
        return Ok(None);
    };
    let window =
        now.duration_trunc(limit.within).map_err(|error| DbErr::Custom(format!("flood window: {error}")))?;
    let counted = floods::count(transaction, limit.kind, &key.of(&[limit.kind, subject]), window).await?;
    let over = i64::from(counted) - i64::from(most);
    Ok((over > 0).then(|| Passed { until: window + limit.within, is_first: over == 1 }))
}
