//! Another e-mail address for an account, on its way past a second person; and what an address or a number looks like.

use std::str::FromStr;

/// Where a change stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ContactChangeState {
    /// A second person has to agree: whoever reads somebody's mail learns what happens to their account, and the person
    /// does not.
    Waiting,
    Applied,
    Refused,
    /// The account closed meanwhile.
    Cancelled,
}

impl ContactChangeState {
    pub const ALL: [Self; 4] = [Self::Waiting, Self::Applied, Self::Refused, Self::Cancelled];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Applied => "applied",
            Self::Refused => "refused",
            Self::Cancelled => "cancelled",
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no state of a change of contact data")]
pub struct UnknownState(String);

impl FromStr for ContactChangeState {
    type Err = UnknownState;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|state| state.as_str() == text)
            .ok_or_else(|| UnknownState(text.to_owned()))
    }
}

/// The longest path of RFC 5321 §4.5.3.1.3, without its angle brackets.
const LONGEST_EMAIL: usize = 254;

/// An address that mail can be sent to, as far as one can tell without sending any: one `@`, something before it, a
/// domain with a dot after it, and nothing invisible.
pub fn is_email(text: &str) -> bool {
    let Some((local, domain)) = text.rsplit_once('@') else {
        return false;
    };
    let plain =
        |c: char| !c.is_whitespace() && !c.is_control() && !matches!(c, '@' | '<' | '>' | ',' | ';' | '"');
    text.len() <= LONGEST_EMAIL
        && !local.is_empty()
        && local.chars().all(plain)
        && domain.chars().all(plain)
        && domain.contains('.')
        && domain.split('.').all(|label| !label.is_empty())
}

/// A telephone number as people write it: digits, with signs between them.
pub fn is_phone(text: &str) -> bool {
    let digits = text.chars().filter(char::is_ascii_digit).count();
    (6..=15).contains(&digits)
        && text.chars().count() <= 32
        && text.chars().all(|c| c.is_ascii_digit() || matches!(c, ' ' | '+' | '-' | '(' | ')' | '/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_read_back() {
        for state in ContactChangeState::ALL {
            assert_eq!(state.as_str().parse(), Ok(state));
        }
        assert!("pending".parse::<ContactChangeState>().is_err());
    }

    #[test]
    fn what_mail_cannot_be_sent_to_is_no_address() {
        for good in ["anna@example.pl", "a.b+c@sub.example.org", "zażółć@example.pl"] {
            assert!(is_email(good), "{good}");
        }
        for bad in [
            "",
            "anna",
            "@example.pl",
            "anna@",
            "anna@localhost",
            "a b@example.pl",
            "a@b@c.pl",
            "a@.pl",
            "<a@b.pl>",
        ] {
            assert!(!is_email(bad), "{bad}");
        }
        assert!(!is_email(&format!("{}@example.pl", "a".repeat(250))));
    }

    #[test]
    fn a_number_has_digits_and_what_stands_between_them() {
        for good in ["+48 600 100 200", "(32) 245-00-00", "322450000"] {
            assert!(is_phone(good), "{good}");
        }
        for bad in ["", "12345", "call me", "+48 600 100 200 ext. 5", "1234567890123456"] {
            assert!(!is_phone(bad), "{bad}");
        }
    }
}
