//! What Microsoft's linker wants of a DLL: the list of its exports, and the import library made from it.

use std::fs;
use std::path::Path;

use crate::c;
use crate::cross::tools::Tools;
use crate::project::{Line, Project};

/// Writes `mynacard.def` and `mynacard.lib` into a folder.
///
/// Errors: the command that failed, or a sentence.
pub(crate) fn import_library(
    project: &Project,
    tools: &Tools,
    folder: &Path,
) -> Result<(), String> {
    let names: Vec<_> = c::declared_in_header(project)?.into_iter().collect();
    let exports = folder.join("mynacard.def");
    fs::write(&exports, format!("LIBRARY mynacard.dll\nEXPORTS\n{}\n", names.join("\n")))
        .map_err(|why| format!("{}: {why}", exports.display()))?;
    let (exports, library) = (exports.display().to_string(), folder.join("mynacard.lib"));
    let (zig, library) = (tools.zig(), library.display().to_string());
    let words = [&*zig, "dlltool", "-m", "i386:x86-64", "-d", &*exports, "-l", &*library];
    project.run(&Line::new(&words))
}
