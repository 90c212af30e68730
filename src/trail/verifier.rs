//! Walking along the chain, from a file or the database alike: what does not fit is noted, and the walk goes on, so that
//! all of it is told at once.

use std::cmp::Ordering;

use serde::Serialize;

use super::format::{CheckpointLine, KeyLine};
use super::kept_elsewhere::{Kept, KeptElsewhere};
use super::statement::{BeginningClaims, CheckpointClaims, KeyClaims, PublicKeys, Statement};
use crate::domain::audit_chain::{ChainHash, KeptRecord, Place};
use crate::domain::clock::Moment;
use crate::domain::ids::AuditId;

/// How many findings are told one by one.
const TOLD: usize = 100;

/// Something that does not fit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum Finding {
    #[error("line {line}: {why}")]
    Line { line: u64, why: String },
    #[error("record {seq} ({id}) is not what was chained: it, or its hash, was changed")]
    Changed { seq: u64, id: AuditId },
    #[error("record {seq} ({id}) is missing")]
    Missing { seq: u64, id: AuditId },
    #[error("records {first} to {last} are missing")]
    Gap { first: u64, last: u64 },
    #[error("record {seq} ({id}) stands in the wrong place: record {expected} was to come")]
    OutOfOrder { seq: u64, id: AuditId, expected: u64 },
    #[error("the chain breaks at its first record: what is told of before it does not lead to it")]
    Start,
    #[error("checkpoint {number}: {why}")]
    Checkpoint { number: u64, why: String },
    #[error("checkpoints {first} to {last} are missing")]
    Checkpoints { first: u64, last: u64 },
    #[error("the chain up to record {seq} is not the one that checkpoint {number} signed")]
    Rewritten { seq: u64, number: u64 },
    #[error("records {first} to {last} were cut off: a checkpoint has signed them")]
    CutOff { first: u64, last: u64 },
    #[error("records {first} to {last} are covered by no checkpoint")]
    Unsigned { first: u64, last: u64 },
    #[error("key {generation}: {why}")]
    Key { generation: u32, why: String },
    #[error("where the chain begins: {0}")]
    Beginning(String),
    #[error("the end of the file: {0}")]
    End(String),
    #[error("record {seq}: what was kept elsewhere says another hash ({kept})")]
    KeptDiffers { seq: u64, kept: ChainHash },
    #[error("record {seq}: the checkpoint that was kept elsewhere is signed by no key of this chain")]
    KeptBySomebodyElse { seq: u64 },
    #[error("records {first} to {last} were cut off: a checkpoint that was kept elsewhere has them")]
    KeptIsLonger { first: u64, last: u64 },
    #[error("nothing of what was kept elsewhere could be compared: it is about other records")]
    NothingCompared,
}

/// What the walk came to.
#[derive(Debug, Clone, Serialize)]
pub struct Report {
    pub issuer: String,
    /// Where the chain was before the first record.
    pub after: Place,
    /// Where it ends.
    pub head: Place,
    pub records: u64,
    pub checkpoints: u64,
    /// The last checkpoint that fits.
    pub last_checkpoint: Option<u64>,
    pub signed_up_to: u64,
    /// Places kept elsewhere that were compared, and that are about records beyond these.
    pub compared: u64,
    pub not_compared: u64,
    /// Records that have no place yet; only of a database.
    pub waiting: u64,
    /// The keys that signed, by their names, oldest first.
    pub keys: Vec<String>,
    /// The first hundred.
    pub findings: Vec<Finding>,
    pub found: u64,
}

impl Report {
    pub fn is_good(&self) -> bool {
        self.found == 0
    }
}

/// Where a walk may end.
#[derive(Debug, Clone, Copy)]
pub(super) enum Whole {
    /// At the end of the chain, some records of which may wait for the next checkpoint.
    Database,
    /// With a checkpoint; when the file was made, the chain went so far.
    File { head: Place, at: Moment },
    /// With whatever there was: the file's own end is broken, which was told.
    Broken,
}

pub(super) struct Verifier {
    keys: PublicKeys,
    generations: u32,
    kept: KeptElsewhere,
    place: Place,
    /// `false` after a gap: the next hash is taken at its word.
    is_joined: bool,
    is_from_the_beginning: bool,
    beginning: Option<BeginningClaims>,
    last: Option<CheckpointClaims>,
    report: Report,
}

impl Verifier {
    /// Before the first record.
    pub(super) fn begin(issuer: String, after: Place, kept: KeptElsewhere) -> Self {
        let report = Report {
            issuer,
            after,
            head: after,
            records: 0,
            checkpoints: 0,
            last_checkpoint: None,
            signed_up_to: 0,
            compared: 0,
            not_compared: 0,
            waiting: 0,
            keys: Vec::new(),
            findings: Vec::new(),
            found: 0,
        };
        Self {
            keys: PublicKeys::default(),
            generations: 0,
            kept,
            place: after,
            is_joined: true,
            is_from_the_beginning: false,
            beginning: None,
            last: None,
            report,
        }
    }

    pub(super) fn found(&mut self, finding: Finding) {
        self.report.found += 1;
        if self.report.findings.len() < TOLD {
            self.report.findings.push(finding);
        }
    }

    fn open<S: Statement>(&self, token: &str) -> Result<S, String> {
        let (claims, _) = self.keys.open::<S>(token).map_err(|error| format!("its statement {error}"))?;
        if claims.issuer() == self.report.issuer {
            Ok(claims)
        } else {
            Err(format!("its statement is about {}", claims.issuer()))
        }
    }

    /// A key counts if the one before it says so. The first one stands for itself: whoever kept its name knows it.
    pub(super) fn key(&mut self, key: &KeyLine) {
        let generation = key.generation;
        let bad = |why: &str| Finding::Key { generation, why: why.to_owned() };
        if generation != self.generations + 1 {
            self.found(bad("the keys before it are missing"));
        }
        let first = self.generations == 0;
        self.generations = generation;
        let mut with_it = self.keys.clone();
        if key.kty != "OKP" || key.crv != "Ed25519" || with_it.add(&key.x).as_ref() != Some(&key.kid) {
            self.found(bad("its name is another key's"));
            return;
        }
        let introduced_by = if first { &with_it } else { &self.keys };
        let fits = introduced_by.open::<KeyClaims>(&key.introduction).is_ok_and(|(claims, by)| {
            let by_the_last = if first { by == key.kid } else { self.report.keys.last() == Some(&by) };
            claims.generation == generation
                && claims.kid == key.kid
                && claims.iss == self.report.issuer
                && by_the_last
        });
        if !fits {
            self.found(bad("the key before it did not introduce it"));
        }
        self.keys = with_it;
        self.report.keys.push(key.kid.clone());
    }

    /// What was before is forgotten, and that is signed.
    pub(super) fn beginning(&mut self, statement: &str) {
        match self.open::<BeginningClaims>(statement) {
            Ok(claims) => self.beginning = Some(claims),
            Err(why) => self.found(Finding::Beginning(why)),
        }
    }

    /// Keys and beginning are known. `from_the_beginning`: nothing but what was forgotten may be missing before.
    pub(super) fn start(&mut self, from_the_beginning: bool) {
        self.is_from_the_beginning = from_the_beginning;
        let begins = self.beginning.as_ref().map_or(Place::GENESIS, BeginningClaims::place);
        let after = self.place;
        if after.seq < begins.seq {
            self.found(Finding::Beginning("there are records that were forgotten".to_owned()));
        } else if after.seq == begins.seq && after.hash != begins.hash {
            self.found(Finding::Start);
        } else if from_the_beginning && after.seq > begins.seq {
            self.found(Finding::Gap { first: begins.seq + 1, last: after.seq });
        }
        self.compare_kept();
    }

    pub(super) fn record(&mut self, place: Place, record: &KeptRecord) {
        let id = record.id;
        if !self.step(place.seq, id) {
            return;
        }
        if self.is_joined && self.place.hash.then(place.seq, record) != place.hash {
            self.found(Finding::Changed { seq: place.seq, id });
        }
        self.is_joined = true;
        self.arrive(place);
    }

    /// A place without its record.
    pub(super) fn missing(&mut self, place: Place, id: AuditId) {
        if self.step(place.seq, id) {
            self.found(Finding::Missing { seq: place.seq, id });
            // The next one still names the hash that it follows.
            self.is_joined = true;
            self.arrive(place);
        }
    }

    /// Is this place the next one, or at least a later one?
    fn step(&mut self, seq: u64, id: AuditId) -> bool {
        let expected = self.place.seq + 1;
        if seq < expected {
            self.found(Finding::OutOfOrder { seq, id, expected });
            return false;
        }
        if seq > expected {
            self.found(Finding::Gap { first: expected, last: seq - 1 });
            self.is_joined = false;
        }
        true
    }

    fn arrive(&mut self, place: Place) {
        self.place = place;
        self.report.records += 1;
        self.report.head = place;
        self.compare_kept();
    }

    pub(super) fn checkpoint(&mut self, line: &CheckpointLine) {
        let number = line.number;
        let bad = |why: String| Finding::Checkpoint { number, why };
        let claims = match self.open::<CheckpointClaims>(&line.statement) {
            Ok(claims) => claims,
            Err(why) => return self.found(bad(why)),
        };
        if (claims.number, claims.seq, claims.hash, claims.at) != (number, line.seq, line.hash, line.at) {
            return self.found(bad("its statement says something else".to_owned()));
        }
        let first = self.beginning.as_ref().map(|beginning| beginning.number + 1);
        let expected = self.last.as_ref().map(|last| last.number + 1);
        match expected {
            Some(expected) if number > expected => {
                self.found(Finding::Checkpoints { first: expected, last: number - 1 });
            }
            Some(expected) if number < expected => {
                self.found(bad(format!("it stands in the wrong place: {expected} was to come")));
            }
            None if self.is_from_the_beginning && number > first.unwrap_or(1) => {
                self.found(Finding::Checkpoints { first: first.unwrap_or(1), last: number - 1 });
            }
            None if first.is_some_and(|first| number < first) => {
                self.found(bad("it was forgotten".to_owned()));
            }
            _ => {}
        }
        match claims.seq.cmp(&self.place.seq) {
            Ordering::Equal if claims.hash == self.place.hash => {
                self.report.last_checkpoint = Some(number);
                self.report.signed_up_to = claims.seq;
            }
            Ordering::Equal => self.found(Finding::Rewritten { seq: claims.seq, number }),
            Ordering::Greater => {
                self.found(Finding::CutOff { first: self.place.seq + 1, last: claims.seq });
            }
            Ordering::Less => self.found(bad("it stands after records that it does not cover".to_owned())),
        }
        self.report.checkpoints += 1;
        self.last = Some(claims);
    }

    /// Whatever was kept elsewhere about the place where the walk is now.
    fn compare_kept(&mut self) {
        for kept in self.kept.places.remove(&self.place.seq).unwrap_or_default() {
            self.report.compared += 1;
            let seq = self.place.seq;
            if kept.hash != self.place.hash {
                self.found(Finding::KeptDiffers { seq, kept: kept.hash });
            }
            if !self.is_ours(seq, &kept) {
                self.found(Finding::KeptBySomebodyElse { seq });
            }
        }
    }

    fn is_ours(&self, seq: u64, kept: &Kept) -> bool {
        let Some(signed) = &kept.signed else { return true };
        self.open::<CheckpointClaims>(&signed.statement).is_ok_and(|claims| {
            claims.place() == Place { seq, hash: kept.hash }
                && (claims.number, claims.at) == (signed.number, signed.at)
        })
    }

    pub(super) fn finish(mut self, whole: Whole) -> Report {
        let was_anything_kept = !self.kept.is_empty() || self.report.compared > 0;
        let end = self.place.seq;
        for (seq, kept) in std::mem::take(&mut self.kept.places) {
            for kept in kept {
                // Of before the first record, or of after the file was made: nothing can be said.
                let is_later = match (whole, &kept.signed) {
                    (Whole::File { at, .. }, Some(signed)) => signed.at > at,
                    _ => false,
                };
                let last_there_was = match whole {
                    Whole::File { head, .. } => head.seq,
                    Whole::Database | Whole::Broken => end,
                };
                self.report.not_compared += 1;
                if seq > last_there_was && !is_later {
                    self.found(Finding::KeptIsLonger { first: last_there_was + 1, last: seq });
                }
            }
        }
        if was_anything_kept && self.report.compared == 0 {
            self.found(Finding::NothingCompared);
        }
        let signed = self.report.signed_up_to.max(self.report.after.seq);
        if !matches!(whole, Whole::Database) && end > signed {
            self.found(Finding::Unsigned { first: signed + 1, last: end });
        }
        self.report
    }

    pub(super) fn set_waiting(&mut self, waiting: u64) {
        self.report.waiting = waiting;
    }

    pub(super) fn place(&self) -> Place {
        self.place
    }

    /// What the file says of itself at its end.
    pub(super) fn end_of<S: Statement>(&self, statement: &str) -> Result<S, String> {
        self.open(statement)
    }
}
