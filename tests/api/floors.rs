//! The house's floors (docs/ARCHITECTURE.md): imports go down only, and no files import each other in a circle.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use syn::visit::{self, Visit};
use syn::{Attribute, Item, ItemMod, ItemUse, UseTree, Visibility};

/// From the top down. Rooms of one floor know nothing of each other.
const FLOORS: &[&[&str]] = &[
    &["main"],
    &["cli"],
    &["demo"],
    &["app", "parsers"],
    &["http"],
    &["office"],
    &["accounts", "integrations", "oidc", "trail"],
    &["storage"],
    &["config", "crypto", "views"],
    &["domain", "outbound"],
];

/// A path of names, from the crate's root.
type Names = Vec<String>;

/// Every file by its module, with what it imports and what it hands on.
#[derive(Default)]
struct House {
    files: BTreeMap<Names, File>,
}

#[derive(Default)]
struct File {
    imports: BTreeSet<Names>,
    /// `pub use`: the name that others ask for, and where it really is.
    hands_on: BTreeMap<String, Names>,
}

#[test]
fn imports_go_down_only() {
    let house = House::read();
    let floor_of = |module: &Names| {
        let room = module.first().map_or("main", String::as_str);
        FLOORS.iter().position(|rooms| rooms.contains(&room)).unwrap_or_else(|| panic!("{room} has no floor"))
    };
    let mut wrong = Vec::new();
    for (from, to) in house.arrows() {
        if from.first() != to.first() && floor_of(&from) >= floor_of(&to) {
            wrong.push(format!("{} -> {}", from.join("::"), to.join("::")));
        }
    }
    assert!(wrong.is_empty(), "these imports do not go down:\n{}", wrong.join("\n"));
}

#[test]
fn no_files_import_each_other_in_a_circle() {
    let mut arrows = House::read().arrows();
    loop {
        // What nothing leads to, or nothing leads from, is in no circle.
        let from: BTreeSet<Names> = arrows.iter().map(|(from, _)| from.clone()).collect();
        let to: BTreeSet<Names> = arrows.iter().map(|(_, to)| to.clone()).collect();
        let before = arrows.len();
        arrows.retain(|arrow| to.contains(&arrow.0) && from.contains(&arrow.1));
        if arrows.len() == before {
            break;
        }
    }
    let left: Vec<String> =
        arrows.iter().map(|(from, to)| format!("{} -> {}", from.join("::"), to.join("::"))).collect();
    assert!(left.is_empty(), "these imports are parts of circles, or between two:\n{}", left.join("\n"));
}

impl House {
    fn read() -> Self {
        let mut house = Self::default();
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
        house.enter(&root, &root.join("lib.rs"), Vec::new());
        house.enter(&root, &root.join("main.rs"), vec!["main".to_owned()]);
        assert!(house.files.len() > 300, "only {} files were found", house.files.len());
        house
    }

    /// Reads a file and those of its modules. What is for tests alone is left out.
    fn enter(&mut self, children: &Path, path: &Path, module: Names) {
        let source = fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let parsed = syn::parse_file(&source).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        for item in &parsed.items {
            let Item::Mod(ItemMod { ident, content: None, attrs, .. }) = item else { continue };
            if is_for_tests(attrs) {
                continue;
            }
            let name = ident.to_string();
            let folder = children.join(&name);
            let own_file = children.join(format!("{name}.rs"));
            let file = if own_file.exists() { own_file } else { folder.join("mod.rs") };
            self.enter(&folder, &file, [module.as_slice(), &[name]].concat());
        }
        let mut reader = Reader { module: module.clone(), file: File::default() };
        reader.visit_file(&parsed);
        self.files.insert(module, reader.file);
    }

    /// Who imports whom, by files.
    fn arrows(&self) -> BTreeSet<(Names, Names)> {
        let mut arrows = BTreeSet::new();
        for (module, file) in &self.files {
            for import in &file.imports {
                let to = self.home_of(import);
                // The list of modules in `lib.rs` is nobody's import.
                if to != *module && !to.is_empty() && !module.is_empty() {
                    arrows.insert((module.clone(), to));
                }
            }
        }
        arrows
    }

    /// The file in which a name is at home: not the one that only hands it on.
    fn home_of(&self, path: &[String]) -> Names {
        let longest = (0..=path.len()).rev().find(|length| self.files.contains_key(&path[..*length]));
        let module = &path[..longest.unwrap_or_default()];
        let handed_on = path.get(module.len()).and_then(|name| self.files[module].hands_on.get(name));
        match handed_on {
            Some(origin) if origin != path => self.home_of(origin),
            _ => module.to_vec(),
        }
    }
}

/// Reads one file's imports, and the paths in its code that begin at the crate or beside it.
struct Reader {
    module: Names,
    file: File,
}

impl Reader {
    /// From the crate's root. `None`: another crate's, or a name of this file.
    fn absolute(&self, path: &[String]) -> Option<Names> {
        let (first, rest) = path.split_first()?;
        match first.as_str() {
            "crate" | "iok_id" => Some(rest.to_vec()),
            "self" => Some([self.module.as_slice(), rest].concat()),
            "super" => {
                let ups = path.iter().take_while(|name| *name == "super").count();
                let base = self.module.len().checked_sub(ups)?;
                Some([&self.module[..base], &path[ups..]].concat())
            }
            _ => None,
        }
    }

    fn tree(&mut self, tree: &UseTree, before: &[String], handed_on: bool) {
        match tree {
            UseTree::Path(path) => {
                self.tree(&path.tree, &[before, &[path.ident.to_string()]].concat(), handed_on);
            }
            UseTree::Group(group) => {
                for tree in &group.items {
                    self.tree(tree, before, handed_on);
                }
            }
            UseTree::Name(name) => {
                let name = name.ident.to_string();
                // `{self}` is what stands before it.
                let path = if name == "self" { before.to_vec() } else { [before, &[name.clone()]].concat() };
                self.import(&path, &name, handed_on);
            }
            UseTree::Rename(rename) => {
                let path = [before, &[rename.ident.to_string()]].concat();
                self.import(&path, &rename.rename.to_string(), handed_on);
            }
            UseTree::Glob(_) => self.import(before, "*", handed_on),
        }
    }

    fn import(&mut self, path: &[String], name: &str, handed_on: bool) {
        // A module's own child may be named without `self`.
        let beside = [self.module.as_slice(), path].concat();
        let target = self.absolute(path).unwrap_or(beside);
        if handed_on {
            self.file.hands_on.insert(name.to_owned(), target);
        } else {
            self.file.imports.insert(target);
        }
    }
}

impl<'a> Visit<'a> for Reader {
    fn visit_item_mod(&mut self, item: &'a ItemMod) {
        if !is_for_tests(&item.attrs) {
            visit::visit_item_mod(self, item);
        }
    }

    fn visit_item_use(&mut self, item: &'a ItemUse) {
        if !is_for_tests(&item.attrs) {
            self.tree(&item.tree, &[], !matches!(item.vis, Visibility::Inherited));
        }
    }

    fn visit_path(&mut self, path: &'a syn::Path) {
        let names: Names = path.segments.iter().map(|segment| segment.ident.to_string()).collect();
        if let Some(target) = self.absolute(&names).filter(|_| names.len() > 1) {
            self.file.imports.insert(target);
        }
        visit::visit_path(self, path);
    }
}

fn is_for_tests(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        attribute.path().is_ident("cfg")
            && attribute.meta.require_list().is_ok_and(|list| list.tokens.to_string() == "test")
    })
}
