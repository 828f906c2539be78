//! What clippy does not look for.

use std::fs;
use std::path::{Path, PathBuf};

use crate::project::Project;

/// Nothing is compiled for nobody: tests behind an empty condition pass by never running.
pub(crate) fn nothing_is_switched_off(project: &Project) -> Result<(), String> {
    let switched_off = concat!("#[cfg(any", "())]");
    let mut found = Vec::new();
    rust_files(&project.path(""), &mut |path, text| {
        if text.contains(switched_off) {
            found.push(path.display().to_string());
        }
    });
    if found.is_empty() {
        Ok(())
    } else {
        Err(format!("switched off by {switched_off}: {}", found.join(", ")))
    }
}

fn rust_files(folder: &Path, look: &mut impl FnMut(&Path, &str)) {
    let entries: Vec<PathBuf> =
        fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
    for path in entries {
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        if path.is_dir() && name != "target" && !name.starts_with('.') {
            rust_files(&path, look);
        } else if name.ends_with(".rs")
            && let Ok(text) = fs::read_to_string(&path)
        {
            look(&path, &text);
        }
    }
}
