//! Findings as a table that can stand in a document.

use std::fmt::Write as _;

use super::findings::Findings;
use super::ledger::Tally;

/// Markdown, with what was missed below it.
pub(crate) fn table(findings: &[Findings]) -> Result<String, std::fmt::Error> {
    let mut text = String::new();
    writeln!(
        text,
        "| Scenario | Days | Guesses sent | Verdicts per account in 24 h: most | a day: median | Accounts opened | \
         First lock | Locks told | Own devices refused | Unknown devices refused | Alarms | Holds |"
    )?;
    writeln!(text, "|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|---|")?;
    for found in findings {
        writeln!(
            text,
            "| {} | {} | {} | {} | {} | {} | {} | {} | {} | {} | {} | {} |",
            found.scenario,
            found.days,
            found.strangers_sent,
            found.verdicts_most,
            number(found.verdicts_median),
            found.opened,
            found.first_lock_minutes.map_or_else(|| "never".to_owned(), |minutes| format!("{minutes} min")),
            found.locks,
            share(found.own),
            share(found.unknown),
            found.alarms,
            if found.hold() { "yes" } else { "**no**" },
        )?;
    }
    for found in findings {
        for requirement in found.requirements.iter().filter(|requirement| !requirement.met) {
            writeln!(
                text,
                "MISSED in {}: {}; found {}",
                found.scenario, requirement.required, requirement.found
            )?;
        }
        if found.shed > 0 {
            writeln!(text, "{}: {} requests were answered 503", found.scenario, found.shed)?;
        }
    }
    Ok(text)
}

/// Refused of tried.
fn share(tally: Tally) -> String {
    if tally.tried == 0 { "–".to_owned() } else { format!("{} of {}", tally.refused, tally.tried) }
}

fn number(value: f64) -> String {
    if value.is_nan() { "–".to_owned() } else { value.to_string() }
}
