//! What is known about the person.

use super::attributes;
use super::columns::Column;
use crate::domain::account::Profile;
use crate::domain::locale::Locale;
use crate::integrations::csv::Row;
use crate::integrations::csv::values::{self, Names, short_text};

/// `None` if a name is missing; what else is bad is left out, and the row knows.
pub(super) fn read(row: &mut Row<'_, Column>) -> Option<Profile> {
    let Names { given_name, family_name, organisation_name } =
        values::names(row, [Column::GivenName, Column::FamilyName, Column::OrganisationName])?;
    let profile = Profile {
        given_name,
        family_name,
        organisation_name,
        email: row.optional(Column::Email, email),
        email_verified: row.optional(Column::EmailVerified, boolean).unwrap_or_default(),
        phone_number: row.optional(Column::Phone, phone_number),
        street: row.optional(Column::Street, |text| short_text(text, 200)),
        postal_code: row.optional(Column::PostalCode, |text| short_text(text, 20)),
        city: row.optional(Column::City, |text| short_text(text, 100)),
        locale: row.optional(Column::Locale, locale),
        attributes: row.optional(Column::Attributes, attributes::parse).unwrap_or_default(),
    };
    if profile.email_verified && !row.is_given(Column::Email) {
        row.complain(Column::EmailVerified, "there is no e-mail address to be verified".to_owned());
    }
    if profile.attributes.contains_key("phone_number_verified") && !row.is_given(Column::Phone) {
        row.complain(Column::Attributes, "phone_number_verified: there is no telephone number".to_owned());
    }
    Some(profile)
}

fn boolean(text: &str) -> Result<bool, String> {
    text.to_lowercase().parse().map_err(|_| format!("{text:?} is neither true nor false"))
}

/// An address that mail can be sent to: one `@`, a domain with a dot. Whether it arrives, only a mail tells.
fn email(text: &str) -> Result<String, String> {
    let wrong = || format!("{text:?} is not an e-mail address");
    let (local, domain) = text.rsplit_once('@').ok_or_else(wrong)?;
    let is_local = (1..=64).contains(&local.len())
        && local.chars().all(|c| c.is_alphanumeric() || "!#$%&'*+-/=?^_`{|}~.".contains(c))
        && !local.starts_with('.')
        && !local.ends_with('.')
        && !local.contains("..");
    let is_label = |label: &str| {
        (1..=63).contains(&label.len())
            && label.chars().all(|c| c.is_alphanumeric() || c == '-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    let is_domain = domain.contains('.') && domain.split('.').all(is_label);
    // RFC 5321 §4.5.3.1.3: a path has at most 256 octets, two of them its brackets.
    if is_local && is_domain && text.len() <= 254 { Ok(text.to_owned()) } else { Err(wrong()) }
}

/// In the form that claims need (E.164): `+48322450000`. Nine digits alone are a Polish number.
fn phone_number(text: &str) -> Result<String, String> {
    let mut digits: String =
        text.chars().filter(|c| !(c.is_whitespace() || matches!(c, '-' | '.' | '(' | ')' | '/'))).collect();
    if let Some(international) = digits.strip_prefix("00") {
        digits = format!("+{international}");
    } else if !digits.starts_with('+') && digits.len() == 9 {
        digits = format!("+48{digits}");
    }
    let is_good = digits.strip_prefix('+').is_some_and(|number| {
        (7..=15).contains(&number.len())
            && !number.starts_with('0')
            && number.bytes().all(|byte| byte.is_ascii_digit())
    });
    if is_good {
        Ok(digits)
    } else {
        Err(format!("{text:?} is not a telephone number such as +48 32 245 00 00"))
    }
}

/// A BCP 47 tag of a language that there are pages in.
fn locale(text: &str) -> Result<Locale, String> {
    let is_subtag = |subtag: &str| {
        (1..=8).contains(&subtag.len()) && subtag.bytes().all(|byte| byte.is_ascii_alphanumeric())
    };
    let is_tag = text.split(['-', '_']).all(is_subtag);
    Locale::from_tag(text).filter(|_| is_tag).ok_or_else(|| {
        let spoken = Locale::ALL.map(Locale::tag).join(", ");
        format!("{text:?} is not the tag of a language that there are pages in ({spoken})")
    })
}
