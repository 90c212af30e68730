//! The guides in docs/pl: what they show exists, and what they quote stands on a page.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use crate::documents::root;

/// A page with pictures must open on a telephone, and the repository must not grow with each of their versions.
const LARGEST_PICTURE: u64 = 80 * 1024;

/// Pictures as Markdown has them.
struct Shown {
    alternative: String,
    path: String,
}

#[test]
fn every_picture_that_a_guide_shows_exists_is_small_and_has_words_for_those_who_do_not_see_it() {
    let mut faults = Vec::new();
    for (guide, text) in guides() {
        for Shown { alternative, path } in pictures_in(&text) {
            let of = format!("{}: {path}", guide.display());
            match fs::metadata(folder().join(&path)) {
                Err(error) => faults.push(format!("{of}: {error}; scripts/guide-pictures takes it")),
                Ok(file) if file.len() > LARGEST_PICTURE => {
                    faults.push(format!("{of}: {} bytes", file.len()));
                }
                Ok(_) => {}
            }
            if alternative.chars().count() < 20 {
                faults.push(format!("{of}: `{alternative}` does not tell what is on it"));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn every_picture_that_is_kept_is_shown_by_a_guide() {
    let shown: BTreeSet<PathBuf> = guides()
        .iter()
        .flat_map(|(_, text)| pictures_in(text))
        .map(|picture| folder().join(picture.path))
        .collect();
    let kept = files_in(&folder().join("obrazki"));
    assert!(!kept.is_empty());
    let unused: Vec<_> = kept.iter().filter(|file| !shown.contains(*file)).collect();
    assert!(unused.is_empty(), "{unused:?}");
}

/// The guides write `**words**` for what stands on a page, and `__words__` for what only matters.
#[test]
fn every_label_that_a_guide_quotes_stands_on_a_page() {
    let texts: String = ["templates/locales/pl", "templates/demo/locales/pl"]
        .iter()
        .flat_map(|folder| files_in(&root().join(folder)))
        .map(|file| fs::read_to_string(file).expect("a file of texts"))
        .collect();
    let mut faults = Vec::new();
    for (guide, text) in guides() {
        let labels = labels_in(&text);
        assert!(!labels.is_empty(), "{}", guide.display());
        for label in labels.iter().filter(|label| !texts.contains(label.as_str())) {
            faults.push(format!("{}: no page says \"{label}\"", guide.display()));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

fn folder() -> PathBuf {
    root().join("docs/pl")
}

fn files_in(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let paths = entries.map(|entry| entry.expect("an entry of a folder").path());
    paths.filter(|path| path.is_file()).collect()
}

fn guides() -> Vec<(PathBuf, String)> {
    let guides: Vec<_> = files_in(&folder())
        .into_iter()
        .filter(|file| file.extension().is_some_and(|extension| extension == "md"))
        .map(|file| {
            let text = fs::read_to_string(&file).expect("a guide");
            (file, text)
        })
        .collect();
    assert!(!guides.is_empty());
    guides
}

fn pictures_in(text: &str) -> Vec<Shown> {
    text.split("![")
        .skip(1)
        .filter_map(|rest| {
            let (alternative, rest) = rest.split_once("](")?;
            let (path, _) = rest.split_once(')')?;
            Some(Shown { alternative: alternative.to_owned(), path: path.to_owned() })
        })
        .collect()
}

/// Every second piece between `**`; a label may be broken over two lines.
fn labels_in(text: &str) -> Vec<String> {
    let pieces = text.split("**").skip(1).step_by(2);
    pieces.map(|label| label.split_whitespace().collect::<Vec<_>>().join(" ")).collect()
}
