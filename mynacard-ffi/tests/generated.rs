//! Everything that is generated is checked in, and stays as it would be generated today.
//!
//! `cargo xtask generate` runs these tests with `MYNACARD_GENERATE=1`, which writes the files.

#![allow(clippy::unwrap_used, reason = "helpers of tests may fail loudly")]

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use mynacard::error::table;
use mynacard_core::audit::Event;
use mynacard_core::error::{Actor, FaultInfo};

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
    for event in Event::ALL {
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
    let header = without_repeated_conditions(std::str::from_utf8(&header).unwrap());
    check("bindings/c/include/mynacard.h", &header);
}

/// The condition of a module stands around each enumeration of it, and again around each of its
/// values: once is enough.
fn without_repeated_conditions(header: &str) -> String {
    let mut text = String::new();
    let mut open: Vec<(&str, bool)> = Vec::new();
    for line in header.lines() {
        let mut is_repeated = false;
        if line.starts_with("#if") {
            is_repeated = open.iter().any(|(condition, _)| *condition == line);
            open.push((line, is_repeated));
        } else if line.starts_with("#endif") {
            (_, is_repeated) = open.pop().unwrap();
        }
        if !is_repeated {
            text += line;
            text.push('\n');
        }
    }
    text
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

/// `LinkFault::NoCard` as `LINK_NO_CARD`, `Event::FaceMatched` as `FACE_MATCHED`.
fn constant(name: &str) -> String {
    c_name(name).trim_start_matches("MYNACARD_").to_owned()
}

/// What is between two marks of a file, made anew.
fn check_between(path: &str, start: &str, end: &str, made: &str) {
    let file = fs::read_to_string(repository().join(path)).unwrap();
    let (before, rest) = file.split_once(start).unwrap();
    let (_, after) = rest.split_once(end).unwrap();
    check(path, &[before, start, made, end, after].concat());
}

#[test]
fn the_lists_of_applications_are_those_of_the_map() {
    let (mut plist, mut table) = (String::new(), String::new());
    for (aid, name) in mynacard_core::map::aids() {
        let aid: String = aid.iter().map(|byte| format!("{byte:02X}")).collect();
        writeln!(plist, "        <!-- {name} -->\n        <string>{aid}</string>").unwrap();
        writeln!(table, "| `{aid}` | {name} |").unwrap();
    }
    let key = "iso7816.select-identifiers</key>\n    <array>\n";
    check_between("bindings/swift/AppFiles/Info.plist", key, "    </array>", &plist);
    check_between("docs/applications.md", "| AID | 名称 |\n| --- | --- |\n", "\nThe table", &table);
}

/// `LINK_NO_CARD` as `linkNoCard`.
fn camel_case(constant: &str) -> String {
    let mut words = constant.split('_').map(str::to_lowercase);
    let first = words.next().unwrap_or_default();
    first + &words.map(|word| capital(&word)).collect::<String>()
}

const MADE: &str = "// Made from the Rust sources by `cargo xtask generate`. Change those instead.";

#[test]
fn the_kotlin_codes_are_those_of_the_tables() {
    let mut text = format!(
        "// SPDX-License-Identifier: MIT OR Apache-2.0\n{MADE}\npackage jp.mynacard\n\n\
         /** Every fault of this version. A later library may give codes that are not here. */\n\
         public enum class FaultCode(\n    /** The stable code. */\n    public val code: Int,\n) {{\n"
    );
    for row in rows() {
        let what = capital(row.text);
        writeln!(text, "    /** {what}. {} */", row.advice_ja).unwrap();
        writeln!(text, "    {}({}),\n", constant(row.name), row.code).unwrap();
    }
    text += "    ;\n\n    public companion object {\n        private val known = entries.associateBy { it.code }\n\n        \
             /** The fault of a code; null for one that this version does not know. */\n        \
             public fun of(code: Int): FaultCode? = known[code]\n    }\n}\n\n\
             /** What happens in an encounter, as it stands in the log. */\n\
             public enum class EncounterEvent(\n    /** The stable number. */\n    public val code: Int,\n    \
             /** Its name in the log. */\n    public val logName: String,\n    \
             /** What to write on a button, in Japanese. */\n    public val labelJa: String,\n) {\n";
    for event in Event::ALL {
        let constant = upper_case(&format!("{event:?}"));
        let (code, name, label) = (event.code(), event.name(), event.label_ja());
        writeln!(
            text,
            "    /** {label}. */\n    {}({code}, \"{name}\", \"{label}\"),\n",
            &constant[1..]
        )
        .unwrap();
    }
    text += "    ;\n\n    public companion object {\n        private val known = entries.associateBy { it.code }\n\n        \
             /** The event of a number; null for one that this version does not know. */\n        \
             public fun of(code: Int): EncounterEvent? = known[code]\n    }\n}\n";
    check("bindings/kotlin/mynacard/src/main/kotlin/jp/mynacard/Codes.kt", &text);
}

#[test]
fn the_swift_codes_are_those_of_the_tables() {
    let mut text = format!(
        "{MADE}\n\n/// Every fault of this version. A later library may give codes that are not here.\n\
         public enum FaultCode: UInt16, CaseIterable, Sendable {{\n"
    );
    for row in rows() {
        let name = camel_case(&constant(row.name));
        writeln!(
            text,
            "    /// {}. {}\n    case {name} = {}",
            capital(row.text),
            row.advice_ja,
            row.code
        )
        .unwrap();
    }
    text += "}\n\n/// What happens in an encounter, as it stands in the log.\n\
             public enum EncounterEvent: UInt16, CaseIterable, Sendable {\n";
    for event in Event::ALL {
        let name = camel_case(&upper_case(&format!("{event:?}"))[1..]);
        writeln!(text, "    /// {}\n    case {name} = {}", event.label_ja(), event.code()).unwrap();
    }
    text += "}\n\nextension EncounterEvent {\n    /// Its name in the log.\n    public var logName: String {\n        switch self {\n";
    for event in Event::ALL {
        let name = camel_case(&upper_case(&format!("{event:?}"))[1..]);
        writeln!(text, "        case .{name}: \"{}\"", event.name()).unwrap();
    }
    text += "        }\n    }\n\n    /// What to write on a button, in Japanese.\n    public var labelJa: String {\n        switch self {\n";
    for event in Event::ALL {
        let name = camel_case(&upper_case(&format!("{event:?}"))[1..]);
        writeln!(text, "        case .{name}: \"{}\"", event.label_ja()).unwrap();
    }
    text += "        }\n    }\n}\n";
    check("bindings/swift/Sources/Mynacard/Codes.swift", &text);
}

/// The list may only grow: a line that is there stays there, also in a file that was just written.
#[test]
fn no_code_changes_its_meaning() {
    const LIST: &str = "mynacard-ffi/tests/codes.txt";
    let recorded = fs::read_to_string(repository().join(LIST)).unwrap_or_default();
    let faults = rows().into_iter().map(|row| format!("{} {}", row.code, c_name(row.name)));
    let events = Event::ALL.iter().map(|event| format!("event {} {event:?}", event.code()));
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
