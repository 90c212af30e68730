//! Limits of sources: how often strangers behind one address, or in one neighbourhood of addresses, may be wrong.
//!
//! Failures and successes have a bucket each. Whoever tries takes a token of both failure buckets before the verdict, and
//! gets it back for being right; so a crowd of people who are right passes, and a success clears nothing that somebody
//! else has used up. Devices that are trusted are never asked (`Whose::is_limited_by_source`).
//!
//! An account's budget and a source's buckets are never held together: a bucket is one short transaction of its own before
//! the verdict, and the last rows of the one that settles.

use chrono::TimeDelta;
use sea_orm::{DatabaseTransaction, DbErr};
use uuid::Uuid;

use super::lockout::Whose;
use crate::crypto::pseudonyms::PseudonymKey;
use crate::domain::audit::Origin;
use crate::domain::clock::Moment;
use crate::domain::network::{neighbourhood_of, own_address_of};
use crate::domain::token_bucket::BucketSize;
use crate::storage::database::Database;
use crate::storage::source_buckets;

/// Refusals of one source are recorded at most so often.
const RECORDED_EVERY: TimeDelta = TimeDelta::minutes(15);

/// How much one address may do; its neighbourhood may do so many times as much.
#[derive(Debug, Clone, Copy)]
pub struct SourceRules {
    /// `None`: no limit.
    pub failures: Option<BucketSize>,
    pub successes: Option<BucketSize>,
    pub neighbourhood: u32,
}

#[derive(Debug)]
pub struct Sources {
    rules: SourceRules,
    key: PseudonymKey,
}

/// A token of each of a source's failure buckets. Not given back, it counts as a failure.
#[derive(Debug)]
#[must_use = "a token that is not given back counts as a failure of everybody behind that address"]
pub(super) struct SourceToken {
    failures: Vec<Bucket>,
    successes: Vec<Bucket>,
}

#[derive(Debug)]
pub(super) enum SourceAnswer {
    /// Go on.
    Passed(SourceToken),
    /// Nothing was taken. Is this refusal to be recorded, or was one a moment ago?
    Refused { to_be_recorded: bool },
}

#[derive(Debug, Clone, Copy)]
struct Bucket {
    id: Uuid,
    size: BucketSize,
}

impl Sources {
    pub fn new(rules: SourceRules, key: PseudonymKey) -> Self {
        Self { rules, key }
    }

    /// Takes a token of the source's failures, if the attempt is one that sources limit.
    pub(super) async fn take(
        &self,
        database: &Database,
        whose: Whose,
        origin: &Origin,
        now: Moment,
    ) -> Result<SourceAnswer, DbErr> {
        let token = if whose.is_limited_by_source() {
            SourceToken {
                failures: self.buckets("sign_in.failures", self.rules.failures, origin),
                successes: self.buckets("sign_in.successes", self.rules.successes, origin),
            }
        } else {
            SourceToken { failures: Vec::new(), successes: Vec::new() }
        };
        if token.failures.is_empty() && token.successes.is_empty() {
            return Ok(SourceAnswer::Passed(token));
        }
        let transaction = database.begin().await?;
        let Some(empty) = first_empty(&transaction, &token, now).await? else {
            transaction.commit().await?;
            return Ok(SourceAnswer::Passed(token));
        };
        // What the other buckets gave.
        transaction.rollback().await?;
        let transaction = database.begin().await?;
        let to_be_recorded =
            source_buckets::record_refusal(&transaction, empty.id, now - RECORDED_EVERY, now).await?;
        transaction.commit().await?;
        Ok(SourceAnswer::Refused { to_be_recorded })
    }

    /// Nothing was compared: the token comes back.
    pub(super) async fn give_back(
        &self,
        transaction: &DatabaseTransaction,
        token: &SourceToken,
    ) -> Result<(), DbErr> {
        for bucket in &token.failures {
            source_buckets::give_back(transaction, bucket.id, bucket.size).await?;
        }
        Ok(())
    }

    /// The guess was right: the token comes back, and one success is counted. Call it last: a crowd meets at these rows.
    pub(super) async fn succeed(
        &self,
        transaction: &DatabaseTransaction,
        token: &SourceToken,
        now: Moment,
    ) -> Result<(), DbErr> {
        self.give_back(transaction, token).await?;
        for bucket in &token.successes {
            source_buckets::drain(transaction, bucket.id, bucket.size, now).await?;
        }
        Ok(())
    }

    /// Narrow before wide, always: whoever locks two of them locks them in this order.
    fn buckets(&self, kind: &str, size: Option<BucketSize>, origin: &Origin) -> Vec<Bucket> {
        let Some(size) = size else { return Vec::new() };
        let own = self.key.uuid(&[kind, "address", &own_address_of(origin.address)]);
        let wide = self.key.uuid(&[kind, "neighbourhood", &neighbourhood_of(origin.address)]);
        vec![Bucket { id: own, size }, Bucket { id: wide, size: size.times(self.rules.neighbourhood) }]
    }
}

/// Takes from the failure buckets, and looks into those of successes. The first that has nothing left, if one has.
async fn first_empty<'a>(
    transaction: &DatabaseTransaction,
    token: &'a SourceToken,
    now: Moment,
) -> Result<Option<&'a Bucket>, DbErr> {
    for bucket in &token.failures {
        if !source_buckets::take(transaction, bucket.id, bucket.size, now).await? {
            return Ok(Some(bucket));
        }
    }
    for bucket in &token.successes {
        if !source_buckets::has_token(transaction, bucket.id, bucket.size, now).await? {
            return Ok(Some(bucket));
        }
    }
    Ok(None)
}
