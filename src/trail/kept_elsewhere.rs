//! What an auditor kept of the chain where nobody could change it: lines of the checkpoint file, or a place on paper.
//! Only this finds an end that was cut off, or a chain that was made anew.

use std::collections::BTreeMap;
use std::io::BufRead;

use super::format::{CheckpointLine, Line};
use crate::domain::audit_chain::{ChainHash, Place};
use crate::domain::clock::Moment;

/// Places that were kept, with what is known of them.
#[derive(Debug, Clone, Default)]
pub struct KeptElsewhere {
    pub(super) places: BTreeMap<u64, Vec<Kept>>,
}

#[derive(Debug, Clone)]
pub(super) struct Kept {
    pub(super) hash: ChainHash,
    /// With its signature; a place on paper has none.
    pub(super) signed: Option<Signed>,
}

#[derive(Debug, Clone)]
pub(super) struct Signed {
    pub(super) number: u64,
    pub(super) at: Moment,
    pub(super) statement: String,
}

/// A file that is none with checkpoints.
#[derive(Debug, thiserror::Error)]
pub enum UnreadableCheckpoint {
    #[error("line {0} is no checkpoint as this program writes it")]
    Line(u64),
    #[error(transparent)]
    Read(#[from] std::io::Error),
    #[error("there is no checkpoint in it")]
    Empty,
}

impl KeptElsewhere {
    /// Adds a place as it stands on paper.
    pub fn add(&mut self, place: Place) {
        self.places.entry(place.seq).or_default().push(Kept { hash: place.hash, signed: None });
    }

    /// Adds the lines of a checkpoint file; a line may be there twice.
    ///
    /// # Errors
    /// If a line is no checkpoint, or there is none.
    pub fn add_file(&mut self, reader: impl BufRead) -> Result<(), UnreadableCheckpoint> {
        let mut number = 0;
        for text in reader.lines() {
            number += 1;
            let Ok(Line::Checkpoint(CheckpointLine { number, seq, hash, at, statement })) =
                Line::read(&text?)
            else {
                return Err(UnreadableCheckpoint::Line(number));
            };
            let signed = Some(Signed { number, at, statement });
            self.places.entry(seq).or_default().push(Kept { hash, signed });
        }
        if number == 0 { Err(UnreadableCheckpoint::Empty) } else { Ok(()) }
    }

    pub fn is_empty(&self) -> bool {
        self.places.is_empty()
    }
}
