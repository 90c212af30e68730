//! `iok-id audit export` and `verify FILE`: whoever changes a file is found out.

use std::io::Cursor;

use iok_id::trail::{Finding, KeptElsewhere, Report, VerifyFileError, verify_file};
use proptest::prelude::{ProptestConfig, any};
use proptest::test_runner::TestRunner;

use crate::helpers::binary::{Installation, iok_id};
use crate::helpers::people::Person;
use crate::helpers::process::Running;

/// A small trail of two keys and two checkpoints, exported; and the line that an auditor kept.
async fn exported() -> (Installation, Vec<u8>, String) {
    let installation = Installation::with_settings("audit.checkpoint_file = \"checkpoints.jsonl\"").await;
    installation.import(&[&Person::active("halina.wrona")]).await;
    installation.run(&["audit", "seal"]).await.succeeded();
    installation.run(&["audit", "rotate-key"]).await.succeeded();
    installation.import(&[&Person::active("jan.inny")]).await;
    let sealed = installation.run(&["audit", "seal", "--json"]).await.succeeded().json();
    let head = format!("{}:{}", sealed["seq"], sealed["hash"].as_str().unwrap());
    let file = installation.folder().join("audit.jsonl");
    installation.run(&["audit", "export", "--out", file.to_str().unwrap()]).await.succeeded();
    let bytes = std::fs::read(file).unwrap();
    (installation, bytes, head)
}

fn verify(bytes: &[u8]) -> Result<Report, VerifyFileError> {
    verify_file(Cursor::new(bytes), KeptElsewhere::default(), |_| {})
}

/// Never good; what was found, if it was still an export at all.
fn findings(bytes: &[u8], what: &str) -> Vec<Finding> {
    match verify(bytes) {
        Ok(report) => {
            assert!(!report.is_good(), "{what} was not found");
            report.findings
        }
        Err(_) => Vec::new(),
    }
}

#[tokio::test]
async fn an_export_is_checked_anywhere_and_compared_with_what_was_kept() {
    let (installation, bytes, head) = exported().await;
    let elsewhere = tempfile::tempdir().unwrap();
    std::fs::write(elsewhere.path().join("audit.jsonl"), &bytes).unwrap();
    let checkpoints = std::fs::read_to_string(installation.folder().join("checkpoints.jsonl")).unwrap();
    assert_eq!(checkpoints.lines().count(), 2, "{checkpoints}");
    std::fs::write(elsewhere.path().join("kept.jsonl"), &checkpoints).unwrap();
    let verify = async |arguments: &[&str]| {
        let all = ["audit", "verify"].iter().chain(arguments);
        Running::start(&mut iok_id(elsewhere.path(), all)).finish().await
    };
    // No configuration, no database, no key.
    let report = verify(&["audit.jsonl", "--json"]).await.succeeded().json();
    assert_eq!((&report["records"], &report["checkpoints"]), (&3.into(), &2.into()), "{report}");
    assert_eq!(report["keys"].as_array().unwrap().len(), 2, "{report}");
    assert!(!elsewhere.path().join("secrets").exists(), "nothing is made there");

    let kept = verify(&["audit.jsonl", "--checkpoint", "kept.jsonl", "--expect-head", &head]).await;
    assert!(kept.succeeded().stdout.contains("3 compared, 0 about other records"), "{kept:?}");
    let other = format!("3:{}", "A".repeat(43));
    for (arguments, code, said) in [
        (["audit.jsonl", "--expect-head", &other], 1, "record 3: what was kept elsewhere says another hash"),
        (["audit.jsonl", "--expect-head", &head.replacen('3', "9", 1)], 1, "records 4 to 9 were cut off"),
        (["audit.jsonl", "--expect-head", "3"], 2, "NUMBER:HASH"),
        (["audit.jsonl", "--checkpoint", "audit.jsonl"], 2, "line 1 is no checkpoint"),
        (["audit.jsonl", "--checkpoint", "nothing"], 2, "nothing"),
    ] {
        let told = verify(&arguments).await;
        assert_eq!(told.code, Some(code), "{told:?}");
        assert!(told.stdout.contains(said) || told.stderr.contains(said), "{said}: {told:?}");
    }
    for nothing in ["missing.jsonl", "kept.jsonl"] {
        assert_eq!(verify(&[nothing]).await.code, Some(2), "{nothing}");
    }
    // An end that was cut off, with the file's own end made anew by whoever has the key, shows only so.
    let again = installation.folder().join("audit.jsonl");
    let refused = installation.run(&["audit", "export", "--out", again.to_str().unwrap()]).await;
    assert!(refused.refused_in_one_line().contains("is not overwritten"));
}

#[tokio::test]
async fn one_flipped_byte_anywhere_is_found() {
    let (_installation, bytes, _) = exported().await;
    assert!(verify(&bytes).unwrap().is_good());
    for place in 0..bytes.len() {
        let mut changed = bytes.clone();
        changed[place] ^= 1 << (place % 8);
        findings(&changed, &format!("byte {place}"));
    }
    let mut runner = TestRunner::new(ProptestConfig::with_cases(400));
    let anywhere = (any::<proptest::sample::Index>(), 1..=u8::MAX);
    runner
        .run(&anywhere, |(place, with)| {
            let mut changed = bytes.clone();
            changed[place.index(bytes.len())] ^= with;
            findings(&changed, &format!("{place:?} ^ {with}"));
            Ok(())
        })
        .unwrap();
}

#[tokio::test]
async fn lines_that_are_gone_repeated_moved_added_or_cut_off_are_found_and_named() {
    let (_installation, bytes, _) = exported().await;
    let text = String::from_utf8(bytes).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    let joined = |lines: &[&str]| format!("{}\n", lines.join("\n")).into_bytes();
    let records: Vec<usize> =
        (0..lines.len()).filter(|line| lines[*line].starts_with("{\"record\"")).collect();
    assert_eq!(records.len(), 3, "{text}");
    let found = |lines: &[&str], what: &str| findings(&joined(lines), what);

    for line in 0..lines.len() {
        let mut changed = lines.clone();
        changed.remove(line);
        found(&changed, &format!("line {line} is gone"));
        changed = lines.clone();
        changed.insert(line, lines[line]);
        found(&changed, &format!("line {line} is there twice"));
        found(&lines[..line], &format!("cut off before line {line}"));
        if line > 0 {
            changed = lines.clone();
            changed.swap(line - 1, line);
            found(&changed, &format!("lines {} and {line} are swapped", line - 1));
        }
    }
    let mut without = lines.clone();
    without.remove(records[1]);
    let told = found(&without, "the second record is gone");
    assert!(told.contains(&Finding::Gap { first: 2, last: 2 }), "{told:?}");
    let mut swapped = lines.clone();
    swapped.swap(records[0], records[1]);
    let told = found(&swapped, "the first two records are swapped");
    let is_named = |finding: &Finding| matches!(finding, Finding::OutOfOrder { seq: 1, expected: 3, .. });
    assert!(told.iter().any(is_named), "{told:?}");
    let mut without = lines.clone();
    without.remove(records[2]);
    let told = found(&without, "the last record is gone, and its checkpoint is there");
    assert!(told.contains(&Finding::CutOff { first: 3, last: 3 }), "{told:?}");
    let mut without = lines.clone();
    without.retain(|line| !line.starts_with("{\"checkpoint\""));
    let told = found(&without, "the checkpoints are gone");
    assert!(told.contains(&Finding::Unsigned { first: 1, last: 3 }), "{told:?}");

    let mut changed = lines.clone();
    let outcome = lines[records[1]].replace("\"outcome\":", "\"outcome\" :");
    changed[records[1]] = &outcome;
    let told = found(&changed, "a blank");
    assert!(matches!(told[0], Finding::Line { line, .. } if line == records[1] as u64 + 1), "{told:?}");

    let record: serde_json::Value = serde_json::from_str(lines[records[1]]).unwrap();
    let id = record["record"]["record"]["id"].as_str().unwrap();
    let action = record["record"]["record"]["action"].as_str().unwrap();
    let other = lines[records[1]].replace(action, "sign_in.verdict");
    changed[records[1]] = &other;
    let told = found(&changed, "another action");
    let is_named = |finding: &Finding| matches!(finding, Finding::Changed { seq: 2, id: named } if named.to_string() == id);
    assert!(told.iter().any(is_named), "{told:?}");
    let twice = lines[records[1]].replacen("\"seq\":2", "\"seq\":1,\"seq\":2", 1);
    changed[records[1]] = &twice;
    found(&changed, "a member twice");

    for cut in [text.len() - 1, text.len() - 2, text.len() / 2] {
        findings(&text.as_bytes()[..cut], "the end");
    }
    findings(format!("{text}\n").as_bytes(), "an empty line");
    findings(format!("{text}{text}").as_bytes(), "the file twice");
    assert!(verify(b"").is_err());
}

#[tokio::test]
async fn a_stretch_of_time_is_exported_with_what_proves_it() {
    let (installation, _, head) = exported().await;
    let export = async |name: &str, arguments: &[&str]| {
        let file = installation.folder().join(name);
        let mut all = vec!["audit", "export", "--json", "--out", file.to_str().unwrap()];
        all.extend(arguments);
        let told = installation.run(&all).await.succeeded().json();
        let checked = verify(&std::fs::read(&file).unwrap()).unwrap();
        assert!(checked.is_good(), "{:?}", checked.findings);
        told["records"].as_u64().unwrap()
    };
    assert_eq!(export("none.jsonl", &["--from", "2100-01-01"]).await, 0);
    assert_eq!(export("before.jsonl", &["--to", "2001-01-01"]).await, 0);
    let whole = export("all.jsonl", &["--from", "2001-01-01", "--to", "2100-01-01"]).await;
    let chained: u64 = head.split(':').next().unwrap().parse().unwrap();
    assert_eq!(whole, chained);
    let text = std::fs::read_to_string(installation.folder().join("all.jsonl")).unwrap();
    let at = |action: &str| {
        let line = text.lines().rfind(|line| line.contains(action)).unwrap();
        let line: serde_json::Value = serde_json::from_str(line).unwrap();
        line["record"]["record"]["at"].as_str().unwrap().to_owned()
    };
    // From the second import on; and up to it, without it.
    let second = at("account.imported");
    assert_eq!(export("second.jsonl", &["--from", &second]).await, 1);
    let first = export("first.jsonl", &["--to", &at("keys.rotated")]).await;
    assert_eq!(first, 1, "on to the checkpoint that covers it, which is the next one");
    let wrong = installation.run(&["audit", "export", "--from", "yesterday", "--out", "x"]).await;
    assert_eq!(wrong.code, Some(2), "{wrong:?}");
}
