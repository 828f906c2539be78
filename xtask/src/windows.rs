//! Windows: the DLL, its C tests and the tablet apps, cross-built and run under Wine; the apps read the
//! virtual card through Wine's PC/SC and the real pcscd.

use std::fs;

use crate::cross::tools::Tools;
use crate::cross::{WINDOWS, microsoft};
use crate::project::{Line, Project};

/// Runs the C tests under Wine, against the static library and the DLL.
///
/// Errors: the command that failed.
pub(crate) fn test(project: &Project) -> Result<(), String> {
    let tools = Tools::find(project)?;
    WINDOWS.build(project, &tools, "sim")?;
    // Once and alone, since the tests side by side would all want to.
    wine(project, &["wineboot", "--init"])?;
    let runner = project.path("xtask/wine.sh");
    WINDOWS.run_c_tests(
        project,
        &[
            "-DCMAKE_SYSTEM_NAME=Windows",
            "-DCMAKE_C_COMPILER=x86_64-w64-mingw32-gcc",
            "-DCMAKE_CXX_COMPILER=x86_64-w64-mingw32-g++",
        ],
        &format!("sh;{}", runner.display()),
    )?;
    links_as_microsofts(project, &tools)
}

/// Has the tablet apps read the card on the virtual reader.
///
/// Errors: the command that failed.
pub(crate) fn read_through_pcsc(project: &Project) -> Result<(), String> {
    let words = ["cargo", "test", "--package", "interop", "--test", "windows", "--", "--ignored"];
    let apps = project.target().join("c").join(WINDOWS.triple).join("tests");
    let line = Line::new(&words)
        .with_env("MYNACARD_WINE", &project.path("xtask/wine.sh").to_string_lossy())
        .with_env("MYNACARD_WINDOWS_APPS", &apps.to_string_lossy());
    project.run(&line)
}

/// Links a program for Microsoft's interface against the DLL, through `mynacard.lib`, and runs it.
fn links_as_microsofts(project: &Project, tools: &Tools) -> Result<(), String> {
    let folder = project.target().join("c").join("msvc");
    fs::create_dir_all(&folder).map_err(|why| format!("{}: {why}", folder.display()))?;
    let at = |name: &str| folder.join(name).display().to_string();
    microsoft::import_library(project, tools, &folder)?;
    let dll = WINDOWS.built(project).join("mynacard.dll");
    fs::copy(&dll, folder.join("mynacard.dll"))
        .map_err(|why| format!("{}: {why}", dll.display()))?;
    let (zig, source, object) = (tools.zig(), "bindings/c/tests/msvc.c", at("msvc.obj"));
    let flags = tools.clang_flags(&["--target=x86_64-pc-windows-msvc", "-Ibindings/c/include"]);
    let mut compile = vec![&*zig, "clang"];
    compile.extend(flags.iter().map(String::as_str));
    compile.extend(["-Wall", "-Wextra", "-Werror", "-c", source, "-o", &*object]);
    project.run(&Line::new(&compile))?;
    let (library, program) = (at("mynacard.lib"), at("msvc.exe"));
    let out = format!("/out:{program}");
    let entry = ["/entry:start", "/subsystem:console", "/nodefaultlib", &*object, &*library, &*out];
    project.run(&Line::new(&[&[&*zig, "lld-link"], &entry[..]].concat()))?;
    wine(project, &[&program])?;
    println!("a program for Microsoft's linker ran with mynacard.lib and mynacard.dll");
    Ok(())
}

fn wine(project: &Project, words: &[&str]) -> Result<(), String> {
    project.run(&Line::new(&[&["sh", "xtask/wine.sh"], words].concat()))
}
