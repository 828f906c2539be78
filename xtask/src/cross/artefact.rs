//! What a built library offers and asks for, read from the file itself.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use object::read::archive::ArchiveFile;
use object::{BinaryFormat, Object, ObjectSegment, ObjectSymbol};

/// How the names begin that UniFFI adds for Kotlin and Swift.
const OF_UNIFFI: [&str; 3] = ["uniffi_mynacard_", "ffi_mynacard_", "UNIFFI_META_"];

/// A library's content.
pub(crate) struct Artefact {
    name: String,
    bytes: Vec<u8>,
}

impl Artefact {
    /// Reads a file.
    ///
    /// Errors: a sentence, if it is not there.
    pub(crate) fn read(path: &Path) -> Result<Self, String> {
        let name = path.display().to_string();
        let bytes = fs::read(path).map_err(|why| format!("{name}: {why}"))?;
        Ok(Self { name, bytes })
    }

    /// Checks that a shared library exports these names, those of UniFFI, and nothing else.
    ///
    /// Errors: the names that are too many or missing.
    pub(crate) fn exports_only(&self, declared: &BTreeSet<String>) -> Result<(), String> {
        let is_uniffi = |name: &String| OF_UNIFFI.iter().any(|prefix| name.starts_with(prefix));
        let (of_uniffi, exported): (BTreeSet<_>, _) =
            self.exports()?.into_iter().partition(is_uniffi);
        same(&self.name, &exported, declared)?;
        let (ours, theirs) = (exported.len(), of_uniffi.len());
        println!("{}: exports the {ours} functions of mynacard.h, {theirs} of UniFFI", self.name);
        Ok(())
    }

    /// Checks that a static library defines these names.
    ///
    /// Errors: the names that are missing.
    pub(crate) fn defines(&self, declared: &BTreeSet<String>) -> Result<(), String> {
        let mut defined = self.definitions()?;
        defined.retain(|name| declared.contains(name));
        same(&self.name, &defined, declared)?;
        println!("{}: defines the {} functions of mynacard.h", self.name, defined.len());
        Ok(())
    }

    /// Checks that every part of a shared library that is loaded is aligned to pages of this many bytes.
    ///
    /// Errors: a sentence with the alignment that is too small.
    pub(crate) fn is_aligned_to(&self, page: u64) -> Result<(), String> {
        let file = self.file()?;
        let least = file.segments().map(|segment| segment.align()).min();
        match least {
            Some(least) if least >= page && least % page == 0 => {
                println!("{}: aligned to pages of {page} bytes", self.name);
                Ok(())
            }
            _ => Err(format!("{}: aligned to {least:?} bytes, not {page}", self.name)),
        }
    }

    /// Checks that a shared library needs no others than these, upper or lower case being the same.
    ///
    /// Errors: a sentence with one that is needed too.
    pub(crate) fn needs_only(&self, allowed: &[&str]) -> Result<(), String> {
        let file = self.file()?;
        let mut needed = Vec::new();
        for library in file.import_libraries().map_err(|why| self.wrong(why))? {
            let name = text(library.map_err(|why| self.wrong(why))?.name());
            if !allowed.iter().any(|allowed| allowed.eq_ignore_ascii_case(&name)) {
                return Err(format!("{}: needs {name}", self.name));
            }
            needed.push(name);
        }
        println!("{}: needs {}", self.name, needed.join(", "));
        Ok(())
    }

    fn exports(&self) -> Result<BTreeSet<String>, String> {
        let file = self.file()?;
        let mut names = BTreeSet::new();
        for export in file.exports().map_err(|why| self.wrong(why))? {
            let export = export.map_err(|why| self.wrong(why))?;
            names.extend(export.name().name().map(text));
        }
        Ok(names)
    }

    /// The global names that the members of a static library define.
    fn definitions(&self) -> Result<BTreeSet<String>, String> {
        let bytes = self.bytes.as_slice();
        let archive = ArchiveFile::parse(bytes).map_err(|why| self.wrong(why))?;
        let mut names = BTreeSet::new();
        for member in archive.members() {
            let member =
                member.and_then(|member| member.data(bytes)).map_err(|why| self.wrong(why))?;
            // Such as an index, which is no object file.
            let Ok(file) = object::File::parse(member) else { continue };
            let global =
                file.symbols().filter(|symbol| symbol.is_global() && symbol.is_definition());
            for symbol in global {
                let name = symbol.name().map_err(|why| self.wrong(why))?;
                let c_name = match file.format() {
                    BinaryFormat::MachO => name.strip_prefix('_').unwrap_or(name),
                    _ => name,
                };
                names.insert(c_name.to_owned());
            }
        }
        Ok(names)
    }

    fn file(&self) -> Result<object::File<'_>, String> {
        object::File::parse(self.bytes.as_slice()).map_err(|why| self.wrong(why))
    }

    fn wrong(&self, why: object::Error) -> String {
        format!("{}: {why}", self.name)
    }
}

fn text(name: &[u8]) -> String {
    String::from_utf8_lossy(name).into_owned()
}

/// Errors: the names that only one of the two has.
fn same(file: &str, found: &BTreeSet<String>, declared: &BTreeSet<String>) -> Result<(), String> {
    let only = |these: &BTreeSet<String>, those: &BTreeSet<String>| {
        these.difference(those).cloned().collect::<Vec<_>>().join(", ")
    };
    match found == declared {
        true => Ok(()),
        false => Err(format!(
            "{file}: exported but not declared: [{}]; declared but not exported: [{}]",
            only(found, declared),
            only(declared, found)
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(names: &[&str]) -> BTreeSet<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn a_name_too_many_and_one_missing_are_both_named() {
        let why = same("a.so", &names(&["both", "found"]), &names(&["both", "declared"]));
        let why = why.unwrap_err();
        assert!(why.contains("not declared: [found]"), "{why}");
        assert!(why.contains("not exported: [declared]"), "{why}");
        assert_eq!(same("a.so", &names(&["both"]), &names(&["both"])), Ok(()));
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn this_program_needs_a_c_library_and_is_aligned_to_its_pages_only() {
        let this = Artefact::read(&std::env::current_exe().unwrap()).unwrap();
        assert!(this.needs_only(&[]).unwrap_err().contains("needs lib"));
        assert_eq!(this.is_aligned_to(4096), Ok(()));
        assert!(this.is_aligned_to(1 << 40).is_err());
        assert!(this.definitions().is_err(), "a program is no archive");
    }

    #[test]
    fn what_is_no_library_is_refused() {
        let text = Artefact { name: "a".to_owned(), bytes: b"text".to_vec() };
        assert!(text.exports_only(&BTreeSet::new()).is_err());
        assert!(text.defines(&BTreeSet::new()).is_err());
        assert!(text.is_aligned_to(1).is_err());
    }
}
