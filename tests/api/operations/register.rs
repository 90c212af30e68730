//! `iok-id register`, and what comes of it: claims while a title holds, candidates for the office.

use chrono::{NaiveDate, TimeDelta};
use iok_id::domain::account::AccountState;
use iok_id::domain::clock::{Clock as _, Moment, SystemClock};
use iok_id::domain::ids::AccountId;
use iok_id::integrations::register::Scope;
use iok_id::storage::matching::{self, RegisterRow, Wanted};
use iok_id::storage::people;
use serde_json::{Value, json};

use crate::helpers::binary::Installation;
use crate::helpers::people::Person;
use crate::helpers::provider::TestProvider;
use crate::helpers::register::{TitleRow, csv};
use crate::helpers::relying_party::RelyingParty;
use crate::helpers::tables::{column, row_counts};

/// The house's day, by the clock that commands have.
fn today() -> NaiveDate {
    day_of(SystemClock.now())
}

fn day_of(moment: Moment) -> NaiveDate {
    moment.with_timezone(&chrono_tz::Europe::Warsaw).date_naive()
}

fn titles(count: usize) -> Vec<TitleRow> {
    (0..count).map(|n| TitleRow::new(&format!("K-{n:04}"), &format!("SW/{n:04}"))).collect()
}

async fn ends(installation: &Installation) -> Vec<String> {
    column(&installation.database, "legal_title", "valid_until").await
}

#[tokio::test]
async fn register_import_fills_the_register_and_writes_nothing_a_second_time() {
    let installation = Installation::fresh().await;
    let mut firm = TitleRow::new("K-3", "SW/3").at("ul. Dworcowa 5/U1");
    firm.organisation_name = "Piekarnia Kłos s.c.".to_owned();
    firm.office = "Administracja nr 2".to_owned();
    let rows = [TitleRow::new("K-1", "SW/1"), TitleRow::new("K-1", "SW/2"), firm];
    let file = installation.file("register.csv", &csv(&rows));

    let imported = installation.run(&["register", "import", &file, "--json"]).await;
    let told = imported.succeeded().json();
    assert_eq!((&told["rows"], &told["dry_run"]), (&json!(3), &json!(false)));
    assert_eq!(told["counts"]["new_contractors"], 2);
    assert_eq!(told["counts"]["new_premises"], 3);
    assert_eq!(told["counts"]["new_titles"], 3);
    assert_eq!(told["counts"]["new_offices"], 2);
    let audited = column(&installation.database, "audit", "action").await;
    assert_eq!(audited, ["register.imported"]);

    let before = row_counts(&installation.database).await;
    let again = installation.run(&["register", "import", &file]).await;
    assert_eq!(again.succeeded().stdout, "3 titles read: nothing to change\n");
    let snapshot = installation.run(&["register", "import", &file, "--full-snapshot"]).await;
    assert_eq!(snapshot.succeeded().stdout, "3 titles read: nothing to change\n");
    assert_eq!(row_counts(&installation.database).await, before, "no record, no event, no row");
}

#[tokio::test]
async fn register_import_of_many_rows_is_one_import() {
    let installation = Installation::fresh().await;
    let rows = titles(1_300);
    let file = installation.file("register.csv", &csv(&rows));
    let imported = installation.run(&["register", "import", &file]).await;
    assert_eq!(
        imported.succeeded().stdout,
        "1300 titles read, and imported: 1 new office, 1300 new contractors, 1300 new premises, 1300 new titles\n"
    );
    let changed: Vec<TitleRow> = rows.into_iter().map(|row| row.named("Ewa", "Sowa")).collect();
    let file = installation.file("register.csv", &csv(&changed));
    let imported = installation.run(&["register", "import", &file]).await;
    assert_eq!(imported.succeeded().stdout, "1300 titles read, and imported: 1300 changed contractors\n");
    let names = column(&installation.database, "contractor", "person_key").await;
    assert!(names.iter().all(|key| key == "sowa ewa"), "the keys follow the names");
}

#[tokio::test]
async fn register_import_dry_run_lists_what_would_change_and_changes_nothing() {
    let installation = Installation::fresh().await;
    let old = [TitleRow::new("K-1", "SW/1"), TitleRow::new("K-2", "SW/2")];
    let file = installation.file("register.csv", &csv(&old));
    installation.run(&["register", "import", &file]).await.succeeded();

    let mut married = TitleRow::new("K-1", "SW/1").named("Halina", "Sowa").at("ul. Lipowa 1");
    married.office = "Administracja nr 2".to_owned();
    let sold_on = today();
    let new = [
        married,
        TitleRow::new("K-2", "SW/2").at("ul. Wiśniowa 3/4").until(sold_on),
        TitleRow::new("K-9", "SW/2").named("Jan", "Kos").from(sold_on),
    ];
    let file = installation.file("register.csv", &csv(&new));
    let before = installation.database_text().await;
    let dry = installation.run(&["register", "import", &file, "--dry-run"]).await;
    let text = &dry.succeeded().stdout;
    for expected in [
        "new office          Administracja nr 2",
        "contractor changed  K-1: family_name Wrona → Sowa, office Administracja nr 1 → Administracja nr 2",
        "premises changed    SW/1: street ul. Wiśniowa 3/4 → ul. Lipowa 1",
        "new contractor      K-9: Jan Kos, Administracja nr 1",
        &format!("title changed       K-2 owner of SW/2: valid_until none → {sold_on}"),
        &format!("new title           K-9 owner of SW/2, from {sold_on}"),
        "An import would make 1 new office, 1 new contractor, 1 changed contractor",
    ] {
        assert!(text.contains(expected), "{expected} is not in {text}");
    }
    let dry =
        installation.run(&["register", "import", &file, "--dry-run", "--json"]).await.succeeded().json();
    let changed = dry["changes"].as_array().unwrap();
    let changed = changed.iter().find(|change| change["change"] == "title_changed").unwrap();
    assert_eq!(
        changed,
        &json!({
            "change": "title_changed", "contractor_number": "K-2", "premises": "SW/2", "role": "owner",
            "fields": [{"field": "valid_until", "from": null, "to": sold_on}],
        })
    );
    assert_eq!(installation.database_text().await, before);
}

#[tokio::test]
async fn register_import_names_line_and_column_and_imports_nothing() {
    let installation = Installation::fresh().await;
    let good = csv(&[TitleRow::new("K-1", "SW/1")]);
    let with = |change: fn(&mut TitleRow)| {
        let mut row = TitleRow::new("K-2", "SW/2");
        change(&mut row);
        csv(&[TitleRow::new("K-1", "SW/1"), row]).into_bytes()
    };
    let polish = good.replace("Wrona", "Żuraw");
    let windows_1250 = polish.bytes().filter(|byte| *byte != 0xC5).collect::<Vec<u8>>();
    let cases: Vec<(Vec<u8>, &str)> = vec![
        (windows_1250, "line 2, column family_name: is not UTF-8"),
        (good.replace("premises_kind", "premises_kin").into_bytes(), "line 1, column premises_kin: unknown"),
        (good.replace("premises_kind", "premises_kin").into_bytes(), "did you mean premises_kind?"),
        (good.replace(",valid_until", "").into_bytes(), "line 1, column valid_until: the column is missing"),
        (good.replace(',', ";").into_bytes(), "line 1: columns must be separated by commas"),
        (format!("{good}K-2,Jan,Kos,,Admin").into_bytes(), "line 3, column premises: the row has 5 fields"),
        (Vec::new(), "line 1: the file is empty"),
        (with(|row| row.contractor_number = String::new()), "line 3, column contractor_number: must not"),
        (with(|row| row.contractor_number = "K 2".to_owned()), "line 3, column contractor_number: "),
        (with(|row| row.family_name = String::new()), "line 3, column family_name: must not be empty"),
        (with(|row| row.office = String::new()), "line 3, column office: must not be empty"),
        (with(|row| row.premises_kind = "garage".to_owned()), "line 3, column premises_kind: "),
        (with(|row| row.role = "landlord".to_owned()), "line 3, column role: "),
        (with(|row| row.valid_from = "1.5.2019".to_owned()), "line 3, column valid_from: "),
        (with(|row| row.valid_until = "2026-02-30".to_owned()), "line 3, column valid_until: "),
        (with(|row| row.role = "proxy".to_owned()), "line 3, column valid_until: the role proxy needs"),
        (
            with(|row| {
                row.valid_from = "2026-03-02".to_owned();
                row.valid_until = "2026-03-01".to_owned();
            }),
            "line 3, column valid_until: the title ends on 2026-03-01, before it begins",
        ),
        // One contractor, one name; one flat, one address; one title, one row.
        (
            with(|row| {
                row.contractor_number = "K-1".to_owned();
                row.family_name = "Sowa".to_owned();
            }),
            "line 3, column family_name: is \"Sowa\" here, and \"Wrona\" in line 2",
        ),
        (
            with(|row| {
                row.premises = "SW/1".to_owned();
                row.street = "ul. Lipowa 1".to_owned();
            }),
            "line 3, column street: is \"ul. Lipowa 1\" here, and \"ul. Wiśniowa 3/4\" in line 2",
        ),
        (
            with(|row| *row = TitleRow::new("K-1", "SW/1")),
            "line 3, column role: K-1 is owner of SW/1 in line 2",
        ),
    ];
    for (content, place) in cases {
        let path = installation.folder().join("register.csv");
        std::fs::write(&path, &content).unwrap();
        let refused = installation.run(&["register", "import", path.to_str().unwrap()]).await;
        assert_eq!((refused.code, refused.stdout.as_str()), (Some(1), ""), "{refused:?}");
        assert!(refused.stderr.contains(place), "{place} is not in {}", refused.stderr);
        assert!(refused.stderr.contains("nothing was imported"), "{refused:?}");
    }
    assert!(column(&installation.database, "contractor", "number").await.is_empty());
}

#[tokio::test]
async fn a_title_that_is_missing_ends_only_if_the_file_is_a_full_snapshot() {
    let installation = Installation::fresh().await;
    let all = titles(100);
    let file = installation.file("register.csv", &csv(&all));
    installation.run(&["register", "import", &file]).await.succeeded();

    let fewer = installation.file("register.csv", &csv(&all[2..]));
    let imported = installation.run(&["register", "import", &fewer]).await;
    assert_eq!(imported.succeeded().stdout, "98 titles read: nothing to change\n");

    let preview = installation.run(&["register", "import", &fewer, "--full-snapshot", "--dry-run"]).await;
    let line = format!("title ended         K-0000 owner of SW/0000: not in the file, over on {}", today());
    assert!(preview.succeeded().stdout.contains(&line), "{preview:?}");
    assert!(ends(&installation).await.iter().all(String::is_empty));

    let imported = installation.run(&["register", "import", &fewer, "--full-snapshot"]).await;
    assert_eq!(imported.succeeded().stdout, "98 titles read, and imported: 2 ended titles\n");
    let ended: Vec<String> = ends(&installation).await.into_iter().filter(|end| !end.is_empty()).collect();
    assert_eq!(ended, [today().to_string(), today().to_string()]);

    // A title that comes back holds again.
    let file = installation.file("register.csv", &csv(&all));
    let imported = installation.run(&["register", "import", &file, "--full-snapshot"]).await;
    assert_eq!(imported.succeeded().stdout, "100 titles read, and imported: 2 changed titles\n");
    assert!(ends(&installation).await.iter().all(String::is_empty));
}

#[tokio::test]
async fn a_snapshot_that_ends_more_than_two_percent_waits_for_the_exact_number() {
    let installation = Installation::fresh().await;
    let all = titles(100);
    let file = installation.file("register.csv", &csv(&all));
    installation.run(&["register", "import", &file]).await.succeeded();
    let before = installation.database_text().await;

    let half = installation.file("half.csv", &csv(&all[3..]));
    let snapshot = ["register", "import", &half, "--full-snapshot"];
    let stopped = installation.run(&snapshot).await;
    let line = stopped.refused_in_one_line();
    for expected in ["3 of 100 titles would end, more than 2 %", "K-0000 owner of SW/0000", "--end-titles 3"]
    {
        assert!(line.contains(expected), "{expected} is not in {line}");
    }
    let wrong = installation.run(&[&snapshot[..], &["--end-titles", "2"]].concat()).await;
    assert!(wrong.refused_in_one_line().contains("3 of 100 titles would end, and not 2"), "{wrong:?}");
    let preview = installation.run(&[&snapshot[..], &["--dry-run", "--json"]].concat()).await;
    assert_eq!(preview.succeeded().json()["stopped"]["ending"], 3);

    // What the file itself ends counts as well: a wrong date in every row is no better than missing rows.
    let over: Vec<TitleRow> = all.iter().map(|row| row.clone().until(today())).collect();
    let over = installation.file("over.csv", &csv(&over));
    let stopped = installation.run(&["register", "import", &over, "--full-snapshot"]).await;
    assert!(stopped.refused_in_one_line().contains("100 of 100 titles would end"), "{stopped:?}");

    let empty = installation.file("empty.csv", &csv(&[]));
    for more in [&[][..], &["--end-titles", "100"]] {
        let arguments = [&["register", "import", &empty, "--full-snapshot"], more].concat();
        let stopped = installation.run(&arguments).await;
        assert!(stopped.refused_in_one_line().contains("without a single title"), "{stopped:?}");
    }
    assert_eq!(installation.database_text().await, before, "nothing of all that was written");

    let confirmed = installation.run(&[&snapshot[..], &["--end-titles", "3"]].concat()).await;
    assert_eq!(confirmed.succeeded().stdout, "97 titles read, and imported: 3 ended titles\n");
    let alone = installation.run(&["register", "import", &half, "--end-titles", "3"]).await;
    assert_eq!(alone.code, Some(2), "it means nothing without --full-snapshot");
}

struct Register {
    provider: TestProvider,
    billing: RelyingParty,
}

impl Register {
    async fn start() -> Self {
        let provider = TestProvider::start().await;
        let billing = provider.relying_party("billing", json!({})).await;
        Self { provider, billing }
    }

    fn today(&self) -> NaiveDate {
        day_of(self.provider.clock.now())
    }

    async fn import(&self, rows: &[TitleRow]) {
        self.provider.server.import_register(&csv(rows), Scope::Changes).await.unwrap();
    }

    /// An account of this contractor; what it has title to, the register says.
    async fn account(&self, login: &str, contractor_number: &str) -> Person {
        let mut person = Person::active(login);
        person.row.contractor_number = contractor_number.to_owned();
        person.row.premises = String::new();
        self.provider.import(&[&person]).await;
        person
    }

    /// The claims of the scope `iok`, from a new sign-in.
    async fn claims(&self, person: &Person) -> Value {
        let browser = self.provider.visitor();
        let tokens = self.billing.tokens(&browser, person, &[("scope", "openid iok")]).await;
        self.billing.userinfo(tokens["access_token"].as_str().unwrap()).await.json()
    }

    async fn premises(&self, person: &Person) -> Vec<String> {
        let claims = self.claims(person).await;
        let titles = claims["premises"].as_array().unwrap();
        titles.iter().map(|title| title["code"].as_str().unwrap().to_owned()).collect()
    }

    async fn matches(&self, wanted: Wanted<'_>) -> Vec<RegisterRow> {
        let connection = self.provider.database.connect().await;
        let rows = matching::matches(&connection, &wanted, self.today()).await.unwrap();
        connection.close().await.unwrap();
        rows
    }

    async fn found(&self, wanted: Wanted<'_>) -> Vec<String> {
        self.matches(wanted).await.into_iter().map(|row| row.number).collect()
    }

    async fn without_title_since(&self, day: NaiveDate) -> Vec<AccountId> {
        let connection = self.provider.database.connect().await;
        let accounts = people::accounts_without_title_since(&connection, day).await.unwrap();
        connection.close().await.unwrap();
        accounts
    }
}

#[tokio::test]
async fn premises_are_claimed_until_the_day_their_title_ends() {
    let register = Register::start().await;
    let tomorrow = register.today() + TimeDelta::days(1);
    let rows = ["SW/1", "SW/2", "SW/3"].map(|code| TitleRow::new("K-1", code));
    register.import(&rows).await;
    let halina = register.account("halina.wrona", "K-1").await;
    assert_eq!(register.premises(&halina).await, ["SW/1", "SW/2", "SW/3"]);

    // One of three ends. The other rows need not be in the file.
    register.import(&[rows[1].clone().until(tomorrow)]).await;
    assert_eq!(register.premises(&halina).await, ["SW/1", "SW/2", "SW/3"], "it holds today");
    register.provider.advance(TimeDelta::days(1));
    assert_eq!(register.premises(&halina).await, ["SW/1", "SW/3"]);

    // A list of accounts that still names it does not give it back.
    let mut helper = Person::active("jan.pomocnik");
    helper.row.contractor_number = "K-1".to_owned();
    helper.row.premises = "SW/2:owner".to_owned();
    register.provider.import(&[&helper]).await;
    assert_eq!(register.premises(&halina).await, ["SW/1", "SW/3"]);
}

#[tokio::test]
async fn premises_are_claimed_from_the_day_their_title_begins() {
    let register = Register::start().await;
    let tomorrow = register.today() + TimeDelta::days(1);
    register.import(&[TitleRow::new("K-1", "SW/1"), TitleRow::new("K-1", "SW/2").from(tomorrow)]).await;
    let halina = register.account("halina.wrona", "K-1").await;
    assert_eq!(register.premises(&halina).await, ["SW/1"], "bought, and not theirs yet");
    register.provider.advance(TimeDelta::days(1));
    assert_eq!(register.premises(&halina).await, ["SW/1", "SW/2"]);
}

#[tokio::test]
async fn sold_premises_never_show_the_old_owner_nor_the_new_one_to_the_old() {
    let register = Register::start().await;
    let sold_on = register.today() + TimeDelta::days(1);
    let seller = TitleRow::new("K-1", "SW/1").named("Ryszard", "Król").until(sold_on);
    let buyer = TitleRow::new("K-2", "SW/1").named("Monika", "Grabowska").from(sold_on);
    register.import(&[seller, buyer]).await;
    let old = register.account("ryszard.krol", "K-1").await;
    let new = register.account("monika.grabowska", "K-2").await;
    assert_eq!(register.premises(&old).await, ["SW/1"]);
    assert!(register.premises(&new).await.is_empty(), "not before the day");

    register.provider.advance(TimeDelta::days(1));
    assert!(register.premises(&old).await.is_empty());
    assert_eq!(register.premises(&new).await, ["SW/1"]);
    for (person, others) in [(&old, ["K-2", "Grabowska"]), (&new, ["K-1", "Król"])] {
        let claims = register.claims(person).await.to_string();
        assert!(others.iter().all(|other| !claims.contains(other)), "{claims}");
    }
    // Nor does the office meet the old owner when the new one applies.
    let address = Wanted { street: "Wiśniowa 3 m. 4", city: "Świętochłowice", ..Wanted::default() };
    assert_eq!(register.found(address).await, ["K-2"]);
}

#[tokio::test]
async fn an_applicant_is_found_by_number_by_name_and_by_address() {
    let register = Register::start().await;
    let ended = register.today() - TimeDelta::days(30);
    let mut firm = TitleRow::new("K-4", "SW/4").named("", "").at("ul. Dworcowa 5/U1");
    firm.organisation_name = "Piekarnia Kłos sp. z o.o.".to_owned();
    firm.premises_kind = "commercial".to_owned();
    firm.role = "lessee".to_owned();
    register
        .import(&[
            TitleRow::new("K-1", "SW/1").named("Łucja", "Żółkiewska").at("ul. Katowicka 12/4"),
            TitleRow::new("K-1", "SW/9").named("Łucja", "Żółkiewska").at("ul. Lipowa 1").until(ended),
            TitleRow::new("K-2", "SW/2").named("Jan", "Kos").at("ul. Katowicka 12/5"),
            TitleRow::new("K-3", "SW/1").named("Adam", "Żółkiewski").at("ul. Katowicka 12/4"),
            firm,
        ])
        .await;

    let none = Wanted::default();
    let person = Wanted { given_name: "lucja maria", family_name: "ZOLKIEWSKA", ..none };
    assert_eq!(register.found(person).await, ["K-1"]);
    let wrong_way_round = Wanted { given_name: "Żółkiewska", family_name: "Łucja", ..none };
    assert_eq!(register.found(wrong_way_round).await, ["K-1"]);
    let organisation = Wanted { organisation_name: "PIEKARNIA „KLOS”", ..none };
    assert_eq!(register.found(organisation).await, ["K-4"]);
    let address = Wanted { street: "katowicka 12 / 4", city: "świętochłowice", ..none };
    assert_eq!(register.found(address).await, ["K-1", "K-3"]);
    // The number comes first, then the address, then the name alone.
    let all = Wanted { contractor_number: " K-2 ", street: "Katowicka 12 m. 4", ..address };
    let all = Wanted { organisation_name: "Piekarnia Kłos", ..all };
    assert_eq!(register.found(all).await, ["K-2", "K-1", "K-3", "K-4"]);
    for nobody in [none, Wanted { contractor_number: "K", ..none }, Wanted { family_name: "Kos", ..none }] {
        assert!(register.found(nobody).await.is_empty(), "{nobody:?}");
    }

    let rows = register.matches(Wanted { contractor_number: "K-1", ..address }).await;
    let row = &rows[0];
    assert!(row.found_by.number && row.found_by.address && !row.found_by.person_name);
    assert_eq!(row.office.as_deref(), Some("Administracja nr 1"));
    let titles: Vec<_> = row
        .titles
        .iter()
        .map(|title| (title.premises_code.as_str(), title.is_current, title.is_wanted_address))
        .collect();
    assert_eq!(titles, [("SW/1", true, true), ("SW/9", false, false)], "what ended is shown as ended");
}

/// As an older version left them, which knew of no keys; and contractors that came with accounts.
#[tokio::test]
async fn rows_from_before_are_found_after_the_next_start() {
    let register = Register::start().await;
    register.provider.active_person("halina.wrona").await;
    register.import(&[TitleRow::new("K-1", "SW/1").named("Jan", "Kos")]).await;
    let none = Wanted::default();
    let halina = Wanted { given_name: "Halina", family_name: "Wrona", ..none };
    let address = Wanted { street: "Wiśniowa 3/4", city: "Świętochłowice", ..none };
    assert_eq!(register.found(halina).await, ["K-halina.wrona"]);

    register.provider.execute("UPDATE contractor SET person_key = NULL, key_version = 0").await;
    register.provider.execute("UPDATE premises SET address_key = NULL, key_version = 0").await;
    assert!(register.found(halina).await.is_empty() && register.found(address).await.is_empty());
    let _next = register.provider.second_server(&[]).await;
    assert_eq!(register.found(halina).await, ["K-halina.wrona"]);
    assert_eq!(register.found(address).await, ["K-1"]);
}

#[tokio::test]
async fn accounts_whose_last_title_is_over_are_told_from_all_others() {
    let register = Register::start().await;
    let ended = register.today() - TimeDelta::days(90);
    register
        .import(&[
            TitleRow::new("K-1", "SW/1").until(ended),
            TitleRow::new("K-1", "SW/2").until(ended - TimeDelta::days(100)),
            TitleRow::new("K-2", "SW/3").until(ended),
            TitleRow::new("K-2", "SW/4"),
            TitleRow::new("K-3", "SW/5").until(ended + TimeDelta::days(1)),
            // Begins only later.
            TitleRow::new("K-4", "SW/6").from(register.today() + TimeDelta::days(10)),
            TitleRow::new("K-5", "SW/7").until(ended),
        ])
        .await;
    for (login, number) in [
        ("over", "K-1"),
        ("one.left", "K-2"),
        ("a.day.later", "K-3"),
        ("not.yet", "K-4"),
        // Acts for two, one of whom still has a title.
        ("two.numbers", "K-1;K-2"),
        ("never.had.one", "K-77"),
    ] {
        register.account(login, number).await;
    }
    let mut closed = Person::active("closed.already");
    closed.row.contractor_number = "K-5".to_owned();
    closed.row.premises = String::new();
    closed.row.state = AccountState::Closed.as_str().to_owned();
    register.provider.import(&[&closed]).await;

    let logins = async |day: NaiveDate| {
        let mut logins = Vec::new();
        for id in register.without_title_since(day).await {
            let connection = register.provider.database.connect().await;
            let account = iok_id::storage::accounts::find(&connection, id).await.unwrap().unwrap();
            connection.close().await.unwrap();
            logins.push(account.login.to_string());
        }
        logins.sort();
        logins
    };
    assert_eq!(logins(ended).await, ["over"]);
    assert!(logins(ended - TimeDelta::days(1)).await.is_empty(), "it held the day before");
    assert_eq!(logins(ended + TimeDelta::days(1)).await, ["a.day.later", "over"]);
}
