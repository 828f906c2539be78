//! The table of rooms in `docs/architecture.md` is true: every room of the core stands in it, each takes
//! from the rooms above it only, and no two files of a room need each other.
//!
//! What a file takes is read from its tokens: `use` items and paths in code. Comments, strings and what
//! is compiled for tests only do not count.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "helpers of tests may fail loudly"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};

/// A module's path from the root of the crate, which is empty.
type Module = Vec<String>;

/// What stands in one file.
#[derive(Default)]
struct File {
    /// `mod name;`
    children: BTreeSet<String>,
    /// Names that a `use` brings in, and the path that it writes for each; a glob has no name.
    imports: Vec<Import>,
    /// Paths in code.
    paths: Vec<Vec<String>>,
    /// Every word in code, outside of `use` items.
    words: BTreeSet<String>,
}

struct Import {
    name: String,
    path: Vec<String>,
    is_exported: bool,
}

impl File {
    fn read(text: &str) -> Self {
        let mut file = Self::default();
        file.walk(text.parse().expect("the compiler has read it too"));
        file
    }

    fn walk(&mut self, stream: TokenStream) {
        let tokens: Vec<TokenTree> = stream.into_iter().collect();
        let mut at = 0;
        let mut is_exported = false;
        while at < tokens.len() {
            let was_exported = std::mem::take(&mut is_exported);
            match &tokens[at] {
                TokenTree::Punct(punct) if punct.as_char() == '#' => {
                    let next = at + 1 + usize::from(is_punct(tokens.get(at + 1), '!'));
                    let Some(TokenTree::Group(attribute)) = tokens.get(next) else {
                        at += 1;
                        continue;
                    };
                    at = next + 1;
                    if attribute.stream().to_string().replace(' ', "") == "cfg(test)" {
                        at = end_of_item(&tokens, at);
                    }
                    continue;
                }
                TokenTree::Ident(word) if word == "pub" => {
                    is_exported = true;
                    // `pub(in some::path)` takes nothing from there.
                    at += 1 + usize::from(is_group(tokens.get(at + 1), Delimiter::Parenthesis));
                    continue;
                }
                TokenTree::Ident(word) if word == "use" => {
                    let end = (at..tokens.len()).find(|at| is_punct(tokens.get(*at), ';'));
                    let end = end.expect("a use item ends");
                    self.import(&tokens[at + 1..end], &[], was_exported);
                    at = end;
                }
                TokenTree::Ident(word) if word == "mod" => {
                    match &tokens[at + 2] {
                        TokenTree::Group(group) => self.take_in(group.stream()),
                        _ => drop(self.children.insert(tokens[at + 1].to_string())),
                    }
                    at += 2;
                }
                TokenTree::Ident(_) => {
                    let (path, next) = path_at(&tokens, at);
                    self.words.extend(path.iter().cloned());
                    if path.len() > 1 {
                        self.paths.push(path);
                    }
                    at = next;
                    continue;
                }
                TokenTree::Group(group) => self.walk(group.stream()),
                TokenTree::Punct(_) | TokenTree::Literal(_) => {}
            }
            at += 1;
        }
    }

    /// Takes up a module without a file of its own, as part of the one around it.
    fn take_in(&mut self, stream: TokenStream) {
        let mut inner = Self::default();
        inner.walk(stream);
        let outwards = |path: &mut Vec<String>| match path.as_slice() {
            [first, second, ..] if first == "super" && second == "super" => drop(path.remove(0)),
            [first, ..] if first == "super" => "self".clone_into(&mut path[0]),
            _ => {}
        };
        inner.imports.iter_mut().for_each(|import| outwards(&mut import.path));
        inner.paths.iter_mut().for_each(outwards);
        self.imports.extend(inner.imports);
        self.paths.extend(inner.paths);
        self.words.extend(inner.words);
    }

    /// Takes up the tree of a `use` item.
    fn import(&mut self, tokens: &[TokenTree], above: &[String], is_exported: bool) {
        for tree in tokens.split(|token| is_punct(Some(token), ',')).filter(|it| !it.is_empty()) {
            let (path, next) = path_at(tree, 0);
            let path = [above, &path].concat();
            match tree.get(next) {
                Some(TokenTree::Group(group)) => {
                    let inner: Vec<TokenTree> = group.stream().into_iter().collect();
                    self.import(&inner, &path, is_exported);
                }
                Some(TokenTree::Ident(_)) => {
                    let name = tree[next + 1].to_string();
                    self.imports.push(Import { name, path, is_exported });
                }
                _ => {
                    let is_itself = path.last().is_some_and(|last| last == "self");
                    let path = path[..path.len() - usize::from(is_itself)].to_vec();
                    let name = path.last().expect("a name").clone();
                    self.imports.push(Import { name, path, is_exported });
                }
            }
        }
    }
}

/// The path that begins here, `a::b::c`, and where it ends: past the `::` before a group or a star.
fn path_at(tokens: &[TokenTree], at: usize) -> (Vec<String>, usize) {
    let (mut path, mut at) = (Vec::new(), at);
    while let Some(TokenTree::Ident(word)) = tokens.get(at) {
        path.push(word.to_string());
        at += 1;
        if !(is_punct(tokens.get(at), ':') && is_punct(tokens.get(at + 1), ':')) {
            break;
        }
        at += 2;
    }
    (path, at)
}

fn end_of_item(tokens: &[TokenTree], at: usize) -> usize {
    let ends =
        |at: &usize| is_punct(tokens.get(*at), ';') || is_group(tokens.get(*at), Delimiter::Brace);
    (at..tokens.len()).find(ends).map_or(tokens.len(), |end| end + 1)
}

fn is_punct(token: Option<&TokenTree>, what: char) -> bool {
    matches!(token, Some(TokenTree::Punct(punct)) if punct.as_char() == what)
}

fn is_group(token: Option<&TokenTree>, what: Delimiter) -> bool {
    token.is_some_and(|token| matches!(token, TokenTree::Group(group) if delimits(group, what)))
}

fn delimits(group: &Group, what: Delimiter) -> bool {
    group.delimiter() == what
}

/// All files of the crate.
struct House {
    files: BTreeMap<Module, File>,
}

impl House {
    fn of_core() -> Self {
        let mut house = Self { files: BTreeMap::new() };
        house.enter(Vec::new());
        house
    }

    /// Reads a module's file and those below it.
    fn enter(&mut self, module: Module) {
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
        let path = match module.as_slice() {
            [] => source.join("lib.rs"),
            names => {
                let folder = source.join(names.join("/"));
                [folder.with_extension("rs"), folder.join("mod.rs")]
                    .into_iter()
                    .find(|path| path.exists())
                    .expect("a module has a file")
            }
        };
        let file = File::read(&std::fs::read_to_string(path).expect("it can be read"));
        for child in &file.children {
            self.enter([&module[..], std::slice::from_ref(child)].concat());
        }
        self.files.insert(module, file);
    }

    /// The rooms: what the root declares.
    fn rooms(&self) -> &BTreeSet<String> {
        &self.files[&Vec::new()].children
    }

    /// A path as it stands in a module, from the root of the crate; none if it leads out of it.
    fn rooted(&self, module: &[String], path: &[String]) -> Option<Vec<String>> {
        let mut base = module.to_vec();
        let mut rest = path;
        match path.first()?.as_str() {
            "crate" => (base, rest) = (Vec::new(), &path[1..]),
            "self" => rest = &path[1..],
            "super" => {
                while let Some((first, after)) = rest.split_first()
                    && first == "super"
                {
                    base.pop();
                    rest = after;
                }
            }
            child if self.files[module].children.contains(child) => {}
            _ => return None,
        }
        base.extend_from_slice(rest);
        Some(base)
    }

    /// The module in which what a path from the root names is defined: through every `use` on its way.
    fn home(&self, path: &[String]) -> Module {
        let deepest = (0..=path.len()).rev().find(|len| self.files.contains_key(&path[..*len]));
        let (module, rest) = path.split_at(deepest.expect("the root at least"));
        let import = rest.first().and_then(|name| {
            let file = &self.files[module];
            file.imports.iter().find(|import| import.name == *name)
        });
        match import.and_then(|import| self.rooted(module, &import.path)) {
            Some(next) if next != path => self.home(&next),
            _ => module.to_vec(),
        }
    }

    /// What a file takes from others, as paths from the root.
    fn taken(&self, module: &[String]) -> Vec<Vec<String>> {
        let file = &self.files[module];
        let imports = file.imports.iter().map(|import| &import.path);
        imports.chain(&file.paths).filter_map(|path| self.rooted(module, path)).collect()
    }

    /// The rooms from which a file takes something, its own left out.
    fn rooms_of(&self, module: &[String]) -> BTreeSet<String> {
        let room = |path: Vec<String>| match path.first() {
            Some(first) if self.rooms().contains(first) => Some(first.clone()),
            _ => self.home(&path).first().cloned(),
        };
        let mut rooms: BTreeSet<String> = self.taken(module).into_iter().filter_map(room).collect();
        rooms.remove(&module[0]);
        rooms
    }

    /// The files of the same room that a file needs. What it only passes on to others it does not need.
    fn needs(&self, module: &[String]) -> BTreeSet<Module> {
        let file = &self.files[module];
        let is_needed = |import: &&Import| !import.is_exported || file.words.contains(&import.name);
        let imports = file.imports.iter().filter(is_needed).map(|import| &import.path);
        let mut needed: BTreeSet<Module> = imports
            .chain(&file.paths)
            .filter_map(|path| self.rooted(module, path))
            .map(|path| self.home(&path))
            .filter(|home| home.first() == module.first())
            .collect();
        // A room may speak for those inside it, and they may use its words.
        needed.retain(|other| !other.starts_with(module) && !module.starts_with(other));
        needed
    }

    /// What a file needs, and what that needs, and so on.
    fn reaches(&self, module: &[String]) -> BTreeSet<Module> {
        let mut reached = BTreeSet::new();
        let mut next: Vec<Module> = self.needs(module).into_iter().collect();
        while let Some(one) = next.pop() {
            if reached.insert(one.clone()) {
                next.extend(self.needs(&one));
            }
        }
        reached
    }
}

/// The rooms in the table of the page, top to bottom; those of one line may not use each other either,
/// but from left to right.
fn table() -> Vec<String> {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/architecture.md");
    let page = std::fs::read_to_string(page).expect("it can be read");
    let rows = page.lines().skip_while(|line| *line != "| room | what it is |").skip(2);
    let rooms = rows.take_while(|line| line.starts_with('|')).flat_map(|line| {
        let named = line.split('|').nth(1).expect("a first column");
        named.split('`').skip(1).step_by(2).map(|room| room.trim_end_matches('/').to_owned())
    });
    rooms.collect()
}

#[test]
fn every_room_stands_in_the_table_and_takes_only_from_those_above_it() {
    let house = House::of_core();
    let table = table();
    let listed: BTreeSet<String> = table.iter().cloned().collect();
    assert_eq!(listed.len(), table.len(), "a room stands in the table twice");
    assert_eq!(&listed, house.rooms());
    let place = |room: &str| table.iter().position(|listed| listed == room).expect("listed");
    let modules = house.files.keys().filter(|module| !module.is_empty());
    let back: Vec<String> = modules
        .flat_map(|module| {
            let from = place(&module[0]);
            let rooms = house.rooms_of(module).into_iter();
            let back = rooms.filter(move |room| place(room) > from);
            back.map(move |room| format!("{} takes from {room}", module.join("/")))
        })
        .collect();
    assert_eq!(back, Vec::<String>::new());
}

#[test]
fn files_of_one_room_go_round_in_no_circle_but_the_known_ones() {
    let house = House::of_core();
    let round = |module: &&Module| !module.is_empty() && house.reaches(module).contains(*module);
    let circles: Vec<String> =
        house.files.keys().filter(round).map(|module| module.join("/")).collect();
    // A verdict on a log holds its funnel, and a funnel takes verdicts; findings are found in a report, which
    // holds them; a root says how it vouches, and what it vouches for asks it.
    let known = ["audit/funnel", "audit/verify", "trust/cv", "trust/findings", "trust/roots"];
    assert_eq!(circles, [&known[..], &["trust/verdict", "trust/x509"]].concat());
}

#[test]
fn what_is_read_is_what_stands_there() {
    let file = File::read(
        "use crate::error::{Error, tlv::self}; #[cfg(test)] mod tests { use crate::reading::X; }\n\
         // use crate::comment;\nmod inner { use super::super::map; }\n\
         fn f() { let _ = \"crate::text\"; crate::trust::judge(); }",
    );
    let mut paths: Vec<String> =
        file.imports.iter().map(|it| &it.path).chain(&file.paths).map(|it| it.join("::")).collect();
    paths.sort();
    assert_eq!(
        paths,
        ["crate::error::Error", "crate::error::tlv", "crate::trust::judge", "super::map"]
    );
}
