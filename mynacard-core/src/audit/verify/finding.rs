//! What a verification finds.

use crate::error::faults;

faults! {
    /// What somebody did to a log (codes 7100..7199). A value of a [`Verdict`](super::Verdict), not
    /// an error.
    Tamper {
        /// Bytes that are not a line of a log in its one form.
        NotCanonical = 7101, Operator, "the line is not in canonical form",
            ja "記録の行が壊れているか、書き換えられています。",
            en "The line is broken or was rewritten.";
        /// The line's content does not fit its seal (or, without the seal key, its place).
        Altered = 7102, Operator, "the line was altered or is not from this log",
            ja "記録の行が改ざんされたか、別の記録から挿入されています。",
            en "The line was altered or comes from elsewhere.";
        /// A line that this log never had at this place.
        Inserted = 7103, Operator, "the line was inserted",
            ja "記録に行が挿入されています。",
            en "The line was inserted.";
        /// Lines are missing before this line.
        Missing = 7104, Operator, "lines are missing before this line",
            ja "記録の行が削除されています。",
            en "Lines were removed before this one.";
        /// A line that stood earlier, or stands here a second time.
        OutOfPlace = 7105, Operator, "the line is repeated or out of order",
            ja "記録の行が重複しているか、順序が入れ替わっています。",
            en "The line is repeated or out of order.";
        /// This line does not follow the one before: one of the two was altered.
        ChainBroken = 7106, Operator, "the line does not follow the one before it",
            ja "前の行とつながっていません。この行か前の行が改ざんされています。",
            en "The line does not follow the one before. One of the two was altered.";
        /// Sealed with the key of a later line: written afterwards, by somebody who had that key.
        /// Looked for in the first few lines that do not fit their seal.
        LaterKey = 7107, Operator, "the line was sealed with a later key",
            ja "後の鍵で封印されています。後から書き換えられた記録です。",
            en "The line was sealed with a later key: it was rewritten afterwards.";
        /// The signature of a checkpoint does not fit.
        BadSignature = 7108, Operator, "the signature of the checkpoint does not fit",
            ja "チェックポイントの署名が正しくありません。",
            en "The checkpoint's signature is wrong.";
        /// Another line stands where a kept checkpoint says which one must.
        CheckpointMismatch = 7109, Operator, "the line is not the checkpoint that was kept",
            ja "保管されたチェックポイントと一致しません。記録が書き換えられています。",
            en "The line is not the checkpoint that was kept. The log was rewritten.";
        /// The log ends before a checkpoint that was kept.
        CutTail = 7110, Operator, "the log ends before a checkpoint that was kept",
            ja "記録の末尾が切り取られています。",
            en "The end of the log was cut off.";
        /// A header, checkpoint or kept checkpoint of another log.
        OtherLog = 7111, Operator, "a checkpoint belongs to another log",
            ja "別の記録のチェックポイントです。",
            en "A checkpoint belongs to another log.";
    }
}

/// One thing that was found, and where.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Finding {
    /// What.
    pub what: Tamper,
    /// The line, counted from 1; one past the last for something that is not there.
    pub line: u64,
    /// The sequence number meant: of the line, or the first of the missing ones.
    pub seq: Option<u64>,
    /// How many lines are meant.
    pub count: u64,
    /// For [`Tamper::LaterKey`]: the sequence number of the line whose key it is. The key was in
    /// foreign hands from that line on.
    pub key_of: Option<u64>,
}

impl core::fmt::Display for Finding {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "line {}: {}", self.line, self.what)?;
        match self.seq {
            Some(first) if self.count > 1 => write!(f, " (seq {first}, {} lines)", self.count)?,
            Some(seq) => write!(f, " (seq {seq})")?,
            None => {}
        }
        self.key_of.map_or(Ok(()), |seq| write!(f, " (key of seq {seq})"))
    }
}

/// How the log ends.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Tail {
    /// With a whole line.
    #[default]
    Whole,
    /// With a line that was not written to its end, as a loss of power leaves it. Not tampering by
    /// itself: what is there of the line is right. Cut it off before the log goes on.
    Torn {
        /// Bytes of the torn line.
        bytes: usize,
    },
    /// With a whole line that lacks only its line feed.
    NoLineFeed,
}
