//! The columns of the file.

use crate::integrations::csv::columns;

columns! {
    Login = "login", true;
    ContractorNumber = "contractor_number", true;
    GivenName = "given_name", true;
    FamilyName = "family_name", true;
    Email = "email", true;
    Phone = "phone", true;
    Street = "street", true;
    PostalCode = "postal_code", true;
    City = "city", true;
    Office = "office", true;
    Premises = "premises", true;
    State = "state", true;
    InitialPasswordHash = "initial_password_hash", true;
    PasswordHash = "password_hash", true;
    LetterSerial = "letter_serial", false;
    EmailVerified = "email_verified", false;
    Locale = "locale", false;
    OrganisationName = "organisation_name", false;
    Attributes = "attributes", false;
}
