//! The columns of the file.

use crate::integrations::csv::columns;

columns! {
    ContractorNumber = "contractor_number", true;
    GivenName = "given_name", true;
    FamilyName = "family_name", true;
    OrganisationName = "organisation_name", true;
    Office = "office", true;
    Premises = "premises", true;
    PremisesKind = "premises_kind", true;
    Street = "street", true;
    PostalCode = "postal_code", true;
    City = "city", true;
    Role = "role", true;
    ValidFrom = "valid_from", true;
    ValidUntil = "valid_until", true;
}
