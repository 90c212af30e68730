//! What docs/THREATS.md and docs/ASVS.md claim: every door is there, every requirement has its answer, and every file and
//! test that they name exists.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use iok_id::http::router::ROUTES;

/// How many requirements of level 1 or 2 each section of the chapters has, by OWASP ASVS 5.0.0. The numbers that are
/// missing within a section are of level 3.
const REQUIREMENTS: &[(&str, &[u8])] = &[
    ("6.1", &[1, 2, 3]),
    ("6.2", &[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]),
    ("6.3", &[1, 2, 3, 4]),
    ("6.4", &[1, 2, 3, 4]),
    ("6.5", &[1, 2, 3, 4, 5]),
    ("6.6", &[1, 2, 3]),
    ("6.8", &[1, 2, 3, 4]),
    ("7.1", &[1, 2, 3]),
    ("7.2", &[1, 2, 3, 4]),
    ("7.3", &[1, 2]),
    ("7.4", &[1, 2, 3, 4, 5]),
    ("7.5", &[1, 2]),
    ("7.6", &[1, 2]),
    ("9.1", &[1, 2, 3]),
    ("9.2", &[1, 2, 3, 4]),
    ("10.1", &[1, 2]),
    ("10.2", &[1, 2]),
    ("10.3", &[1, 2, 3, 4]),
    ("10.4", &[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]),
    ("10.5", &[1, 2, 3, 4, 5]),
    ("10.6", &[1, 2]),
    ("10.7", &[1, 2, 3]),
    ("11.1", &[1, 2]),
    ("11.2", &[1, 2, 3]),
    ("11.3", &[1, 2, 3]),
    ("11.4", &[1, 2, 3, 4]),
    ("11.5", &[1]),
    ("11.6", &[1]),
    ("16.1", &[1]),
    ("16.2", &[1, 2, 3, 4, 5]),
    ("16.3", &[1, 2, 3, 4]),
    ("16.4", &[1, 2, 3]),
    ("16.5", &[1, 2, 3]),
];

const ANSWERS: [&str; 4] = ["met", "not applicable", "deviation", "open"];

#[test]
fn every_door_of_the_router_has_its_threats_and_no_other_has() {
    let doors: BTreeSet<String> =
        ROUTES.iter().map(|route| format!("{} {}", route.method, route.path)).collect();
    let mut told = BTreeSet::new();
    for section in threats().split("\n## ") {
        let Some((_, doors)) = section.split_once("\nDoors: ") else { continue };
        let doors = doors.split("\n\n").next().unwrap_or_default();
        for door in spans(doors) {
            assert!(told.insert(door.to_owned()), "{door} stands in two sections");
        }
        let title = section.lines().next().unwrap_or_default();
        let letters: String = rows(section).map(|cells| cells[0]).collect();
        for letter in "STRIDE".chars() {
            assert!(letters.contains(letter), "{title}: no word about {letter}");
        }
    }
    let untold: Vec<_> = doors.difference(&told).collect();
    let closed: Vec<_> = told.difference(&doors).collect();
    assert!(
        untold.is_empty() && closed.is_empty(),
        "without a row: {untold:#?}; no door any more: {closed:#?}"
    );
}

#[test]
fn whatever_stops_a_threat_is_a_file_and_whatever_shows_it_is_a_test() {
    let tests = tests();
    let text = threats();
    let mut faults = missing_files(&text);
    let mut seen = 0;
    for cells in rows(&text) {
        let [_, feared, _, shown_by] = cells[..] else { panic!("a row of other than four cells: {cells:?}") };
        seen += 1;
        if spans(shown_by).next().is_none() {
            faults.push(format!("nothing shows that it is stopped: {feared}"));
        }
        let is_command = |span: &&str| span.contains(' ');
        for span in spans(shown_by).filter(|span| !is_command(span) && !tests.contains(*span)) {
            faults.push(format!("there is no test {span}"));
        }
    }
    assert!(seen > 100, "{seen} rows: the table is read wrongly");
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn asvs_5_every_requirement_of_level_2_has_one_answer_with_what_shows_it() {
    let text = document("ASVS.md");
    let wanted: Vec<String> = REQUIREMENTS
        .iter()
        .flat_map(|(section, numbers)| numbers.iter().map(move |number| format!("{section}.{number}")))
        .collect();
    let mut faults = missing_files(&text);
    let mut answered = Vec::new();
    for cells in rows(&text).filter(|cells| cells[0].split('.').count() == 3) {
        let [number, answer, _, why] = cells[..] else { panic!("a row of other than four cells: {cells:?}") };
        answered.push(number.to_owned());
        if !ANSWERS.contains(&answer) {
            faults.push(format!("{number}: {answer} is no answer"));
        }
        if why.is_empty() {
            faults.push(format!("{number}: why {answer}?"));
        }
    }
    let tests = tests();
    for name in spans(&text).filter(|span| is_test_name(span) && !tests.contains(*span)) {
        faults.push(format!("there is no test {name}"));
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    assert_eq!(answered, wanted);
}

pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

pub(crate) fn document(name: &str) -> String {
    fs::read_to_string(root().join("docs").join(name)).unwrap()
}

fn threats() -> String {
    document("THREATS.md")
}

/// What stands between backticks.
pub(crate) fn spans(text: &str) -> impl Iterator<Item = &str> {
    text.split('`').skip(1).step_by(2)
}

/// The cells of every row of every table, but for heads and what lies under them.
fn rows(text: &str) -> impl Iterator<Item = Vec<&str>> {
    let lines: Vec<&str> = text.lines().collect();
    let is_rule = |line: Option<&&str>| line.is_some_and(|line| line.starts_with("|--"));
    let bodies: Vec<&str> = (0..lines.len())
        .filter(|index| !is_rule(lines.get(*index)) && !is_rule(lines.get(index + 1)))
        .map(|index| lines[index])
        .collect();
    bodies.into_iter().filter_map(cells)
}

fn cells(line: &str) -> Option<Vec<&str>> {
    let inside = line.strip_prefix('|')?.strip_suffix('|')?;
    Some(inside.split('|').map(str::trim).collect())
}

/// Files are named below `src/`, or from the root.
fn missing_files(text: &str) -> Vec<String> {
    let is_file = |span: &&str| {
        !span.contains(' ') && [".rs", ".md", ".toml", ".lock", ".html"].iter().any(|end| span.ends_with(end))
    };
    spans(text)
        .filter(is_file)
        .filter(|span| !root().join("src").join(span).exists() && !root().join(span).exists())
        .map(|span| format!("there is no file {span}"))
        .collect()
}

/// A sentence in snake case; shorter ones are columns and keys.
fn is_test_name(span: &str) -> bool {
    span.matches('_').count() >= 4
        && span.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_'))
}

/// The names of all tests, property tests among them.
fn tests() -> BTreeSet<String> {
    let mut files = Vec::new();
    for folder in ["src", "tests/api", "benches"] {
        collect(&root().join(folder), &mut files);
    }
    let mut names = BTreeSet::new();
    for file in files {
        let text = fs::read_to_string(&file).unwrap();
        let mut is_next = false;
        for line in text.lines().map(str::trim_start) {
            is_next |= line.starts_with("#[test]") || line.starts_with("#[tokio::test");
            if is_next && let Some((_, rest)) = line.split_once("fn ") {
                names.insert(rest.split(['(', '<']).next().unwrap_or_default().to_owned());
                is_next = false;
            }
        }
    }
    names
}

pub(crate) fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for path in entries.map(|entry| entry.unwrap().path()) {
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
}
