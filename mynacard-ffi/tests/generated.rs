//! Everything that is generated is checked in, and stays as it would be generated today.
//!
//! `cargo xtask generate` runs these tests with `MYNACARD_GENERATE=1`, which writes the files.

#![allow(clippy::unwrap_used, reason = "helpers of tests may fail loudly")]

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use mynacard_core::audit::EventCode;
use mynacard_core::error::{Actor, FaultInfo, table};

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

/// Writes a file, or compares it with what it would be.
fn check(path: &str, made: &str) {
    let file = repository().join(path);
    if std::env::var_os("MYNACARD_GENERATE").is_some() {
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(&file, made).unwrap();
    }
    let found = fs::read_to_string(&file).unwrap_or_default();
    assert!(found == made, "{path} is out of date: run `cargo xtask generate`");
}

/// `LinkFault::NoCard` as `MYNACARD_LINK_NO_CARD`.
fn c_name(name: &str) -> String {
    let (kind, variant) = name.split_once("::").unwrap();
    let kind = kind.trim_end_matches("Fault").trim_end_matches("Reason");
    format!("MYNACARD_{}{}", kind.to_uppercase(), upper_case(variant))
}

/// `NoCard` as `_NO_CARD`.
fn upper_case(words: &str) -> String {
    let mut text = String::new();
    for character in words.chars() {
        if character.is_uppercase() {
            text.push('_');
        }
        text.extend(character.to_uppercase());
    }
    text
}

/// The rows by code.
fn rows() -> Vec<&'static FaultInfo> {
    let mut rows: Vec<_> = table().collect();
    rows.sort_by_key(|row| row.code);
    rows
}

fn header_start() -> String {
    let version = env!("CARGO_PKG_VERSION");
    let mut text = format!(
        "#include <stddef.h>\n#include <stdint.h>\n\n\
         /** The version of this header; compare with mynacard_version(). */\n\
         #define MYNACARD_VERSION \"{version}\"\n\n\
         /** A mynacard_str or mynacard_bytes of text as the two arguments of \"%.*s\". */\n\
         #define MYNACARD_STR(text) (int)(text).length, (const char *)(text).data\n\n\
         /** Every result code of this version. A later one may give codes that are not here. */\n\
         enum mynacard_code {{\n    /** Success. */\n    MYNACARD_OK = 0,\n"
    );
    for row in rows() {
        writeln!(
            text,
            "    /** {}. */\n    {} = {},",
            capital(row.text),
            c_name(row.name),
            row.code
        )
        .unwrap();
    }
    text += "};\n\n/** What happened in an encounter, as it stands in the log. */\nenum mynacard_event {\n";
    for event in EventCode::ALL {
        let name = upper_case(&format!("{event:?}"));
        writeln!(text, "    /** {}: {}. */", event.name(), event.label_ja()).unwrap();
        writeln!(text, "    MYNACARD_EVENT{name} = {},", event.code()).unwrap();
    }
    text + "};\n"
}

fn capital(text: &str) -> String {
    text[..1].to_uppercase() + &text[1..]
}

#[test]
fn the_header_is_what_the_sources_say() {
    let folder = repository().join("mynacard-ffi");
    let mut config = cbindgen::Config::from_file(folder.join("cbindgen.toml")).unwrap();
    config.after_includes = Some(header_start());
    let mut header = Vec::new();
    cbindgen::generate_with_config(&folder, config).unwrap().write(&mut header);
    check("bindings/c/include/mynacard.h", std::str::from_utf8(&header).unwrap());
}

#[test]
fn the_page_of_errors_is_the_error_table() {
    let mut text = String::from(
        "# Errors\n\nMade from the one error table by `cargo xtask generate`. A code never changes its \
         meaning and is never\nused again. What went wrong in between (which file, which status word) is \
         in the log line, never\nin the code; nothing personal is in either.\n\n\
         | code | C | who must act | what | 案内 | advice |\n| --- | --- | --- | --- | --- | --- |\n",
    );
    for row in rows() {
        let actor = match row.actor {
            Actor::Crew => "crew (救急隊員)",
            Actor::Holder => "holder (本人)",
            Actor::Integrator => "integrator (開発者)",
            Actor::Operator => "operator (運用者)",
            other => panic!("{other:?} has no word yet"),
        };
        let FaultInfo { code, name, text: what, advice_ja, advice_en, .. } = row;
        writeln!(
            text,
            "| {code} | `{}` | {actor} | {what} | {advice_ja} | {advice_en} |",
            c_name(name)
        )
        .unwrap();
    }
    check("docs/errors.md", &text);
}

/// The list may only grow: a line that is there stays there, also in a file that was just written.
#[test]
fn no_code_changes_its_meaning() {
    const LIST: &str = "mynacard-ffi/tests/codes.txt";
    let recorded = fs::read_to_string(repository().join(LIST)).unwrap_or_default();
    let faults = rows().into_iter().map(|row| format!("{} {}", row.code, c_name(row.name)));
    let events = EventCode::ALL.iter().map(|event| format!("event {} {event:?}", event.code()));
    let now: Vec<String> = faults.chain(events).collect();
    for line in recorded.lines() {
        assert!(now.iter().any(|other| other == line), "`{line}` is gone or means something else");
    }
    check(LIST, &(now.join("\n") + "\n"));
}

#[test]
fn the_packages_have_the_version_of_the_crate() {
    let version = env!("CARGO_PKG_VERSION");
    let line = format!("set(MYNACARD_VERSION {version})");
    let cmake = fs::read_to_string(repository().join("bindings/c/CMakeLists.txt")).unwrap();
    assert!(cmake.contains(&line), "bindings/c/CMakeLists.txt: `{line}`");
}
