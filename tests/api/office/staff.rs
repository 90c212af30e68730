//! `iok-id staff`.

use serde_json::Value;

use crate::helpers::binary::Installation;
use crate::helpers::form;
use crate::helpers::people::{Person, csv};

#[tokio::test]
async fn staff_add_prints_an_initial_password_once_that_opens_the_way_to_the_second_factor() {
    let installation = Installation::fresh().await;
    let _serving = installation.serve().await;
    let add = ["staff", "add", "--login", "Adam.Zieba", "--name", "Adam Zięba", "--role", "administrator"];
    let added = installation.run(&[&add[..], &["--json"]].concat()).await.succeeded().json();
    assert_eq!(
        (added["login"].as_str(), added["role"].as_str()),
        (Some("adam.zieba"), Some("administrator"))
    );
    let password = added["initial_password"].as_str().unwrap().to_owned();
    let person = Person { password, ..Person::with_letter("adam.zieba") };
    let change = installation.visitor().sign_in(&person).await;
    assert!(form::has(&change.body, "#new-password"), "{}", change.body);

    // The same person again: another role, the same account, and no password.
    let again = ["staff", "add", "--login", "adam.zieba", "--role", "auditor"];
    let text = installation.run(&again).await.succeeded().stdout.clone();
    assert!(text.contains("adam.zieba is auditor now") && !text.contains("password"), "{text}");

    let list = installation.run(&["staff", "list", "--json"]).await.succeeded().json();
    assert_eq!(list[0]["login"], "adam.zieba");
    assert_eq!(list[0]["role"], "auditor");
    assert_eq!(list[0]["name"], "Adam Zięba");
    assert_eq!(list[0]["ended_at"], Value::Null);
    installation.run(&["staff", "end", "adam.zieba"]).await.succeeded();
    let list = installation.run(&["staff", "list", "--json"]).await.succeeded().json();
    assert!(list[0]["ended_at"].is_string(), "{list}");
}

#[tokio::test]
async fn staff_add_says_what_is_missing_and_makes_nothing() {
    let installation = Installation::fresh().await;
    let closed = {
        let mut person = Person::active("jan.dawny");
        person.row.state = "closed".to_owned();
        person
    };
    let file = installation.file("people.csv", &csv(&[&Person::active("halina.wrona"), &closed]));
    installation.run(&["account", "import", &file]).await.succeeded();
    let named = ["--name", "Bogdan Kruk"];
    let office = ["--office", "Administracja nr 9"];
    for (arguments, said) in [
        (vec!["--login", "bogdan.kruk", "--role", "auditor"], "--name"),
        ([&["--login", "bogdan.kruk", "--role", "auditor", "--name", "Bogdan"][..]].concat(), "--name"),
        ([&["--login", "bogdan.kruk", "--role", "clerk"][..], &named].concat(), "works at one office"),
        (
            [&["--login", "bogdan.kruk", "--role", "clerk"][..], &named, &office].concat(),
            "the offices are Administracja nr 1",
        ),
        ([&["--login", "b k", "--role", "auditor"][..], &named].concat(), "login"),
        (
            [&["--login", "bogdan.kruk", "--role", "auditor", "--email", "kruk"][..], &named].concat(),
            "e-mail",
        ),
        (vec!["--login", "jan.dawny", "--role", "auditor"], "closed"),
    ] {
        let finished = installation.run(&[&["staff", "add"][..], &arguments].concat()).await;
        assert_eq!(finished.code, Some(1), "{arguments:?}: {finished:?}");
        assert!(finished.stderr.contains(said), "{arguments:?}: {}", finished.stderr);
    }
    let role = ["staff", "add", "--login", "bogdan.kruk", "--role", "kierownik"];
    let finished = installation.run(&role).await;
    assert_eq!(finished.code, Some(2), "{finished:?}");
    assert!(finished.stderr.contains("supervisor"), "{}", finished.stderr);
    let list = installation.run(&["staff", "list", "--json"]).await.succeeded().json();
    assert_eq!(list, serde_json::json!([]));
    let new_office =
        [&["staff", "add", "--login", "bogdan.kruk", "--role", "clerk", "--new-office"][..], &named, &office]
            .concat();
    installation.run(&new_office).await.succeeded();
}
