//! Checking an export: nothing but the file, and what somebody kept elsewhere.

use std::io::{BufRead, Read as _};

use sha2::{Digest as _, Sha256};

use super::format::{FORMAT, Header, LONGEST_LINE, Line};
use super::kept_elsewhere::KeptElsewhere;
use super::statement::ExportClaims;
use super::verifier::{Finding, Report, Verifier, Whole};
use crate::domain::audit_chain::{ChainHash, Place};

/// Nothing could be checked.
#[derive(Debug, thiserror::Error)]
pub enum VerifyFileError {
    #[error("it is not an export of audit records: its first line does not say so")]
    NotAnExport,
    #[error("its format is {0:?}, which this version does not know")]
    OtherFormat(String),
    #[error(transparent)]
    Read(#[from] std::io::Error),
}

/// Reads an export line by line. `progress` is told how many bytes were read.
///
/// # Errors
/// [`VerifyFileError`] if it is no export; what is wrong with one is in the report.
pub fn verify_file(
    reader: impl BufRead,
    kept: KeptElsewhere,
    mut progress: impl FnMut(u64),
) -> Result<Report, VerifyFileError> {
    let mut lines = Lines { reader, digest: Sha256::new(), read: 0, bytes: 0 };
    let Some(Ok(Line::Header(header))) = lines.next()?.map(Text::line) else {
        return Err(VerifyFileError::NotAnExport);
    };
    if header.format != FORMAT {
        return Err(VerifyFileError::OtherFormat(header.format));
    }
    let Header { issuer, after, from, .. } = header;
    let mut walk = Walk {
        verifier: Verifier::begin(issuer, after, kept),
        stage: Stage::Keys,
        from_start: from.is_none(),
    };
    let mut whole = None;
    loop {
        let (before, number) = (lines.digest_so_far(), lines.read);
        let Some(text) = lines.next()? else { break };
        if lines.read.is_multiple_of(1_024) {
            progress(lines.bytes);
        }
        if whole.is_some() {
            walk.bad_line(lines.read, "there is something after the end");
            continue;
        }
        match text.line() {
            Ok(Line::End(end)) => {
                walk.begin_records();
                whole = Some(walk.end(&end.statement, before, number));
            }
            Ok(line) => walk.line(lines.read, line),
            Err(why) => walk.bad_line(lines.read, &why),
        }
    }
    progress(lines.bytes);
    walk.begin_records();
    let whole = whole.unwrap_or_else(|| {
        walk.verifier.found(Finding::End("it is missing: the file was cut off".to_owned()));
        Whole::Broken
    });
    Ok(walk.verifier.finish(whole))
}

/// What may come next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    Keys,
    Records,
}

struct Walk {
    verifier: Verifier,
    stage: Stage,
    from_start: bool,
}

impl Walk {
    fn bad_line(&mut self, line: u64, why: &str) {
        self.verifier.found(Finding::Line { line, why: why.to_owned() });
    }

    fn begin_records(&mut self) {
        if self.stage == Stage::Keys {
            self.stage = Stage::Records;
            self.verifier.start(self.from_start);
        }
    }

    fn line(&mut self, number: u64, line: Line) {
        if !matches!(line, Line::Key(_) | Line::Beginning(_)) {
            self.begin_records();
        }
        match line {
            Line::Key(key) if self.stage == Stage::Keys => self.verifier.key(&key),
            Line::Beginning(said) if self.stage == Stage::Keys => self.verifier.beginning(&said.statement),
            Line::Record(line) => {
                self.verifier.record(Place { seq: line.seq, hash: line.hash }, &line.record);
            }
            Line::Missing(line) => self.verifier.missing(Place { seq: line.seq, hash: line.hash }, line.id),
            Line::Checkpoint(line) => self.verifier.checkpoint(&line),
            Line::Header(_) | Line::Key(_) | Line::Beginning(_) | Line::End(_) => {
                self.bad_line(number, "it does not belong here");
            }
        }
    }

    /// The last word of whoever made the file: what stands before it, byte for byte.
    fn end(&mut self, statement: &str, digest: ChainHash, lines: u64) -> Whole {
        let claims = match self.verifier.end_of::<ExportClaims>(statement) {
            Ok(claims) => claims,
            Err(why) => {
                self.verifier.found(Finding::End(why));
                return Whole::Broken;
            }
        };
        if (claims.digest, claims.lines) != (digest, lines) {
            self.verifier
                .found(Finding::End("the lines before it are not those that were signed".to_owned()));
        }
        let place = self.verifier.place();
        if place.seq > claims.head.seq || (place.seq == claims.head.seq && place.hash != claims.head.hash) {
            self.verifier.found(Finding::End("the chain was another one when it was signed".to_owned()));
        }
        Whole::File { head: claims.head, at: claims.at }
    }
}

struct Lines<R> {
    reader: R,
    digest: Sha256,
    read: u64,
    bytes: u64,
}

/// A line as it came, without its line break, or why there is none.
struct Text(Result<String, &'static str>);

impl Text {
    fn line(self) -> Result<Line, String> {
        Line::read(&self.0?).map_err(|why| why.to_string())
    }
}

impl<R: BufRead> Lines<R> {
    fn digest_so_far(&self) -> ChainHash {
        ChainHash::of(self.digest.clone().finalize().into())
    }

    /// Never more than the longest line at a time, whatever somebody made.
    fn next(&mut self) -> Result<Option<Text>, std::io::Error> {
        let mut bytes = Vec::new();
        let read = self.reader.by_ref().take(LONGEST_LINE as u64).read_until(b'\n', &mut bytes)?;
        if read == 0 {
            return Ok(None);
        }
        self.digest.update(&bytes);
        self.read += 1;
        self.bytes += read as u64;
        if bytes.pop() != Some(b'\n') {
            return Ok(Some(Text(Err("it is cut off, or too long"))));
        }
        Ok(Some(Text(String::from_utf8(bytes).map_err(|_| "it is no text"))))
    }
}
