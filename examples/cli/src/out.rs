//! Standard output, whose reader may leave before the end: `mynacard profiles | head`.

use std::fmt::Arguments;
use std::io::{self, ErrorKind, Write};

/// Writes to standard output as `print!` does; what nobody reads any more (a closed pipe) is left
/// unsaid, and the command ends as it would have.
///
/// Errors: anything else that keeps the words from being written.
pub(crate) fn write(words: Arguments<'_>) -> io::Result<()> {
    let mut out = io::stdout().lock();
    match out.write_fmt(words).and_then(|()| out.flush()) {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        written => written,
    }
}

/// [`write`] with the arguments of `format!`.
macro_rules! say {
    ($($words:tt)*) => { $crate::out::write(format_args!($($words)*)) };
}
pub(crate) use say;
