//! One account per person: when an application is by somebody who has an account already.

use super::ids::ContractorId;
use super::register_key;

/// Somebody, as an application or an account has them.
#[derive(Debug, Clone, Copy)]
pub struct Somebody<'a> {
    pub given_name: &'a str,
    pub family_name: &'a str,
    pub organisation_name: Option<&'a str>,
    /// Whom they act for.
    pub contractors: &'a [ContractorId],
}

/// What somebody is called, folded.
#[derive(Debug, PartialEq, Eq)]
enum Called {
    Person(String),
    /// Where no person is named.
    Organisation(String),
}

/// Are these two, as far as one can tell, one person? They act for the same contractor, and are called the same.
///
/// The contractor alone says too little: the people of a firm, and co-owners, rightly have an account each. So does the
/// name alone: of namesakes each has their own contractor. Who is taken for somebody else by both (a father and a son)
/// gets an account from a supervisor.
pub fn is_same_person(one: Somebody<'_>, other: Somebody<'_>) -> bool {
    let same_contractor = one.contractors.iter().any(|contractor| other.contractors.contains(contractor));
    same_contractor && one.called().is_some_and(|name| Some(name) == other.called())
}

impl Somebody<'_> {
    fn called(&self) -> Option<Called> {
        let person = register_key::of_person(self.given_name, self.family_name).map(Called::Person);
        person.or_else(|| {
            self.organisation_name.and_then(register_key::of_organisation).map(Called::Organisation)
        })
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    const LUCJA: Somebody<'static> = Somebody {
        given_name: "Łucja",
        family_name: "Żółkiewska",
        organisation_name: None,
        contractors: &[],
    };

    fn contractor(number: u128) -> ContractorId {
        Uuid::from_u128(number).into()
    }

    #[test]
    fn it_takes_the_same_contractor_and_the_same_name() {
        let (own, shared) = ([contractor(1), contractor(2)], [contractor(2), contractor(3)]);
        let lucja = Somebody { contractors: &own, ..LUCJA };
        let again = Somebody { given_name: "LUCJA MARIA", family_name: "Zolkiewska", ..lucja };
        assert!(is_same_person(lucja, Somebody { contractors: &shared, ..again }));
        assert!(!is_same_person(lucja, Somebody { contractors: &[contractor(3)], ..again }), "a namesake");
        assert!(!is_same_person(lucja, Somebody { given_name: "Anna", ..lucja }), "a co-owner");
        assert!(!is_same_person(LUCJA, LUCJA), "nobody's contractor is not the same one");
    }

    #[test]
    fn a_firm_counts_by_its_name_only_where_no_person_is_named() {
        let firm = [contractor(1)];
        let bakery = Somebody {
            given_name: "",
            family_name: "",
            organisation_name: Some("Piekarnia Kłos"),
            contractors: &firm,
        };
        let again = Somebody { organisation_name: Some("PIEKARNIA KŁOS sp. z o.o."), ..bakery };
        assert!(is_same_person(bakery, again));
        let baker = Somebody { given_name: "Jan", family_name: "Kłos", ..bakery };
        assert!(!is_same_person(bakery, baker), "one of its people");
        let nameless = Somebody { organisation_name: None, ..bakery };
        assert!(!is_same_person(nameless, nameless));
    }
}
