//! `iok-id account`.

use crate::helpers::binary::Installation;
use crate::helpers::form;
use crate::helpers::people::{CHOSEN, INITIAL, Person, csv};

#[tokio::test]
async fn account_import_makes_accounts_that_a_running_server_lets_in() {
    let installation = Installation::fresh().await;
    let _serving = installation.serve().await;
    let (active, newcomer) = (Person::active("halina.wrona"), Person::with_letter("jan.kos"));
    let browser = installation.visitor();
    assert_eq!(browser.sign_in(&active).await.status, 401, "nobody is there yet");

    let file = installation.file("people.csv", &csv(&[&active, &newcomer]));
    let imported = installation.run(&["account", "import", &file]).await;
    assert_eq!(imported.succeeded().stdout, "2 accounts imported\n");

    let home = browser.sign_in(&active).await;
    assert!(form::has(&home.body, "#sign-out"), "{}", home.body);
    let change = installation.visitor().sign_in(&newcomer).await;
    assert!(form::has(&change.body, "#new-password"), "{}", change.body);

    let more = installation.file("more.csv", &csv(&[&Person::active("ewa.sowa")]));
    let imported = installation.run(&["account", "import", &more, "--json"]).await;
    assert_eq!(imported.succeeded().json(), serde_json::json!({"imported": 1}));
}

#[tokio::test]
async fn account_import_names_line_and_column_of_every_bad_row_and_writes_nothing() {
    let installation = Installation::fresh().await;
    let good = Person::active("halina.wrona");
    let changed = |login: &str, change: fn(&mut Person)| {
        let mut person = Person::active(login);
        change(&mut person);
        person
    };
    let bad = [
        changed("no.state", |person| person.row.state = "asleep".to_owned()),
        changed("weak.hash", |person| {
            person.row.password_hash =
                "$argon2id$v=19$m=1048576,t=2,p=1$c2FsdHNhbHRzYWx0$aGFzaGhhc2hoYXNoaGFzaGhhc2hoYXNo"
                    .to_owned();
        }),
        changed("clear.password", |person| person.row.password_hash = "hunter2-in-clear".to_owned()),
        changed("no.hash", |person| person.row.password_hash = String::new()),
        changed("bad.role", |person| person.row.premises = "P-1:landlord".to_owned()),
        changed("bad.email", |person| person.row.email = "nobody".to_owned()),
        changed("bad.attributes", |person| person.row.attributes = "[1]".to_owned()),
        changed("HALINA.wrona", |_| {}),
    ];
    let people: Vec<&Person> = std::iter::once(&good).chain(&bad).collect();
    let file = installation.file("people.csv", &csv(&people));

    let refused = installation.run(&["account", "import", &file]).await;
    assert_eq!((refused.code, refused.stdout.as_str()), (Some(1), ""), "{refused:?}");
    // The header is line 1, the good row line 2.
    for (line, column) in [
        (3, "state"),
        (4, "password_hash"),
        (5, "password_hash"),
        (6, "password_hash"),
        (7, "premises"),
        (8, "email"),
        (9, "attributes"),
        (10, "login"),
    ] {
        let place = format!("line {line}, column {column}: ");
        assert!(refused.stderr.contains(&place), "{place} is not in {}", refused.stderr);
    }
    assert!(!refused.stderr.contains("line 2,"), "the good row is not complained about: {refused:?}");
    assert!(!refused.stderr.contains("hunter2"), "what may be a password is not repeated: {refused:?}");

    let shown = installation.run(&["account", "show", "halina.wrona"]).await;
    assert!(shown.refused_in_one_line().contains("halina.wrona"), "nothing was written: {shown:?}");

    // A second time by a good file: what is there already stays as it was, and nothing beside it is written.
    installation.import(&[&good]).await;
    let mut again = good.clone();
    again.row.family_name = "Inna".to_owned();
    let file = installation.file("people.csv", &csv(&[&Person::active("ewa.sowa"), &again]));
    let refused = installation.run(&["account", "import", &file]).await;
    assert!(refused.stderr.contains("line 3, column login: "), "{refused:?}");
    assert_eq!(installation.run(&["account", "show", "ewa.sowa"]).await.code, Some(1));
    let shown = installation.run(&["account", "show", "halina.wrona", "--json"]).await.succeeded().json();
    assert_eq!(shown["name"], "Halina Wrona");
}

#[tokio::test]
async fn account_import_names_missing_and_unknown_columns() {
    let installation = Installation::fresh().await;
    let whole = csv(&[&Person::active("halina.wrona")]);
    for (text, place) in [
        (whole.replacen("contractor_number", "contractor_no", 1), "line 1, column contractor_no"),
        (whole.replacen("contractor_number", "contractor_no", 1), "did you mean contractor_number?"),
        (whole.replacen(",state,", ",", 1), "line 1, column state"),
        (whole.replacen(",city,", ",street,", 1), "line 1, column street"),
        (String::new(), "line 1"),
    ] {
        let file = installation.file("people.csv", &text);
        let refused = installation.run(&["account", "import", &file]).await;
        assert_eq!(refused.code, Some(1), "{refused:?}");
        assert!(refused.stderr.contains(place), "{place} is not in {}", refused.stderr);
    }
    let nowhere = installation.run(&["account", "import", "nowhere.csv"]).await;
    assert!(nowhere.refused_in_one_line().contains("nowhere.csv"), "{nowhere:?}");
}

#[tokio::test]
async fn account_show_tells_about_an_account_and_never_a_secret() {
    let installation = Installation::fresh().await;
    let person = Person::with_letter("halina.wrona");
    installation.import(&[&person]).await;
    let _serving = installation.serve().await;
    let browser = installation.visitor();
    let wrong = Person { password: "Zgadywanka#1".to_owned(), ..person.clone() };
    assert_eq!(browser.sign_in(&wrong).await.status, 401);
    let change = browser.sign_in(&person).await;
    let changed = browser.change_password_at(&change, CHOSEN, CHOSEN).await;
    assert!(changed.status.is_redirection(), "{}", changed.body);

    let shown = installation.run(&["account", "show", "  Halina.WRONA "]).await;
    let text = &shown.succeeded().stdout;
    for expected in
        ["halina.wrona", "Halina Wrona", "active", "Administracja nr 1", "K-halina.wrona", "owner"]
    {
        assert!(text.contains(expected), "{expected} is not in {text}");
    }
    // The history that support needs: the verdicts.
    assert!(text.contains("sign_in.verdict"), "{text}");

    let shown = installation.run(&["account", "show", "halina.wrona", "--json"]).await;
    let json = shown.succeeded().json();
    assert_eq!(json["state"], "active");
    assert_eq!(json["premises"][0]["code"], "P-halina.wrona");
    assert!(json["locked_until"].is_null(), "{json}");
    let verdicts = json["history"].as_array().unwrap();
    let verdicts = verdicts.iter().filter(|record| record["action"] == "sign_in.verdict").count();
    assert!(verdicts >= 2, "{json}");
    for secret in ["$argon2", CHOSEN, INITIAL, "Zgadywanka"] {
        assert!(!text.contains(secret) && !shown.stdout.contains(secret), "{secret} is shown");
    }

    let unknown = installation.run(&["account", "show", "nobody"]).await;
    assert!(unknown.refused_in_one_line().contains("nobody"), "{unknown:?}");
}

#[tokio::test]
async fn account_unlock_lets_a_locked_person_in_on_a_running_server() {
    let installation = Installation::fresh().await;
    let person = Person::active("halina.wrona");
    installation.import(&[&person]).await;
    let _serving = installation.serve().await;
    let wrong = Person { password: "Zgadywanka#1".to_owned(), ..person.clone() };
    for _ in 0..5 {
        assert_eq!(installation.visitor().sign_in(&wrong).await.status, 401);
    }
    assert_eq!(installation.visitor().sign_in(&person).await.status, 401, "it is locked");
    let shown = installation.run(&["account", "show", "halina.wrona", "--json"]).await.succeeded().json();
    assert!(shown["locked_until"].is_string(), "{shown}");

    let unlocked = installation.run(&["account", "unlock", "halina.wrona"]).await;
    assert!(unlocked.succeeded().stdout.contains("lifted"), "{unlocked:?}");
    let home = installation.visitor().sign_in(&person).await;
    assert!(form::has(&home.body, "#sign-out"), "{}", home.body);

    // Failures that had only been counted are forgotten too, and the answer says which it was.
    for _ in 0..4 {
        assert_eq!(installation.visitor().sign_in(&wrong).await.status, 401);
    }
    let unlocked = installation.run(&["account", "unlock", "halina.wrona", "--json"]).await;
    assert_eq!(unlocked.succeeded().json()["was_locked"], false);
    assert_eq!(installation.visitor().sign_in(&wrong).await.status, 401);
    let home = installation.visitor().sign_in(&person).await;
    assert!(form::has(&home.body, "#sign-out"), "the four are forgotten: {}", home.body);

    let unknown = installation.run(&["account", "unlock", "nobody"]).await;
    assert!(unknown.refused_in_one_line().contains("nobody"), "{unknown:?}");
}
