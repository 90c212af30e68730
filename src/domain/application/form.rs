//! The application's form and its rules: what is typed, on-line or by a clerk from paper, becomes [`Particulars`], or
//! one problem for each field that has one.
//!
//! The rules ask for what the office needs to find the person, and no more: a register that is typed by hand has names
//! and numbers of every shape.

use unicode_normalization::UnicodeNormalization as _;

use super::{Applicant, Channel, Particulars, PremisesAddress};
use crate::domain::ids::OfficeId;
use crate::domain::password_policy::characters::is_unprintable;
use crate::domain::premises::TitleRole;

/// Everything as it was typed; what was left out is empty.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ApplicationForm {
    pub applicant: String,
    pub given_name: String,
    pub family_name: String,
    pub organisation_name: String,
    pub contractor_number: String,
    pub street: String,
    pub postal_code: String,
    pub city: String,
    pub title_role: String,
    /// The office's id.
    pub office: String,
    pub email: String,
    /// "I have no e-mail address", in so many words.
    pub has_no_email: bool,
    pub phone_number: String,
    pub accepts_regulations: bool,
    /// The version of the Regulations that was shown beside the box.
    pub regulations_version: String,
}

/// A field of the form, in its order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Field {
    Applicant,
    GivenName,
    FamilyName,
    OrganisationName,
    ContractorNumber,
    Street,
    PostalCode,
    City,
    TitleRole,
    Office,
    Email,
    PhoneNumber,
    Regulations,
}

impl Field {
    pub const ALL: [Self; 13] = [
        Self::Applicant,
        Self::GivenName,
        Self::FamilyName,
        Self::OrganisationName,
        Self::ContractorNumber,
        Self::Street,
        Self::PostalCode,
        Self::City,
        Self::TitleRole,
        Self::Office,
        Self::Email,
        Self::PhoneNumber,
        Self::Regulations,
    ];

    /// Its name in the form.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Applicant => "applicant",
            Self::GivenName => "given_name",
            Self::FamilyName => "family_name",
            Self::OrganisationName => "organisation_name",
            Self::ContractorNumber => "contractor_number",
            Self::Street => "street",
            Self::PostalCode => "postal_code",
            Self::City => "city",
            Self::TitleRole => "title_role",
            Self::Office => "office",
            Self::Email => "email",
            Self::PhoneNumber => "phone_number",
            Self::Regulations => "regulations",
        }
    }

    /// How many characters it may have, spaces around it aside.
    pub const fn longest(self) -> usize {
        match self {
            Self::ContractorNumber => 40,
            Self::OrganisationName | Self::Street => 200,
            Self::Email => 254,
            _ => 100,
        }
    }
}

/// What is wrong with a field. Each has a text of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FieldProblem {
    /// Nothing was typed or chosen.
    Missing,
    /// In characters.
    TooLong {
        most: usize,
    },
    /// It has characters that nobody sees, NUL among them.
    Unprintable,
    /// A name, a street or a city without a letter, or a number without a digit.
    NotPlausible,
    /// Not five digits.
    NotPostalCode,
    NotEmail,
    /// On-line the address is how the application is confirmed: without one there is the paper form.
    EmailNeededOnline,
    /// An address was typed, and "I have no e-mail" ticked.
    EmailContradicted,
    NotPhoneNumber,
    /// Without an e-mail address, how can the office answer?
    PhoneNeededWithoutEmail,
    /// The office was taken off the list meanwhile.
    NotOnTheList,
    NotAccepted,
    /// A newer version was published while the form was open.
    RegulationsChanged,
}

impl FieldProblem {
    /// The key of its text, after the field's own or the common prefix.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::TooLong { .. } => "too-long",
            Self::Unprintable => "unprintable",
            Self::NotPlausible => "not-plausible",
            Self::NotPostalCode => "not-postal-code",
            Self::NotEmail => "not-email",
            Self::EmailNeededOnline => "needed-online",
            Self::EmailContradicted => "contradicted",
            Self::NotPhoneNumber => "not-phone-number",
            Self::PhoneNeededWithoutEmail => "needed-without-email",
            Self::NotOnTheList => "not-on-the-list",
            Self::NotAccepted => "not-accepted",
            Self::RegulationsChanged => "changed",
        }
    }
}

/// What the form is checked against.
#[derive(Debug, Clone, Copy)]
pub struct FormRules<'a> {
    pub channel: Channel,
    /// Those that can be chosen.
    pub offices: &'a [OfficeId],
    /// The version of the Regulations in force; `None` before the first was published: there is nothing to accept.
    pub regulations: Option<&'a str>,
}

/// Reads the form.
///
/// # Errors
/// At most one problem for each field, in the form's order.
pub fn check(
    form: &ApplicationForm,
    rules: FormRules<'_>,
) -> Result<Particulars, Vec<(Field, FieldProblem)>> {
    let mut problems = Problems(Vec::new());
    let applicant = problems.of(Field::Applicant, chosen(&form.applicant));
    let given_name = problems.of(Field::GivenName, name(Field::GivenName, &form.given_name));
    let family_name = problems.of(Field::FamilyName, name(Field::FamilyName, &form.family_name));
    let organisation_name = match applicant {
        Some(Applicant::Firm) => problems
            .of(Field::OrganisationName, name(Field::OrganisationName, &form.organisation_name))
            .map(Some),
        // Whoever chose "person" after typing a firm's name meant the last of the two.
        Some(Applicant::Person) | None => Some(None),
    };
    let contractor_number = problems.of(Field::ContractorNumber, contractor_number(&form.contractor_number));
    let street = problems.of(Field::Street, name(Field::Street, &form.street));
    let postal_code = problems.of(Field::PostalCode, postal_code(&form.postal_code));
    let city = problems.of(Field::City, name(Field::City, &form.city));
    let title_role = problems.of(Field::TitleRole, chosen::<TitleRole>(&form.title_role));
    let office = problems.of(Field::Office, office(&form.office, rules.offices));
    let email = problems.of(Field::Email, email(form, rules.channel));
    let phone_number = problems.of(Field::PhoneNumber, phone_number(form, rules.channel));
    problems.of(Field::Regulations, regulations(form, rules.regulations));
    let particulars = || {
        Some(Particulars {
            applicant: applicant?,
            given_name: given_name?,
            family_name: family_name?,
            organisation_name: organisation_name?,
            contractor_number: contractor_number?,
            premises: PremisesAddress { street: street?, postal_code: postal_code?, city: city? },
            title_role: title_role?,
            office: office?,
            email: email?,
            phone_number: phone_number?,
        })
    };
    match particulars() {
        Some(particulars) if problems.0.is_empty() => Ok(particulars),
        _ => Err(problems.0),
    }
}

struct Problems(Vec<(Field, FieldProblem)>);

impl Problems {
    fn of<T>(&mut self, field: Field, read: Result<T, FieldProblem>) -> Option<T> {
        read.map_err(|problem| self.0.push((field, problem))).ok()
    }
}

/// One line of text: NFC, no spaces around it, one where there were several.
fn line(field: Field, typed: &str) -> Result<String, FieldProblem> {
    // Cut before it is folded: what is far too long costs nothing more.
    if typed.trim().chars().nth(field.longest() * 4).is_some() {
        return Err(FieldProblem::TooLong { most: field.longest() });
    }
    let text: String = typed.nfc().collect();
    // A tab or a line's end that was pasted along is a space.
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if text.is_empty() {
        Err(FieldProblem::Missing)
    } else if text.chars().any(is_unprintable) {
        Err(FieldProblem::Unprintable)
    } else if text.chars().count() > field.longest() {
        Err(FieldProblem::TooLong { most: field.longest() })
    } else {
        Ok(text)
    }
}

/// The same, for what may be left out.
fn optional_line(field: Field, typed: &str) -> Result<Option<String>, FieldProblem> {
    match line(field, typed) {
        Ok(text) => Ok(Some(text)),
        Err(FieldProblem::Missing) => Ok(None),
        Err(problem) => Err(problem),
    }
}

fn chosen<T: std::str::FromStr>(typed: &str) -> Result<T, FieldProblem> {
    typed.trim().parse().map_err(|_| FieldProblem::Missing)
}

/// Of a person, a firm, a street or a city: whatever it is, it has a letter in it.
fn name(field: Field, typed: &str) -> Result<String, FieldProblem> {
    let text = line(field, typed)?;
    if text.chars().any(char::is_alphabetic) { Ok(text) } else { Err(FieldProblem::NotPlausible) }
}

/// Whatever the register calls a number: digits, mostly, with letters and marks between them.
fn contractor_number(typed: &str) -> Result<Option<String>, FieldProblem> {
    let number = optional_line(Field::ContractorNumber, typed)?;
    let is_plausible = |text: &String| text.chars().any(|c| c.is_ascii_digit());
    match number {
        Some(text) if !is_plausible(&text) => Err(FieldProblem::NotPlausible),
        number => Ok(number),
    }
}

/// `41-600`, however its digits were grouped.
fn postal_code(typed: &str) -> Result<String, FieldProblem> {
    let text = line(Field::PostalCode, typed)?;
    let digits: String = text.chars().filter(|c| !c.is_whitespace() && !is_dash(*c)).collect();
    match (digits.len() == 5 && digits.bytes().all(|byte| byte.is_ascii_digit())).then(|| digits.split_at(2))
    {
        Some((region, rest)) => Ok(format!("{region}-{rest}")),
        None => Err(FieldProblem::NotPostalCode),
    }
}

fn office(typed: &str, offices: &[OfficeId]) -> Result<OfficeId, FieldProblem> {
    let typed = typed.trim();
    if typed.is_empty() {
        return Err(FieldProblem::Missing);
    }
    let chosen = typed.parse::<OfficeId>().ok().filter(|chosen| offices.contains(chosen));
    chosen.ok_or(FieldProblem::NotOnTheList)
}

fn email(form: &ApplicationForm, channel: Channel) -> Result<Option<String>, FieldProblem> {
    match (optional_line(Field::Email, &form.email)?, form.has_no_email, channel) {
        (None, true, Channel::Paper) => Ok(None),
        (None, true, Channel::Online) => Err(FieldProblem::EmailNeededOnline),
        (None, false, _) => Err(FieldProblem::Missing),
        (Some(_), true, _) => Err(FieldProblem::EmailContradicted),
        (Some(address), false, _) => mailbox(&address).map(Some).ok_or(FieldProblem::NotEmail),
    }
}

/// An address that mail can be sent to (RFC 5321 §4.1.2, `Mailbox` without quoted strings and address literals), its
/// domain in lower case. Whether it is the person's own, the confirmation shows.
fn mailbox(text: &str) -> Option<String> {
    let (local, domain) = text.rsplit_once('@')?;
    // RFC 5322 §3.2.3, `dot-atom`.
    let is_atext = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~".contains(&byte);
    let is_local =
        local.len() <= 64 && local.split('.').all(|atom| !atom.is_empty() && atom.bytes().all(is_atext));
    let is_label = |label: &str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    let is_domain = domain.contains('.') && domain.split('.').all(is_label);
    // `jan@wp.pl1` and `jan@10.0.0.1` are slips: no top-level domain ends in a digit.
    let ends_in_letter = domain.bytes().last().is_some_and(|byte| byte.is_ascii_alphabetic());
    (is_local && is_domain && ends_in_letter).then(|| format!("{local}@{}", domain.to_ascii_lowercase()))
}

fn phone_number(form: &ApplicationForm, channel: Channel) -> Result<Option<String>, FieldProblem> {
    match optional_line(Field::PhoneNumber, &form.phone_number)? {
        Some(text) => telephone(&text).map(Some).ok_or(FieldProblem::NotPhoneNumber),
        // On-line the address itself is what is missing, and is told.
        None if form.has_no_email && channel == Channel::Paper => Err(FieldProblem::PhoneNeededWithoutEmail),
        None => Ok(None),
    }
}

/// A number in the form of E.164. Nine digits, with the old trunk `0` or without, are Polish.
fn telephone(text: &str) -> Option<String> {
    let bare: String = text
        .chars()
        .filter(|c| !c.is_whitespace() && !is_dash(*c) && !matches!(c, '(' | ')' | '.' | '/'))
        .collect();
    let (is_abroad, digits) = match (bare.strip_prefix('+'), bare.strip_prefix("00")) {
        (Some(rest), _) | (None, Some(rest)) => (true, rest),
        (None, None) => (false, bare.as_str()),
    };
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    if is_abroad && !digits.starts_with("48") {
        // Another country's: its rules are its own.
        return ((8..=15).contains(&digits.len()) && !digits.starts_with('0')).then(|| format!("+{digits}"));
    }
    let national = match digits.strip_prefix("48") {
        // Nine digits that begin with 48 are a number of their own.
        Some(rest) if is_abroad || rest.len() == 9 => rest,
        _ => digits.strip_prefix('0').unwrap_or(digits),
    };
    (national.len() == 9 && !national.starts_with('0')).then(|| format!("+48{national}"))
}

fn regulations(form: &ApplicationForm, current: Option<&str>) -> Result<(), FieldProblem> {
    match current {
        Some(current) if form.regulations_version != current && form.accepts_regulations => {
            Err(FieldProblem::RegulationsChanged)
        }
        Some(_) if !form.accepts_regulations => Err(FieldProblem::NotAccepted),
        Some(_) | None => Ok(()),
    }
}

/// As keyboards and word processors write it.
fn is_dash(c: char) -> bool {
    matches!(c, '-' | '\u{2010}'..='\u{2015}' | '\u{2212}')
}

impl From<&Particulars> for ApplicationForm {
    /// What was sent, to be corrected. The Regulations were accepted then.
    fn from(sent: &Particulars) -> Self {
        let optional = |text: &Option<String>| text.clone().unwrap_or_default();
        Self {
            applicant: sent.applicant.as_str().to_owned(),
            given_name: sent.given_name.clone(),
            family_name: sent.family_name.clone(),
            organisation_name: optional(&sent.organisation_name),
            contractor_number: optional(&sent.contractor_number),
            street: sent.premises.street.clone(),
            postal_code: sent.premises.postal_code.clone(),
            city: sent.premises.city.clone(),
            title_role: sent.title_role.as_str().to_owned(),
            office: sent.office.to_string(),
            email: optional(&sent.email),
            has_no_email: sent.email.is_none(),
            phone_number: optional(&sent.phone_number),
            accepts_regulations: false,
            regulations_version: String::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn offices() -> [OfficeId; 1] {
        [OfficeId::from(Uuid::from_u128(1))]
    }

    fn good() -> ApplicationForm {
        ApplicationForm {
            applicant: "person".to_owned(),
            given_name: "Łucja".to_owned(),
            family_name: "Żółkiewska".to_owned(),
            street: "ul. Katowicka 12/4".to_owned(),
            postal_code: "41-600".to_owned(),
            city: "Świętochłowice".to_owned(),
            title_role: "tenant".to_owned(),
            office: Uuid::from_u128(1).to_string(),
            email: "lucja@example.pl".to_owned(),
            accepts_regulations: true,
            regulations_version: "2026-1".to_owned(),
            ..ApplicationForm::default()
        }
    }

    fn checked(form: &ApplicationForm, channel: Channel) -> Result<Particulars, Vec<(Field, FieldProblem)>> {
        check(form, FormRules { channel, offices: &offices(), regulations: Some("2026-1") })
    }

    fn problems(form: &ApplicationForm) -> Vec<(Field, FieldProblem)> {
        checked(form, Channel::Online).err().unwrap_or_default()
    }

    #[test]
    fn what_is_typed_is_trimmed_and_composed() {
        let form = ApplicationForm {
            given_name: "  Z\u{307}aneta \u{a0} Maria\t".to_owned(),
            contractor_number: " K/000 123 ".to_owned(),
            ..good()
        };
        let read = checked(&form, Channel::Online).expect("good");
        assert_eq!(read.given_name, "Żaneta Maria");
        assert_eq!(read.contractor_number.as_deref(), Some("K/000 123"));
        assert_eq!((read.organisation_name, read.phone_number), (None, None));
    }

    #[test]
    fn an_empty_form_is_told_everything_at_once_in_its_order() {
        use Field::{
            Applicant, City, Email, FamilyName, GivenName, Office, PostalCode, Regulations, Street, TitleRole,
        };
        let empty = problems(&ApplicationForm::default());
        let told: Vec<Field> = empty.iter().map(|(field, _)| *field).collect();
        assert_eq!(
            told,
            [
                Applicant,
                GivenName,
                FamilyName,
                Street,
                PostalCode,
                City,
                TitleRole,
                Office,
                Email,
                Regulations
            ]
        );
    }

    /// Given a very long text.
    type Spoil = fn(&mut ApplicationForm, &str);

    #[test]
    fn each_field_has_its_own_problem() {
        let long = "x".repeat(5_000);
        let cases: [(Field, FieldProblem, Spoil); 14] = [
            (Field::GivenName, FieldProblem::Unprintable, |form, _| form.given_name = "a\0b".to_owned()),
            (Field::GivenName, FieldProblem::Unprintable, |form, _| {
                form.given_name = "a\u{200b}b".to_owned();
            }),
            (Field::GivenName, FieldProblem::NotPlausible, |form, _| form.given_name = "-".to_owned()),
            (Field::FamilyName, FieldProblem::TooLong { most: 100 }, |form, long| {
                form.family_name = long.to_owned();
            }),
            (Field::OrganisationName, FieldProblem::Missing, |form, _| form.applicant = "firm".to_owned()),
            (Field::ContractorNumber, FieldProblem::NotPlausible, |form, _| {
                form.contractor_number = "nie pamiętam".to_owned();
            }),
            (Field::PostalCode, FieldProblem::NotPostalCode, |form, _| form.postal_code = "4160".to_owned()),
            (Field::TitleRole, FieldProblem::Missing, |form, _| form.title_role = "king".to_owned()),
            (Field::Office, FieldProblem::NotOnTheList, |form, _| {
                form.office = Uuid::from_u128(2).to_string();
            }),
            (Field::Email, FieldProblem::EmailContradicted, |form, _| form.has_no_email = true),
            (Field::Email, FieldProblem::EmailNeededOnline, |form, _| {
                (form.has_no_email, form.email) = (true, String::new());
            }),
            (Field::PhoneNumber, FieldProblem::NotPhoneNumber, |form, _| {
                form.phone_number = "32 245 00".to_owned();
            }),
            (Field::Regulations, FieldProblem::NotAccepted, |form, _| form.accepts_regulations = false),
            (Field::Regulations, FieldProblem::RegulationsChanged, |form, _| {
                form.regulations_version = "2025-1".to_owned();
            }),
        ];
        for (field, problem, spoil) in cases {
            let mut form = good();
            spoil(&mut form, &long);
            assert_eq!(problems(&form), [(field, problem)]);
        }
        assert_eq!(problems(&good()), []);
    }

    #[test]
    fn postal_codes_and_telephones_are_read_as_people_type_them() {
        for typed in ["41-600", "41600", " 41 600", "41 – 600", "41\u{2011}600"] {
            assert_eq!(postal_code(typed), Ok("41-600".to_owned()), "{typed}");
        }
        for typed in [
            "322450000",
            "32 245 00 00",
            "(32) 245-00-00",
            "0-32 245 00 00",
            "+48 32 245 00 00",
            "0048 322450000",
            "48 322 450 000",
        ] {
            assert_eq!(telephone(typed).as_deref(), Some("+48322450000"), "{typed}");
        }
        // Nine digits that begin like the country's code.
        assert_eq!(telephone("483 224 500").as_deref(), Some("+48483224500"));
        assert_eq!(telephone("+49 30 123456").as_deref(), Some("+4930123456"));
        for typed in ["12345678", "+48 12345678", "32 245 00 0O", "+", "00", "1234567890123456"] {
            assert_eq!(telephone(typed), None, "{typed}");
        }
    }

    #[test]
    fn rfc_5321_4_1_2_addresses() {
        assert_eq!(mailbox("Jan.Kowalski+iok@Example.PL").as_deref(), Some("Jan.Kowalski+iok@example.pl"));
        for text in [
            "jan",
            "jan@",
            "@example.pl",
            "jan@example",
            "jan@example..pl",
            ".jan@example.pl",
            "jan kowalski@example.pl",
            "jan@exa mple.pl",
            "jan@example.pl, ewa@example.pl",
            "jan@example.pl1",
            "jan@[127.0.0.1]",
            "żaneta@example.pl",
        ] {
            assert_eq!(mailbox(text), None, "{text}");
        }
    }

    #[test]
    fn on_paper_a_person_may_have_no_email_but_then_a_telephone() {
        let mut form = ApplicationForm { email: String::new(), has_no_email: true, ..good() };
        let told = checked(&form, Channel::Paper).err();
        assert_eq!(told, Some(vec![(Field::PhoneNumber, FieldProblem::PhoneNeededWithoutEmail)]));
        form.phone_number = "32 245 00 00".to_owned();
        assert!(checked(&form, Channel::Paper).is_ok_and(|read| read.email.is_none()));
    }

    #[test]
    fn before_the_first_regulations_there_is_nothing_to_accept() {
        let form = ApplicationForm { accepts_regulations: false, ..good() };
        let rules = FormRules { channel: Channel::Online, offices: &offices(), regulations: None };
        assert!(check(&form, rules).is_ok());
    }

    #[test]
    fn what_was_sent_comes_back_as_it_was() {
        let sent = checked(&good(), Channel::Online).expect("good");
        let form = ApplicationForm {
            accepts_regulations: true,
            regulations_version: "2026-1".to_owned(),
            ..ApplicationForm::from(&sent)
        };
        assert_eq!(checked(&form, Channel::Online).map(|read| read.family_name).ok(), Some(sent.family_name));
    }
}
