//! What stands in a field of more than one kind of file.

use chrono::NaiveDate;

use super::{Column, Row};
use crate::domain::premises::{PremisesKind, TitleRole};

/// What somebody is called: a person by two names, a firm by its own, or both.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(clippy::struct_field_names, reason = "the names of the columns and claims")]
pub(in crate::integrations) struct Names {
    pub given_name: String,
    pub family_name: String,
    pub organisation_name: Option<String>,
}

/// From the columns of given name, family name and organisation's name. `None` if one is missing; a firm may be known
/// by its own name alone.
pub(in crate::integrations) fn names<C: Column>(
    row: &mut Row<'_, C>,
    [given_name, family_name, organisation_name]: [C; 3],
) -> Option<Names> {
    let name = |text: &str| short_text(text, 100);
    let organisation_name = row.optional(organisation_name, |text| short_text(text, 200));
    let (given_name, family_name) = if organisation_name.is_some() {
        (
            row.optional(given_name, name).unwrap_or_default(),
            row.optional(family_name, name).unwrap_or_default(),
        )
    } else {
        let given = row.needed(given_name, name);
        let family = row.needed(family_name, name);
        (given?, family?)
    };
    Some(Names { given_name, family_name, organisation_name })
}

/// At most so many characters.
pub(in crate::integrations) fn short_text(text: &str, longest: usize) -> Result<String, String> {
    if text.chars().count() > longest {
        return Err(format!("is longer than {longest} characters"));
    }
    Ok(text.to_owned())
}

/// What the company knows premises by.
pub(in crate::integrations) fn premises_code(text: &str) -> Result<String, String> {
    const LONGEST: usize = 64;
    if text.is_empty() || text.chars().count() > LONGEST {
        return Err(format!("has no code, or one of more than {LONGEST} characters"));
    }
    Ok(text.to_owned())
}

pub(in crate::integrations) fn role(text: &str) -> Result<TitleRole, String> {
    text.to_lowercase().parse().map_err(|error| {
        let roles = TitleRole::ALL.map(TitleRole::as_str).join(", ");
        format!("{error}; it is one of {roles}")
    })
}

pub(in crate::integrations) fn kind(text: &str) -> Result<PremisesKind, String> {
    text.to_lowercase().parse().map_err(|error| format!("{error}; it is residential or commercial"))
}

/// `YYYY-MM-DD` and nothing shorter.
pub(in crate::integrations) fn date(text: &str) -> Result<NaiveDate, String> {
    Some(text)
        .filter(|text| text.len() == 10)
        .and_then(|text| NaiveDate::parse_from_str(text, "%Y-%m-%d").ok())
        .ok_or_else(|| format!("{text:?} is not a date (YYYY-MM-DD)"))
}
