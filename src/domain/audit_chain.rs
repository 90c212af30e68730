//! The chain that makes audit records checkable: what exactly of a record is hashed, and how one hash follows another.
//!
//! A record is hashed as it is stored, its personal part still sealed. So the chain holds after the key of a person was
//! destroyed. Places are given out when records are chained, not when they are written: of two transactions, the one that
//! began first may commit last.

use std::fmt;
use std::str::FromStr;

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use sha2::{Digest as _, Sha256};

use super::clock::Moment;
use super::ids::{AccountId, AuditId, SessionId, TypedId as _};

/// What is hashed begins with this, so that a hash of ours is no hash of anything else, nor of another version.
const DOMAIN: &[u8] = b"iok-id audit chain 1";

/// An audit record with all its columns, as it is stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeptRecord {
    pub id: AuditId,
    #[serde(with = "exact")]
    pub at: Moment,
    pub action: String,
    pub actor_kind: String,
    pub actor_id: Option<String>,
    pub account: Option<AccountId>,
    pub session: Option<SessionId>,
    pub client: Option<String>,
    pub outcome: Option<String>,
    /// Still sealed.
    pub personal: Option<String>,
}

impl KeptRecord {
    /// The record as bytes. Two records that differ in anything differ here: every column says whether it is there and
    /// how long it is.
    pub fn canonical(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(256);
        put(&mut bytes, Some(self.id.uuid().as_bytes()));
        put(&mut bytes, Some(&self.at.timestamp_micros().to_be_bytes()));
        put(&mut bytes, Some(self.action.as_bytes()));
        put(&mut bytes, Some(self.actor_kind.as_bytes()));
        put(&mut bytes, self.actor_id.as_deref().map(str::as_bytes));
        put(&mut bytes, self.account.map(AccountId::uuid).as_ref().map(|id| id.as_bytes().as_slice()));
        put(&mut bytes, self.session.map(SessionId::uuid).as_ref().map(|id| id.as_bytes().as_slice()));
        put(&mut bytes, self.client.as_deref().map(str::as_bytes));
        put(&mut bytes, self.outcome.as_deref().map(str::as_bytes));
        put(&mut bytes, self.personal.as_deref().map(str::as_bytes));
        bytes
    }
}

fn put(bytes: &mut Vec<u8>, column: Option<&[u8]>) {
    match column {
        None => bytes.push(0),
        Some(column) => {
            bytes.push(1);
            bytes.extend_from_slice(&(column.len() as u64).to_be_bytes());
            bytes.extend_from_slice(column);
        }
    }
}

/// A hash in the chain: of a record, its place, and all that came before. As text: base64url, 43 characters.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct ChainHash([u8; 32]);

impl ChainHash {
    /// Before the first record.
    pub const GENESIS: Self = Self([0; 32]);

    /// A SHA-256 that was made elsewhere.
    pub const fn of(digest: [u8; 32]) -> Self {
        Self(digest)
    }

    /// The hash of the record at this place, after that one.
    #[must_use]
    pub fn then(self, seq: u64, record: &KeptRecord) -> Self {
        let mut hash = Sha256::new();
        hash.update(DOMAIN);
        hash.update(seq.to_be_bytes());
        hash.update(self.0);
        hash.update(record.canonical());
        Self(hash.finalize().into())
    }
}

/// Not what anybody could have written as the hash of a place in a chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a hash is 32 bytes in base64url (43 characters)")]
pub struct NotAHash;

impl FromStr for ChainHash {
    type Err = NotAHash;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(text).map_err(|_| NotAHash)?;
        Ok(Self(bytes.try_into().map_err(|_| NotAHash)?))
    }
}

impl fmt::Display for ChainHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&BASE64_URL_SAFE_NO_PAD.encode(self.0))
    }
}

impl fmt::Debug for ChainHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ChainHash({self})")
    }
}

impl Serialize for ChainHash {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for ChainHash {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

/// How far a chain goes: after the record at this place it is this hash. Place 0 is before the first record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    pub seq: u64,
    pub hash: ChainHash,
}

impl Place {
    pub const GENESIS: Self = Self { seq: 0, hash: ChainHash::GENESIS };

    /// Where the chain is after this record.
    #[must_use]
    pub fn then(self, record: &KeptRecord) -> Self {
        let seq = self.seq + 1;
        Self { seq, hash: self.hash.then(seq, record) }
    }
}

/// `340:mBq…`: as it stands on paper.
impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.seq, self.hash)
    }
}

impl FromStr for Place {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        const WANTED: &str = "wanted is NUMBER:HASH, as a checkpoint's line has it";
        let (seq, hash) = text.trim().split_once(':').ok_or(WANTED)?;
        Ok(Self { seq: seq.parse().map_err(|_| WANTED)?, hash: hash.parse().map_err(|_| WANTED)? })
    }
}

/// A moment in JSON, in one way only and to the microsecond.
pub mod exact {
    use chrono::{SecondsFormat, Timelike as _};
    use serde::de::Error as _;
    use serde::{Deserialize as _, Deserializer, Serializer};

    use crate::domain::clock::Moment;

    pub fn serialize<S: Serializer>(moment: &Moment, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&moment.to_rfc3339_opts(SecondsFormat::Micros, true))
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Moment, D::Error> {
        let text = String::deserialize(deserializer)?;
        let moment: Moment = text.parse().map_err(D::Error::custom)?;
        // A leap second would be hashed as the second after it.
        if moment.nanosecond() >= 1_000_000_000 || !moment.nanosecond().is_multiple_of(1_000) {
            return Err(D::Error::custom("a moment that is no whole microsecond"));
        }
        Ok(moment)
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use proptest::option;
    use proptest::prelude::{Strategy, any};
    use proptest::{prop_assert_eq, proptest};
    use uuid::Uuid;

    use super::*;
    use crate::arbitrary::text;

    fn record() -> impl Strategy<Value = KeptRecord> {
        let id = || any::<u128>().prop_map(Uuid::from_u128);
        let words = || option::of(text());
        // Whole seconds from 1900 to 2200, and their microseconds.
        let at = (-2_208_988_800_i64..7_258_118_400, 0..1_000_000_u32).prop_map(|(seconds, micros)| {
            DateTime::from_timestamp(seconds, micros * 1_000).expect("a moment")
        });
        let ids = (id(), option::of(id()), option::of(id()));
        (ids, at, (text(), text()), (words(), words(), words(), words())).prop_map(
            |((id, account, session), at, (action, actor_kind), (actor_id, client, outcome, personal))| {
                let (id, account, session) = (id.into(), account.map(Into::into), session.map(Into::into));
                KeptRecord {
                    id,
                    at,
                    action,
                    actor_kind,
                    actor_id,
                    account,
                    session,
                    client,
                    outcome,
                    personal,
                }
            },
        )
    }

    /// Reads what [`KeptRecord::canonical`] wrote: whatever reads back was written in one way only.
    fn read_back(mut bytes: &[u8]) -> Option<KeptRecord> {
        let mut column = || -> Option<Option<Vec<u8>>> {
            let (there, rest) = bytes.split_first()?;
            if *there == 0 {
                bytes = rest;
                return Some(None);
            }
            let (length, rest) = rest.split_first_chunk::<8>()?;
            let (column, rest) = rest.split_at_checked(usize::try_from(u64::from_be_bytes(*length)).ok()?)?;
            bytes = rest;
            Some(Some(column.to_vec()))
        };
        let uuid = |bytes: Vec<u8>| Uuid::from_slice(&bytes).expect("an id");
        let words = |bytes: Vec<u8>| String::from_utf8(bytes).expect("text");
        let record = KeptRecord {
            id: uuid(column()??).into(),
            at: DateTime::from_timestamp_micros(i64::from_be_bytes(column()??.try_into().ok()?))?,
            action: words(column()??),
            actor_kind: words(column()??),
            actor_id: column()?.map(words),
            account: column()?.map(|bytes| uuid(bytes).into()),
            session: column()?.map(|bytes| uuid(bytes).into()),
            client: column()?.map(words),
            outcome: column()?.map(words),
            personal: column()?.map(words),
        };
        bytes.is_empty().then_some(record)
    }

    proptest! {
        #[test]
        fn what_is_hashed_is_the_whole_record_and_says_it_in_one_way(record in record()) {
            prop_assert_eq!(read_back(&record.canonical()), Some(record));
        }

        #[test]
        fn other_records_have_other_hashes(one in record(), other in record(), seq in 1..u64::MAX) {
            let genesis = ChainHash::GENESIS;
            prop_assert_eq!(genesis.then(seq, &one) == genesis.then(seq, &other), one == other);
            prop_assert_eq!(genesis.then(seq, &one), genesis.then(seq, &one));
            assert_ne!(genesis.then(seq, &one), genesis.then(seq - 1, &one));
            assert_ne!(genesis.then(seq, &one), genesis.then(seq, &other).then(seq, &one));
        }

        #[test]
        fn a_record_is_written_as_json_in_one_way(record in record()) {
            let text = serde_json::to_string(&record).expect("JSON");
            let read: KeptRecord = serde_json::from_str(&text).expect("a record");
            prop_assert_eq!(serde_json::to_string(&read).expect("JSON"), text);
            prop_assert_eq!(read, record);
        }

        #[test]
        fn places_are_read_as_they_are_written(seq: u64, record in record()) {
            let place = Place { seq, hash: ChainHash::GENESIS.then(seq, &record) };
            prop_assert_eq!(place.to_string().parse(), Ok(place));
        }
    }

    /// Whoever wrote a verifier of their own, or printed a hash, relies on this.
    #[test]
    fn version_1_is_what_it_was() {
        let record = KeptRecord {
            id: Uuid::from_u128(1).into(),
            at: DateTime::from_timestamp_micros(1_764_000_000_000_001).expect("a moment"),
            action: "sign_in.verdict".to_owned(),
            actor_kind: "visitor".to_owned(),
            actor_id: None,
            account: Some(Uuid::from_u128(2).into()),
            session: None,
            client: Some(String::new()),
            outcome: Some("wrong".to_owned()),
            personal: None,
        };
        assert_eq!(
            record.canonical().len(),
            1 + 8 + 16 + 9 + 8 + 9 + 15 + 9 + 7 + 1 + 9 + 16 + 1 + 9 + 9 + 5 + 1
        );
        let hash = ChainHash::GENESIS.then(1, &record).to_string();
        assert_eq!(hash, "8KtKD-UYP_-2vbWoLHZANEVKvGdkscU92CXwc0DhuLo");
    }

    #[test]
    fn a_moment_that_would_be_hashed_as_another_is_refused() {
        #[derive(Debug, Deserialize)]
        struct Timed(#[serde(with = "exact")] Moment);
        for (text, good) in [
            ("2026-11-22T10:00:00.000001Z", true),
            ("2026-11-22T10:00:00.0000011Z", false),
            ("2026-06-30T23:59:60Z", false),
            ("today", false),
        ] {
            let read = serde_json::from_value::<Timed>(serde_json::json!(text));
            assert_eq!(read.is_ok(), good, "{text}: {:?}", read.map(|timed| timed.0));
        }
    }
}
