//! What scope `iok` says about a person, as a relying party reads it from userinfo.
//!
//! Written from the provider's documentation, not with its types: an ordinary client has no others.

use openidconnect::AdditionalClaims;
use serde::{Deserialize, Serialize};

/// The claims of scope `iok`. All may be missing: the person may have no title to any premises today.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(default)]
pub(super) struct IokClaims {
    pub contractor_numbers: Vec<String>,
    pub premises: Vec<PremisesClaim>,
    pub office: Option<String>,
}

impl AdditionalClaims for IokClaims {}

/// One legal title that is valid now.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
pub(super) struct PremisesClaim {
    pub code: String,
    pub kind: PremisesKind,
    pub role: Role,
    pub contractor_number: String,
}

/// A kind that is not known yet must not keep anybody out: it is shown as premises.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum PremisesKind {
    Residential,
    Commercial,
    #[serde(other)]
    Other,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Role {
    Owner,
    CoOwner,
    Tenant,
    Lessee,
    AuthorisedPerson,
    Proxy,
    #[serde(other)]
    Other,
}

/// The titles, one for each premises: who is both owner and proxy of the same flat has one account there, not two.
pub(super) fn by_premises(titles: &[PremisesClaim]) -> Vec<&PremisesClaim> {
    let mut distinct: Vec<&PremisesClaim> = Vec::new();
    for title in titles {
        if !distinct.iter().any(|known| known.code == title.code) {
            distinct.push(title);
        }
    }
    distinct
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_kinds_and_roles_are_read_as_other() -> Result<(), serde_json::Error> {
        let claims: IokClaims = serde_json::from_value(serde_json::json!({
            "contractor_numbers": ["100101"],
            "premises": [{"code": "KAT-12-4", "kind": "garage", "role": "usufructuary", "contractor_number": "100101"}],
        }))?;
        assert_eq!(claims.premises[0].kind, PremisesKind::Other);
        assert_eq!(claims.premises[0].role, Role::Other);
        assert_eq!(claims.office, None);
        Ok(())
    }

    #[test]
    fn two_titles_to_the_same_premises_are_one_account() {
        let title = |role| PremisesClaim {
            code: "KAT-12-4".into(),
            kind: PremisesKind::Residential,
            role,
            contractor_number: "100101".into(),
        };
        assert_eq!(by_premises(&[title(Role::Owner), title(Role::Proxy)]), [&title(Role::Owner)]);
    }
}
