//! What docs/ARCHITECTURE.md claims: imports go down only, and whatever it names is there.

use std::fs;
use std::path::{Path, PathBuf};

use crate::documents::{collect, document, root, spans};

/// The floors of `src`, the highest first, and what each may know of those below.
const FLOORS: &[(&str, &[&str])] = &[
    (
        "cli",
        &[
            "demo",
            "app",
            "office",
            "accounts",
            "oidc",
            "integrations",
            "trail",
            "storage",
            "config",
            "crypto",
            "domain",
        ],
    ),
    ("demo", &["app", "accounts", "integrations", "views", "outbound", "config", "crypto", "domain"]),
    (
        "app",
        &[
            "http",
            "office",
            "accounts",
            "oidc",
            "integrations",
            "trail",
            "views",
            "storage",
            "outbound",
            "config",
            "crypto",
            "domain",
        ],
    ),
    ("http", &["oidc", "office", "accounts", "trail", "views", "storage", "config", "crypto", "domain"]),
    ("oidc", &["storage", "outbound", "crypto", "domain"]),
    ("office", &["accounts", "trail", "storage", "crypto", "domain"]),
    ("accounts", &["storage", "crypto", "domain"]),
    ("integrations", &["views", "storage", "crypto", "domain"]),
    ("trail", &["storage", "crypto", "domain"]),
    ("storage", &["crypto", "domain"]),
    ("views", &["domain"]),
    ("outbound", &[]),
    ("crypto", &["domain"]),
    ("config", &["domain"]),
    ("domain", &[]),
];

/// Made-up input for tests, and the doors of the fuzz targets: they stand beside the floors.
const BESIDE: [&str; 2] = ["arbitrary", "parsers"];

#[test]
fn imports_go_down_the_floors_only() {
    for (index, (floor, known)) in FLOORS.iter().enumerate() {
        for below in *known {
            let is_below = FLOORS[index + 1..].iter().any(|(name, _)| name == below);
            assert!(is_below, "{floor} may not know {below}, which is no lower");
        }
    }
    let mut faults = Vec::new();
    let mut seen = 0;
    let mut files = Vec::new();
    collect(&root().join("src"), &mut files);
    for file in files {
        let path = file.strip_prefix(root().join("src")).unwrap();
        let Some(floor) = path.parent().and_then(|folder| folder.iter().next()) else { continue };
        let floor = floor.to_str().unwrap();
        let Some((_, known)) = FLOORS.iter().find(|(name, _)| *name == floor) else {
            faults.push(format!("{}: on no floor", path.display()));
            continue;
        };
        let text = fs::read_to_string(&file).unwrap();
        for import in imports(&text).filter(|import| *import != floor && !BESIDE.contains(import)) {
            seen += 1;
            if !known.contains(&import) {
                faults.push(format!("{}: imports {import}", path.display()));
            }
        }
    }
    assert!(seen > 1_000, "{seen} imports: they are read wrongly");
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn whatever_the_architecture_names_is_there() {
    let files = everything();
    let text = document("ARCHITECTURE.md");
    let mut faults = Vec::new();
    let mut seen = 0;
    for span in spans(&text).filter(|span| is_place(span)) {
        for place in alternatives(span) {
            seen += 1;
            let path = place.split("::").next().unwrap();
            let item = place.rsplit("::").next().filter(|item| *item != path);
            let mut found = files.iter().filter(|file| file.ends_with(path.trim_end_matches('/'))).peekable();
            if found.peek().is_none() {
                faults.push(format!("there is no {path}"));
            } else if let Some(item) = item.filter(|item| !found.any(|file| has_item(file, item))) {
                faults.push(format!("{path} has no {item}"));
            }
        }
    }
    assert!(seen > 150, "{seen} places: they are read wrongly");
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// Every file and folder that may be named.
fn everything() -> Vec<PathBuf> {
    let mut found = Vec::new();
    for name in [
        "src",
        "templates",
        "migration",
        "config",
        "docs",
        "benches",
        "scripts",
        "tests/api",
        "tests/fuzz/src",
    ] {
        walk(root().join(name), &mut found);
    }
    found
}

fn walk(place: PathBuf, found: &mut Vec<PathBuf>) {
    if place.is_dir() {
        for entry in fs::read_dir(&place).unwrap() {
            walk(entry.unwrap().path(), found);
        }
    }
    found.push(place);
}

/// The modules of the crate that a file names, but for what its comments say.
fn imports(text: &str) -> impl Iterator<Item = &str> {
    text.lines()
        .filter(|line| !line.trim_start().starts_with("//"))
        .flat_map(|line| line.split("crate::").skip(1))
        .map(|rest| rest.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').next().unwrap_or_default())
        .filter(|name| !name.is_empty())
}

/// A file or a folder, perhaps with something in it; neither a URL nor a pattern.
fn is_place(span: &str) -> bool {
    let path = span.split("::").next().unwrap_or_default();
    let is_file =
        [".rs", ".md", ".toml", ".html", ".css", ".js", ".ftl", ".txt"].iter().any(|end| path.ends_with(end))
            || path.ends_with('/');
    is_file && !path.starts_with('/') && !span.contains([' ', '*', '<'])
}

/// `a/{b,c}.rs` is two.
fn alternatives(span: &str) -> Vec<String> {
    let Some((before, rest)) = span.split_once('{') else { return vec![span.to_owned()] };
    let (inside, after) = rest.split_once('}').unwrap();
    inside.split(',').map(|one| format!("{before}{one}{after}")).collect()
}

fn has_item(file: &Path, name: &str) -> bool {
    let text = fs::read_to_string(file).unwrap_or_default();
    ["fn", "struct", "enum"].iter().any(|kind| {
        let declared = format!("{kind} {name}");
        text.match_indices(&declared).any(|(at, _)| {
            !text[at + declared.len()..].starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_')
        })
    })
}
