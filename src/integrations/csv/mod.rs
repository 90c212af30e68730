//! CSV files that other systems hand over: read whole, told apart field by field, every fault with its line and column.
//!
//! UTF-8 (a byte order mark is fine), separated by commas, quoted as RFC 4180 says, columns in any order. A file is good
//! as a whole or not at all, so every row is read to its end, and all that is wrong is told at once.

mod columns;
mod contractor_number;
mod problem;
mod row;
pub(super) mod values;

use std::io::Read;

use csv::{ByteRecord, ReaderBuilder};

use self::columns::Header;

pub(super) use self::columns::{Column, columns};
pub use self::contractor_number::ContractorNumber;
pub use self::problem::{ImportErrors, ImportProblem};
pub(super) use self::row::Row;

/// Reads a whole file. `read_row` makes something of a row, or complains to it.
///
/// What is wrong with rows comes beside what was good, so that the caller may look for more before it tells.
///
/// # Errors
/// If there is no header, or a wrong one: no row can be read then.
pub(super) fn read<C: Column, T>(
    mut file: impl Read,
    mut read_row: impl FnMut(&mut Row<'_, C>) -> Option<T>,
) -> Result<(Vec<T>, Vec<ImportProblem>), ImportErrors> {
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes)
        .map_err(|error| ImportErrors::new(vec![ImportProblem::unreadable(&error)]))?;
    let mut rows =
        ReaderBuilder::new().has_headers(false).flexible(true).from_reader(&bytes[..]).into_byte_records();
    let header: Header<C> = match rows.next() {
        Some(Ok(record)) => Header::read(&record, line_of(&record, &bytes)).map_err(ImportErrors::new)?,
        Some(Err(error)) => return Err(ImportErrors::new(vec![ImportProblem::unreadable(&error)])),
        None => return Err(ImportErrors::new(vec![ImportProblem::in_line(1, "the file is empty")])),
    };

    let mut values = Vec::new();
    let mut problems = Vec::new();
    for record in rows {
        match record {
            // Spreadsheets leave rows of nothing but commas at the end.
            Ok(record) if record.iter().all(<[u8]>::is_empty) => {}
            Ok(record) => {
                let mut row = Row::new(&header, &record, line_of(&record, &bytes), &mut problems);
                if row.has_every_field()
                    && let Some(value) = read_row(&mut row)
                {
                    values.push(value);
                }
            }
            // The reader itself failed: there is nothing more to be had from it.
            Err(error) => {
                problems.push(ImportProblem::unreadable(&error));
                break;
            }
        }
    }
    Ok((values, problems))
}

/// The line that a row begins in. The CSV reader takes the empty lines before a row for a part of it.
fn line_of(record: &ByteRecord, file: &[u8]) -> u64 {
    let Some(position) = record.position() else {
        return 0;
    };
    let start = usize::try_from(position.byte()).unwrap_or(usize::MAX);
    let skipped =
        file.get(start..).unwrap_or_default().iter().take_while(|byte| matches!(byte, b'\r' | b'\n'));
    skipped.fold(position.line(), |line, byte| line + u64::from(*byte == b'\n'))
}
