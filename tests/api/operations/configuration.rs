//! The command line itself, and the configuration file.

use crate::helpers::binary::{Installation, iok_id};
use crate::helpers::process::Running;

/// `--config` is accepted before and after every command, and is what the command goes by.
#[tokio::test]
async fn config_is_accepted_after_every_command() {
    let installation = Installation::fresh().await;
    let nothing = installation.file("nothing.csv", "");
    let broken = installation.file("broken.toml", "[server]\nlissten = \"127.0.0.1:1\"\n");
    for command in [
        &["serve"][..],
        &["migrate"],
        &["client", "add", "--file", &nothing],
        &["client", "list"],
        &["account", "import", &nothing],
        &["account", "show", "nobody"],
        &["account", "unlock", "nobody"],
        &["keys", "rotate"],
        &["regulations", "list"],
        &["regulations", "publish", "--version", "1", "--polish", &nothing, "--english", &nothing],
    ] {
        for arguments in
            [[command, &["--config", &broken]].concat(), [&["--config", &broken], command].concat()]
        {
            let refused = Running::start(&mut iok_id(installation.folder(), &arguments)).finish().await;
            let line = refused.refused_in_one_line();
            assert!(
                line.contains("server.lissten") && line.contains("server.listen"),
                "{arguments:?}: {line}"
            );
        }
    }
    // Doctor reports instead of refusing.
    let doctor = Running::start(&mut iok_id(installation.folder(), ["doctor", "--config", &broken]));
    let found = doctor.finish().await;
    assert_eq!(found.code, Some(1), "{found:?}");
    assert!(found.stdout.contains("server.listen"), "{found:?}");
}

#[tokio::test]
async fn an_unknown_key_names_its_neighbour_and_all_problems_come_at_once() {
    let installation = Installation::fresh().await;
    for (line, neighbour) in [
        ("[tokens]\ncode_second = 30", "tokens.code_seconds"),
        ("[lockout]\nfailure = 3", "lockout.failures"),
        ("[sesion]\nidle_minutes = 5", "session.idle_minutes"),
        ("[passwordpolicy]\nminimum = 9", "password_policy.minimum"),
    ] {
        let config = installation.file("bad.toml", line);
        let list = ["client", "list", "--config", &config];
        let refused = Running::start(&mut iok_id(installation.folder(), list)).finish().await;
        let said = refused.refused_in_one_line();
        assert!(said.contains(&format!("did you mean {neighbour}?")), "{said}");
    }
    let config = installation.file(
        "bad.toml",
        "[server]\nlisten = \"nowhere\"\nissuer = \"http://id.example.org\"\n[tokens]\naccess_token_seconds = 301\n",
    );
    let refused =
        Running::start(&mut iok_id(installation.folder(), ["serve", "--config", &config])).finish().await;
    assert_eq!(refused.code, Some(1), "{refused:?}");
    for key in ["server.listen", "tokens.access_token_seconds"] {
        assert!(refused.stderr.contains(key), "{key}: {refused:?}");
    }
    let missing = Running::start(&mut iok_id(installation.folder(), ["serve", "--config", "nowhere.toml"]));
    let missing = missing.finish().await;
    assert!(missing.refused_in_one_line().contains("nowhere.toml"), "{missing:?}");
}

#[tokio::test]
async fn the_environment_beats_the_file_and_names_its_own_mistakes() {
    let installation = Installation::fresh().await;
    let mut command = installation.command(&["client", "list"]);
    command.env("IOK_ID__DATABASE__URL", "mysql://user:hunter2@localhost/iok");
    let refused = Running::start(&mut command).finish().await;
    let line = refused.refused_in_one_line();
    assert!(line.contains("IOK_ID__DATABASE__URL") && !line.contains("hunter2"), "{line}");

    let mut command = installation.command(&["client", "list"]);
    command.env("IOK_ID__LOCKOUT__FAILURE", "3");
    let refused = Running::start(&mut command).finish().await;
    let line = refused.refused_in_one_line();
    assert!(line.contains("IOK_ID__LOCKOUT__FAILURES"), "{line}");
}

/// 0 done, 1 it did not work, 2 the command line was wrong.
#[tokio::test]
async fn exit_codes_tell_a_failure_from_a_wrong_command_line() {
    let installation = Installation::fresh().await;
    for (arguments, code) in [
        (&["--help"][..], 0),
        (&["serve", "--help"], 0),
        (&["--version"], 0),
        (&[], 2),
        (&["server"], 2),
        (&["client"], 2),
        (&["client", "add"], 2),
        (&["account", "show"], 2),
        (&["serve", "--port", "80"], 2),
        (&["demo", "--port", "65536"], 2),
        (&["keys", "rotate", "--config"], 2),
        (&["account", "import", "nowhere.csv"], 1),
    ] {
        let ended = Running::start(&mut iok_id(installation.folder(), arguments)).finish().await;
        assert_eq!(ended.code, Some(code), "{arguments:?}: {ended:?}");
        assert_eq!(ended.stderr.is_empty(), code == 0, "{arguments:?}: {ended:?}");
    }
}

#[tokio::test]
async fn failures_are_json_for_scripts() {
    let installation = Installation::fresh().await;
    let refused = installation.run(&["account", "show", "nobody", "--json"]).await;
    assert_eq!((refused.code, refused.stdout.as_str()), (Some(1), ""), "{refused:?}");
    let error: serde_json::Value = serde_json::from_str(&refused.stderr).unwrap();
    assert!(error["error"].as_str().unwrap().contains("nobody"), "{error}");
}

#[tokio::test]
async fn migrate_makes_the_schema_and_is_content_with_it() {
    let installation = Installation::fresh().await;
    for _ in 0..2 {
        let migrated = installation.run(&["migrate"]).await;
        assert!(migrated.succeeded().stdout.contains("up to date"), "{migrated:?}");
    }
    let migrated = installation.run(&["migrate", "--json"]).await;
    assert_eq!(migrated.succeeded().json()["schema"], "up to date");
    // The schema alone: keys come with the first start.
    assert!(!installation.sealing_key().exists());
}
