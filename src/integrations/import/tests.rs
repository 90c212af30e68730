use std::fmt::Write as _;

use chrono::NaiveDate;

use super::*;
use crate::domain::locale::Locale;
use crate::domain::premises::{PremisesKind, TitleRole};

const HASH: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$Xq5lsV9zR1yGmVqEJ7p2mFZ2cW1xY0h0a2V5dGVzdHM";
const OTHER_HASH: &str =
    "$argon2id$v=19$m=65536,t=5,p=4$c29tZXNhbHRzb21lc2FsdA$Aq5lsV9zR1yGmVqEJ7p2mFZ2cW1xY0h0a2V5dGVzdHM";

/// A file that is built column by column: what a test does not mention is good.
struct File {
    columns: Vec<&'static str>,
    rows: Vec<Vec<String>>,
}

impl File {
    const GOOD_ROW: [(&'static str, &'static str); 19] = [
        ("login", ""),
        ("contractor_number", "K-17"),
        ("given_name", "Anna"),
        ("family_name", "Nowak"),
        ("email", "anna@example.org"),
        ("phone", "32 245 00 00"),
        ("street", "ul. Bytomska 8/4"),
        ("postal_code", "41-600"),
        ("city", "Świętochłowice"),
        ("office", "Administracja nr 1"),
        ("premises", "SW/12/4:owner"),
        ("state", "active"),
        ("initial_password_hash", ""),
        ("password_hash", HASH),
        ("letter_serial", ""),
        ("email_verified", ""),
        ("locale", ""),
        ("organisation_name", ""),
        ("attributes", ""),
    ];

    fn new() -> Self {
        Self { columns: Self::GOOD_ROW.iter().map(|(column, _)| *column).collect(), rows: Vec::new() }
    }

    /// A good row, except for these fields.
    fn row(mut self, fields: &[(&str, &str)]) -> Self {
        for (column, _) in fields {
            assert!(self.columns.contains(column), "no column {column}");
        }
        let login = format!("login{}", self.rows.len());
        let row = Self::GOOD_ROW.iter().map(|(column, good)| {
            let given = fields.iter().find(|(name, _)| name == column).map(|(_, value)| *value);
            let value = given.unwrap_or(if *column == "login" { &login } else { good });
            format!("\"{}\"", value.replace('"', "\"\""))
        });
        let row = row.collect();
        self.rows.push(row);
        self
    }

    fn text(&self) -> String {
        let mut text = self.columns.join(",") + "\n";
        for row in &self.rows {
            writeln!(text, "{}", row.join(",")).expect("a string takes everything");
        }
        text
    }

    fn parse(&self) -> Result<Vec<ImportedAccount>, ImportErrors> {
        parse(self.text().as_bytes())
    }
}

fn one(fields: &[(&str, &str)]) -> ImportedAccount {
    let mut accounts =
        File::new().row(fields).parse().unwrap_or_else(|errors| panic!("{fields:?}: {errors}"));
    assert_eq!(accounts.len(), 1);
    accounts.remove(0)
}

fn shown(result: Result<Vec<ImportedAccount>, ImportErrors>) -> Vec<String> {
    match result {
        Ok(accounts) => panic!("expected problems: {accounts:?}"),
        Err(errors) => errors.problems().iter().map(ToString::to_string).collect(),
    }
}

fn problems(fields: &[(&str, &str)]) -> Vec<String> {
    shown(File::new().row(fields).parse())
}

/// Exactly one thing is wrong, in this column.
fn assert_bad(column: &str, value: &str) {
    let found = problems(&[(column, value)]);
    assert!(
        found.len() == 1 && found[0].starts_with(&format!("line 2, column {column}: ")),
        "{value:?}: {found:?}"
    );
}

#[test]
fn a_good_file_is_read_completely() {
    let account = one(&[
        ("login", " Anna.Nowak "),
        ("contractor_number", "K-17; 000123/A"),
        ("premises", "SW/12/4:co_owner; SW/G3 : Lessee : commercial ;SW/9/1:proxy::2027-03-31"),
        ("letter_serial", "22222-22222"),
        ("email_verified", "TRUE"),
        ("locale", "en-GB"),
        ("organisation_name", "Piekarnia \"Kłos\""),
        ("attributes", r#"{"birthdate":"1980-02-29","nickname":"Ania","website":"https://example.org"}"#),
    ]);
    assert_eq!((account.line, account.login.as_str()), (2, "anna.nowak"));
    assert_eq!(account.state, AccountState::Active);
    let numbers: Vec<_> = account.contractor_numbers.iter().map(ContractorNumber::as_str).collect();
    assert_eq!(numbers, ["K-17", "000123/A"]);
    let titles: Vec<_> = account
        .titles
        .iter()
        .map(|title| {
            (title.premises_code.as_str(), title.title.role(), title.kind, title.title.valid_until())
        })
        .collect();
    assert_eq!(
        titles,
        [
            ("SW/12/4", TitleRole::CoOwner, PremisesKind::Residential, None),
            ("SW/G3", TitleRole::Lessee, PremisesKind::Commercial, None),
            ("SW/9/1", TitleRole::Proxy, PremisesKind::Residential, NaiveDate::from_ymd_opt(2027, 3, 31)),
        ]
    );
    assert_eq!(account.office.as_deref(), Some("Administracja nr 1"));
    assert_eq!(account.letter_serial.map(|serial| serial.to_string()).as_deref(), Some("22222-22222"));
    assert_eq!(account.password_hash.as_ref().map(ImportedHash::as_str), Some(HASH));
    assert_eq!(account.initial_password_hash, None);
    let profile = account.profile;
    assert_eq!(profile.email.as_deref(), Some("anna@example.org"));
    assert!(profile.email_verified);
    assert_eq!(profile.phone_number.as_deref(), Some("+48322450000"));
    assert_eq!(profile.postal_code.as_deref(), Some("41-600"));
    assert_eq!(profile.locale, Some(Locale::English));
    assert_eq!(profile.organisation_name.as_deref(), Some("Piekarnia \"Kłos\""));
    assert_eq!(profile.attributes["birthdate"], "1980-02-29");
}

#[test]
fn optional_columns_and_values_may_be_left_out() {
    let text = format!(
        "password_hash,login,contractor_number,given_name,family_name,email,phone,street,postal_code,city,office,premises,state,\
         initial_password_hash\n{},10017,K-17,Anna,Nowak,,,,,,,,Active,\n",
        format_args!("\"{HASH}\"")
    );
    let accounts = parse(text.as_bytes()).expect("a good file");
    let profile = &accounts[0].profile;
    assert_eq!(
        (profile.email.as_ref(), profile.phone_number.as_ref(), profile.email_verified),
        (None, None, false)
    );
    assert_eq!((accounts[0].titles.len(), accounts[0].office.as_ref()), (0, None));
}

#[test]
fn a_byte_order_mark_windows_line_ends_and_empty_rows_are_fine() {
    let text = File::new().row(&[]).row(&[]).text();
    let empty_row = ",".repeat(18);
    let text = format!("\u{feff}{}{empty_row}\r\n\r\n", text.replace('\n', "\r\n"));
    assert_eq!(parse(text.as_bytes()).expect("a good file").len(), 2);
}

#[test]
fn every_bad_field_of_every_row_is_told_with_its_line_and_column() {
    let found = shown(
        File::new()
            .row(&[
                ("email", "anna"),
                ("state", "locked"),
                ("premises", "SW/1:landlord;SW/2:proxy;SW/3:owner"),
            ])
            .row(&[])
            .row(&[("login", "x"), ("password_hash", "$2y$10$abcdefghijklmnopqrstuu"), ("phone", "12")])
            .parse(),
    );
    let places: Vec<_> = found.iter().filter_map(|problem| problem.split(": ").next()).collect();
    assert_eq!(
        places,
        [
            "line 2, column state",
            "line 2, column email",
            "line 2, column premises",
            "line 2, column premises",
            "line 4, column login",
            "line 4, column phone",
            "line 4, column password_hash",
        ],
        "{found:#?}"
    );
}

#[test]
fn lines_are_those_of_the_file_even_after_quoted_line_breaks() {
    let found = shown(File::new().row(&[("street", "ul. Bytomska\n8/4")]).row(&[("email", "anna")]).parse());
    assert_eq!(found[0], "line 2, column street: has a control character or a line break in it");
    assert!(found[1].starts_with("line 4, column email: "), "{found:?}");
}

#[test]
fn lines_are_counted_through_empty_ones() {
    let text = File::new().row(&[("email", "anna")]).text();
    let spaced = text.replacen('\n', "\n\n\n", 1);
    assert!(shown(parse(spaced.as_bytes()))[0].starts_with("line 4, column email: "));
    let from_windows = spaced.replace('\n', "\r\n");
    assert!(shown(parse(from_windows.as_bytes()))[0].starts_with("line 4, column email: "));
    let with_two = File::new().row(&[]).row(&[("email", "anna")]).text().replace('\n', "\r\n");
    assert!(shown(parse(with_two.as_bytes()))[0].starts_with("line 3, column email: "));
}

#[test]
fn the_header_must_be_right() {
    let text = File::new().row(&[]).text();
    let cases = [
        (String::new(), "line 1: the file is empty"),
        (
            text.replace("postal_code,", "postcode,"),
            "line 1, column postcode: unknown column; did you mean postal_code?",
        ),
        (text.replace("postal_code,", "postcode,"), "line 1, column postal_code: the column is missing"),
        (text.replace("email,", "login,"), "line 1, column login: the column is there twice"),
        (text.replace(',', ";"), "line 1: columns must be separated by commas"),
    ];
    for (text, expected) in cases {
        let found = shown(parse(text.as_bytes()));
        assert!(found.iter().any(|problem| problem == expected), "{expected}: {found:?}");
    }
}

#[test]
fn a_row_with_too_few_or_too_many_fields_is_told() {
    let text = File::new().row(&[]).text();
    let short = shown(parse(format!("{text}anna,K-1\n").as_bytes()));
    assert_eq!(short, ["line 3, column given_name: the row has 2 fields, and the header 19"]);
    let long = shown(parse(format!("{},surplus\n", text.trim_end()).as_bytes()));
    assert_eq!(long, ["line 2, column attributes: the row has 20 fields, and the header 19"]);
}

#[test]
fn text_must_be_utf8() {
    let text = File::new().row(&[("city", "~roda")]).text();
    let latin2: Vec<u8> = text.bytes().map(|byte| if byte == b'~' { 0xa6 } else { byte }).collect();
    assert_eq!(shown(parse(&latin2[..])), ["line 2, column city: is not UTF-8"]);
}

#[test]
fn logins_and_serials_are_there_once() {
    let file = File::new()
        .row(&[("login", "anna"), ("letter_serial", "22222-22222")])
        .row(&[("login", "Anna "), ("letter_serial", "2222222222")])
        .row(&[("contractor_number", "K-17")]);
    assert_eq!(
        shown(file.parse()),
        [
            "line 3, column login: anna is in line 2 already",
            "line 3, column letter_serial: 22222-22222 is in line 2 already",
        ]
    );
    assert!(File::new().row(&[]).row(&[]).parse().is_ok(), "a contractor number may be there twice");
}

#[test]
fn premises_have_one_kind() {
    let file = File::new().row(&[("premises", "G3:owner")]).row(&[("premises", "G3:tenant:commercial")]);
    let accounts = file.parse().expect("a good file");
    assert_eq!(accounts[0].titles[0].kind, PremisesKind::Commercial, "one row says it for all");

    let file = file.row(&[("premises", "G3:lessee:residential")]);
    assert_eq!(
        shown(file.parse()),
        ["line 4, column premises: G3 is residential here, and commercial in line 3"]
    );
}

#[test]
fn bad_values_are_refused() {
    let long = "x".repeat(201);
    for (column, value) in [
        ("login", ""),
        ("login", "ab"),
        ("login", "jan kowalski"),
        ("contractor_number", ""),
        ("contractor_number", ";"),
        ("contractor_number", "K 17"),
        ("contractor_number", "K-17;K-17"),
        ("given_name", ""),
        ("family_name", " "),
        ("street", long.as_str()),
        ("email", "anna"),
        ("email", "anna@"),
        ("email", "anna@example"),
        ("email", "anna@example..org"),
        ("email", "anna nowak@example.org"),
        ("email", "anna@example.org, jan@example.org"),
        ("email", "<anna@example.org>"),
        ("email", ".anna@example.org"),
        ("phone", "12345"),
        ("phone", "+48 32 245 00 0x"),
        ("phone", "+0322450000"),
        ("phone", "+48322450000322450000"),
        ("phone", "322450000 w. 12"),
        ("email_verified", "yes"),
        ("locale", "de"),
        ("locale", "pl-"),
        ("locale", "polish"),
        ("state", ""),
        ("state", "locked"),
        ("state", "erased"),
        ("letter_serial", "22222-22223"),
        ("letter_serial", "22"),
        ("letter_serial", "L 17/ł"),
        ("premises", "SW/12/4"),
        ("premises", ":owner"),
        ("premises", "SW/12/4:landlord"),
        ("premises", "SW/12/4:owner:garage"),
        ("premises", "SW/12/4:owner:residential:31.03.2027"),
        ("premises", "SW/12/4:owner:residential:2027-3-31"),
        ("premises", "SW/12/4:owner:residential:2027-02-29"),
        ("premises", "SW/12/4:owner:residential:2027-03-31:x"),
        ("premises", "SW/12/4:authorised_person"),
        ("premises", "SW/12/4:proxy:residential"),
        ("premises", "SW/12/4:owner;SW/12/4:owner"),
        ("attributes", "[]"),
        ("attributes", "{\"nickname\":"),
        ("attributes", r#"{"nickname":7}"#),
        ("attributes", r#"{"nickname":""}"#),
        ("attributes", r#"{"birthdate":"1980-02-30"}"#),
        ("attributes", r#"{"birthdate":"29.02.1980"}"#),
        ("attributes", r#"{"website":"javascript:alert(1)"}"#),
        ("attributes", r#"{"zoneinfo":"../etc/passwd"}"#),
        ("attributes", r#"{"phone_number_verified":"true"}"#),
        ("attributes", r#"{"favourite_colour":"red"}"#),
        ("attributes", r#"{"sub":"1"}"#),
        ("attributes", r#"{"email":"anna@example.org"}"#),
        ("attributes", r#"{"address":{}}"#),
        ("attributes", r#"{"address":{"country":"Polska"}}"#),
        ("attributes", r#"{"address":{"locality":"Gdynia"}}"#),
        ("attributes", r#"{"birthdate#pl":"1980-02-29"}"#),
        ("attributes", r#"{"nickname#":"Ania"}"#),
        ("attributes", r#"{"website#en":"ftp://example.org"}"#),
        ("attributes", r#"{"PESEL":"80022912345"}"#),
    ] {
        assert_bad(column, value);
    }
}

#[test]
fn good_values_of_every_shape_are_read() {
    for (column, value) in [
        ("email", "o'brien+iok@mail.example.co.uk"),
        ("phone", "0048 (32) 245-00-00"),
        ("locale", "pl-PL"),
        ("premises", ""),
        ("premises", "SW/12/4:owner;"),
        ("premises", "SW/12/4:owner;SW/12/4:authorised_person:residential:2027-03-31"),
        ("attributes", "{}"),
        ("attributes", r#"{"birthdate":"0000-02-29","gender":"female","zoneinfo":"Europe/Warsaw"}"#),
        ("attributes", r#"{"address":{"region":"śląskie","country":"CZ"},"nickname#en-GB":"Annie"}"#),
        ("attributes", r#"{"birthdate":"1980","phone_number_verified":true,"middle_name":"Ewa"}"#),
        (
            "attributes",
            r#"{"profile":"https://example.org/a","picture":"https://example.org/a.png","preferred_username":"ania"}"#,
        ),
    ] {
        one(&[(column, value)]);
    }
    for (typed, stored) in [
        ("322450000", "+48322450000"),
        ("+48 600-100-200", "+48600100200"),
        ("0049 30 1234567", "+49301234567"),
    ] {
        assert_eq!(one(&[("phone", typed)]).profile.phone_number.as_deref(), Some(stored));
    }
}

#[test]
fn a_firm_may_be_known_by_its_own_name_alone() {
    let account = one(&[("given_name", ""), ("family_name", ""), ("organisation_name", "Kłos s.c.")]);
    assert_eq!(account.profile.display_name(), "Kłos s.c.");
}

#[test]
fn verified_needs_something_that_was() {
    assert_eq!(
        problems(&[("email", ""), ("email_verified", "true")]),
        ["line 2, column email_verified: there is no e-mail address to be verified"]
    );
    assert_eq!(problems(&[("phone", ""), ("attributes", r#"{"phone_number_verified":true}"#)]).len(), 1);
}

#[test]
fn states_are_read_as_the_procedure_and_the_database_spell_them() {
    for (text, state) in [
        ("awaiting_collection", AccountState::AwaitingCollection),
        ("AwaitingCollection", AccountState::AwaitingCollection),
        ("INITIAL_PASSWORD", AccountState::InitialPassword),
        ("InitialPassword", AccountState::InitialPassword),
    ] {
        let account = one(&[("state", text), ("initial_password_hash", HASH), ("password_hash", "")]);
        assert_eq!(account.state, state);
    }
}

#[test]
fn the_state_agrees_with_the_hashes() {
    const NEITHER: (bool, bool) = (false, false);
    const INITIAL: (bool, bool) = (true, false);
    const CHOSEN: (bool, bool) = (false, true);
    const BOTH: (bool, bool) = (true, true);
    let allowed = [
        ("awaiting_collection", vec![INITIAL]),
        ("initial_password", vec![INITIAL]),
        ("active", vec![CHOSEN, BOTH]),
        ("suspended", vec![INITIAL, CHOSEN, BOTH]),
        ("lapsed", vec![NEITHER, INITIAL]),
        ("closed", vec![NEITHER, INITIAL, CHOSEN, BOTH]),
    ];
    for (state, good) in allowed {
        for hashes in [NEITHER, INITIAL, CHOSEN, BOTH] {
            let initial = if hashes.0 { OTHER_HASH } else { "" };
            let chosen = if hashes.1 { HASH } else { "" };
            let row = [("state", state), ("initial_password_hash", initial), ("password_hash", chosen)];
            let parsed = File::new().row(&row).parse();
            assert_eq!(parsed.is_ok(), good.contains(&hashes), "{state} with {hashes:?}: {parsed:?}");
        }
    }
}

#[test]
fn only_a_letter_from_before_keeps_its_initial_password() {
    let letter = [("initial_password_hash", OTHER_HASH), ("letter_serial", "22222-22222")];
    assert_eq!(
        problems(&letter),
        [
            "line 2, column initial_password_hash: the initial password of a letter with a serial ends when a password is \
             chosen"
        ]
    );
    one(&letter[..1]);
    assert_bad("initial_password_hash", "not a hash");
    assert_eq!(
        problems(&[("initial_password_hash", HASH)]),
        ["line 2, column password_hash: the chosen password is the initial one"]
    );
}

#[test]
fn a_letter_that_waits_does_so_somewhere() {
    let row = [
        ("state", "awaiting_collection"),
        ("initial_password_hash", HASH),
        ("password_hash", ""),
        ("office", ""),
    ];
    assert_eq!(
        problems(&row),
        ["line 2, column office: must not be empty: a letter waits there to be collected"]
    );
}

#[test]
fn a_bad_hash_is_not_also_a_missing_one() {
    let found = problems(&[("password_hash", "plaintext-password")]);
    assert_eq!(found.len(), 1, "{found:?}");
}

#[test]
fn hashes_are_argon2id_within_limits_and_never_quoted() {
    const SALT: &str = "c29tZXNhbHRzb21lc2FsdA";
    const OUTPUT: &str = "Xq5lsV9zR1yGmVqEJ7p2mFZ2cW1xY0h0a2V5dGVzdHM";
    one(&[("password_hash", OTHER_HASH)]);
    for bad in [
        "plaintext-password".to_owned(),
        "$2y$10$abcdefghijklmnopqrstuuXq5lsV9zR1yGmVqEJ7p2mFZ2cW1xY0h".to_owned(),
        format!("$argon2i$v=19$m=19456,t=2,p=1${SALT}${OUTPUT}"),
        format!("$argon2d$v=19$m=19456,t=2,p=1${SALT}${OUTPUT}"),
        format!("$argon2id$v=16$m=19456,t=2,p=1${SALT}${OUTPUT}"),
        format!("$argon2id$m=19456,t=2,p=1${SALT}${OUTPUT}"),
        format!("$argon2id$v=19$m=65537,t=2,p=1${SALT}${OUTPUT}"),
        format!("$argon2id$v=19$m=19456,t=6,p=1${SALT}${OUTPUT}"),
        format!("$argon2id$v=19$m=19456,t=2,p=5${SALT}${OUTPUT}"),
        format!("$argon2id$v=19$m=19456,m=4294967295,t=2,p=1${SALT}${OUTPUT}"),
        format!("$argon2id$v=19$m=1,t=2,p=1${SALT}${OUTPUT}"),
        format!("$argon2id$v=19$t=2,p=1${SALT}${OUTPUT}"),
        format!("$argon2id$v=19$m=19456,t=2,p=1,data=c29tZQ${SALT}${OUTPUT}"),
        format!("$argon2id$v=19$m=19456,t=2,p=1,x=1${SALT}${OUTPUT}"),
        format!("$argon2id$v=19$m=19456,t=2,p=1${SALT}"),
        format!("$argon2id$v=19$m=19456,t=2,p=1${SALT}$Xq5lsV9zR1w"),
        format!("$argon2id$v=19$m=19456,t=2,p=1$$${OUTPUT}"),
        format!("$argon2id$v=19$m=19456,t=2,p=1${SALT}${OUTPUT}$x"),
    ] {
        let found = problems(&[("password_hash", &bad)]);
        assert!(
            found.len() == 1 && found[0].starts_with("line 2, column password_hash: "),
            "{bad}: {found:?}"
        );
        assert!(!found[0].contains(SALT) && !found[0].contains("plaintext"), "{found:?}");
    }
    assert!(!format!("{:?}", one(&[])).contains("argon2id"), "nor in debug output");
}
