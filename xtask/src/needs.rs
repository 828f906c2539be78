//! What the suites need beyond the toolchain that built this program.

use crate::project::{Line, Project};

/// A tool: how to see that it is there, and how to get it.
#[derive(Debug)]
pub(crate) struct Need {
    /// Its name for people.
    pub(crate) name: &'static str,
    /// Commands of which one must succeed.
    pub(crate) probes: &'static [&'static [&'static str]],
    /// Where it comes from.
    pub(crate) source: Source,
}

/// Where a tool comes from.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Source {
    /// Debian packages.
    Debian(&'static [&'static str]),
    /// A component of the Rust toolchain.
    Component(&'static str),
    /// A program that cargo builds, at an exact version.
    Cargo { name: &'static str, version: &'static str },
    /// A command of the repository's own, run in its root, that keeps what it gets outside of it.
    Script(&'static [&'static str]),
}

/// Formats Rust.
pub(crate) static RUSTFMT: Need = Need {
    name: "rustfmt",
    probes: &[&["cargo", "fmt", "--version"]],
    source: Source::Component("rustfmt"),
};

/// Lints Rust.
pub(crate) static CLIPPY: Need = Need {
    name: "clippy",
    probes: &[&["cargo", "clippy", "--version"]],
    source: Source::Component("clippy"),
};

/// Compiles libFuzzer.
pub(crate) static CPP: Need = Need {
    name: "a C++ compiler",
    probes: &[&["c++", "--version"]],
    source: Source::Debian(&["g++"]),
};

/// Builds and runs fuzz targets.
pub(crate) static CARGO_FUZZ: Need = Need {
    name: "cargo-fuzz",
    probes: &[&["cargo", "fuzz", "--version"]],
    source: Source::Cargo { name: "cargo-fuzz", version: "0.13.2" },
};

/// Links the PC/SC transport.
pub(crate) static PCSC_LITE: Need = Need {
    name: "libpcsclite",
    probes: &[&["pkg-config", "--exists", "libpcsclite"]],
    source: Source::Debian(&["libpcsclite-dev", "pkg-config"]),
};

/// Serves smart cards; its virtual reader takes the virtual card.
pub(crate) static PCSCD: Need = Need {
    name: "pcscd with a virtual reader",
    probes: &[&[
        "sh",
        "-c",
        "command -v pcscd && test -e /usr/lib/pcsc/drivers/serial/libifdvpcd.so",
    ]],
    source: Source::Debian(&["pcscd", "vsmartcard-vpcd"]),
};

/// Other people's programs for smart cards.
pub(crate) static CARD_PROGRAMS: Need = Need {
    name: "OpenSC, pcsc-tools, scdaemon and openssl",
    probes: &[&[
        "sh",
        "-c",
        "command -v opensc-tool pcsc_scan openssl && test -x /usr/lib/gnupg/scdaemon",
    ]],
    source: Source::Debian(&["opensc", "pcsc-tools", "scdaemon", "openssl"]),
};

/// Writes and reads JPEG 2000 beside our decoder.
pub(crate) static OPENJPEG: Need = Need {
    name: "OpenJPEG's programs",
    probes: &[&["sh", "-c", "command -v opj_compress && command -v opj_decompress"]],
    source: Source::Debian(&["libopenjp2-tools"]),
};

/// Somebody else's virtual card.
pub(crate) static VICC: Need = Need {
    name: "vicc",
    probes: &[&[
        "sh",
        "-c",
        "command -v vicc && /usr/bin/python3 -c 'import Cryptodome' && \
         test -e /usr/lib/python3/site-packages/virtualsmartcard",
    ]],
    source: Source::Debian(&[
        "vsmartcard-vpicc",
        "python3-virtualsmartcard",
        "python3-pycryptodome",
    ]),
};

/// Compiles the C tests a second time, with its own sanitizers.
pub(crate) static CLANG: Need = Need {
    name: "clang",
    probes: &[&[
        "sh",
        "-c",
        "echo 'int main(void){}' | clang -fsanitize=address -x c - -o /dev/null",
    ]],
    source: Source::Debian(&["clang", "libclang-rt-dev"]),
};

/// Builds the C tests and packages.
pub(crate) static CMAKE: Need = Need {
    name: "cmake",
    probes: &[&["cmake", "--version"]],
    source: Source::Debian(&["cmake", "make"]),
};

/// Compiles C.
pub(crate) static GCC: Need =
    Need { name: "gcc", probes: &[&["gcc", "--version"]], source: Source::Debian(&["gcc", "g++"]) };

/// Tells where an installed library is.
pub(crate) static PKG_CONFIG: Need = Need {
    name: "pkg-config",
    probes: &[&["pkg-config", "--version"]],
    source: Source::Debian(&["pkg-config"]),
};

/// Read recordings in C.
pub(crate) static C_JSON: Need = Need {
    name: "cJSON and libmd",
    probes: &[&["pkg-config", "--exists", "libcjson", "libmd"]],
    source: Source::Debian(&["libcjson-dev", "libmd-dev", "pkg-config"]),
};

/// Finds misuse of memory in C.
pub(crate) static VALGRIND: Need = Need {
    name: "valgrind",
    probes: &[&["valgrind", "--version"]],
    source: Source::Debian(&["valgrind"]),
};

/// Makes a folder for Python's programs.
pub(crate) static PYTHON_VENV: Need = Need {
    name: "python3-venv",
    probes: &[&["python3", "-c", "import ensurepip"]],
    source: Source::Debian(&["python3-venv"]),
};

/// Compiles C and links for systems that have no compiler of their own here.
pub(crate) static ZIG: Need = Need {
    name: "zig",
    probes: &[&["sh", "xtask/get/zig.sh", "--where"]],
    source: Source::Script(&["sh", "xtask/get/zig.sh"]),
};

/// Rust's standard library for the targets of `cross`.
pub(crate) static RUST_TARGETS: Need = Need {
    name: "Rust's standard library for other systems",
    probes: &[
        &[
            "sh",
            "xtask/get/rust-targets.sh",
            "--has",
            "aarch64-linux-android",
            "armv7-linux-androideabi",
            "x86_64-linux-android",
            "aarch64-apple-ios",
            "aarch64-apple-ios-sim",
            "x86_64-pc-windows-gnu",
            "aarch64-unknown-linux-gnu",
        ],
        &["sh", "xtask/get/rust-targets.sh", "--source"],
    ],
    source: Source::Script(&["sh", "xtask/get/rust-targets.sh"]),
};

/// Compiles C and C++ for Windows.
pub(crate) static MINGW: Need = Need {
    name: "mingw",
    probes: &[&["x86_64-w64-mingw32-g++", "--version"]],
    source: Source::Debian(&["gcc-mingw-w64-x86-64", "g++-mingw-w64-x86-64"]),
};

/// Compiles C and C++ for 64-bit ARM, and runs it.
pub(crate) static ARM64: Need = Need {
    name: "a compiler and an emulator for 64-bit ARM",
    probes: &[&["sh", "-c", "command -v aarch64-linux-gnu-g++ && command -v qemu-aarch64-static"]],
    source: Source::Debian(&["g++-aarch64-linux-gnu", "libc6-dev-arm64-cross", "qemu-user-static"]),
};

/// Makes a Debian in a folder.
pub(crate) static DEBOOTSTRAP: Need = Need {
    name: "debootstrap",
    probes: &[&["sh", "-c", "PATH=$PATH:/usr/sbin; command -v debootstrap"]],
    source: Source::Debian(&["debootstrap"]),
};

/// Compiles Swift, in a Debian 13 folder, since Debian 12 has no Swift.
pub(crate) static SWIFT: Need = Need {
    name: "Swift in a Debian 13 folder (1 to 3 minutes, 2.8 GB in the cache folder)",
    probes: &[&["sh", "xtask/get/trixie.sh", "--has", "swift"]],
    source: Source::Script(&[
        "sh",
        "xtask/get/trixie.sh",
        "swiftlang",
        "libc6-dev",
        "libstdc++-14-dev",
    ]),
};

/// Runs Windows programs, in a Debian 13 folder, since Debian 12's knows no PC/SC.
pub(crate) static WINE: Need = Need {
    name: "Wine in a Debian 13 folder (1 to 2 minutes, 1.4 GB in the cache folder)",
    probes: &[&["sh", "xtask/get/trixie.sh", "--has", "wine"]],
    source: Source::Script(&["sh", "xtask/get/trixie.sh", "wine", "wine64"]),
};

/// Runs and compiles for the JVM.
pub(crate) static JDK: Need = Need {
    name: "a JDK, 17 or later",
    probes: &[&["sh", "-c", "javac -version 2>&1 | grep -Eq ' (1[7-9]|[2-9][0-9])'"]],
    source: Source::Debian(&["openjdk-17-jdk-headless"]),
};

/// Builds Kotlin.
pub(crate) static MAVEN: Need =
    Need { name: "Maven", probes: &[&["mvn", "--version"]], source: Source::Debian(&["maven"]) };

/// Looks into libraries.
pub(crate) static BINUTILS: Need = Need {
    name: "readelf",
    probes: &[&["readelf", "--version"]],
    source: Source::Debian(&["binutils"]),
};

impl Need {
    /// Whether the tool answers.
    pub(crate) fn is_met(&self, project: &Project) -> bool {
        self.probes.iter().any(|probe| project.succeeds(&Line::new(probe)))
    }
}
