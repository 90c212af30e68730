//! Why somebody at the office does something, in their words.

/// In characters: a page, and no book.
pub const LONGEST_REASON: usize = 2_000;

/// What is wrong with one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ReasonProblem {
    Missing,
    TooLong,
}

/// Line ends as they are, no spaces around; not empty, and not too long.
pub(super) fn reason_of(typed: &str) -> Result<String, ReasonProblem> {
    let reason = typed.trim().replace("\r\n", "\n");
    match reason.chars().count() {
        0 => Err(ReasonProblem::Missing),
        1..=LONGEST_REASON => Ok(reason),
        _ => Err(ReasonProblem::TooLong),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_says_something_and_is_no_book() {
        assert_eq!(reason_of(" \r\n "), Err(ReasonProblem::Missing));
        assert_eq!(reason_of(" a\r\nb "), Ok("a\nb".to_owned()));
        assert_eq!(reason_of(&"ż".repeat(LONGEST_REASON)).map(|reason| reason.chars().count()), Ok(2_000));
        assert_eq!(reason_of(&"ż".repeat(LONGEST_REASON + 1)), Err(ReasonProblem::TooLong));
    }
}
