//! What a person allowed a client to know.

use std::collections::BTreeSet;

use super::claims::scope_of;
use super::scope::ScopeSet;

/// A consent as it is remembered: whole scopes, and single claims beyond them (OpenID Connect Core §5.5).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Consented {
    pub scope: ScopeSet,
    /// By their names without language tags.
    pub claims: BTreeSet<String>,
}

impl Consented {
    /// Was all of this allowed? A claim is also allowed by the scope that releases it.
    pub fn covers(&self, asked: &Self) -> bool {
        asked.scope.is_subset_of(&self.scope)
            && asked.claims.iter().all(|claim| {
                self.claims.contains(claim) || scope_of(claim).is_some_and(|scope| self.scope.contains(scope))
            })
    }

    #[must_use]
    pub fn union(&self, other: &Self) -> Self {
        Self {
            scope: self.scope.union(&other.scope),
            claims: self.claims.union(&other.claims).cloned().collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn consented(scope: &str, claims: &[&str]) -> Consented {
        let scope = ScopeSet::parse(scope).expect("a scope");
        Consented { scope, claims: claims.iter().map(|claim| (*claim).to_owned()).collect() }
    }

    #[test]
    fn a_scope_allows_its_claims_but_a_claim_not_its_scope() {
        let before = consented("openid email", &["name"]);
        assert!(before.covers(&consented("openid", &["email", "name"])));
        assert!(!before.covers(&consented("openid profile", &[])));
        assert!(!before.covers(&consented("openid", &["given_name"])));
        let more = before.union(&consented("openid", &["given_name"]));
        assert_eq!(more, consented("openid email", &["given_name", "name"]));
    }
}
