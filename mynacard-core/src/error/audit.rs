//! What can go wrong while an audit log is written, and what a verification finds was done to one.

faults! {
    /// A log cannot be written or resumed (codes 7000..7099). What a verification finds are values:
    /// see [`Tamper`].
    AuditFault {
        /// The line that is confirmed or discarded is not the one that is pending, or another
        /// encounter made it.
        NotPending = 7001, Integrator, "this line is not the one that waits to be stored",
            ja "アプリの内部エラーです(記録の順序)。",
            en "Internal error of the app (order of log entries).";
        /// A drill's state was given for a real log, or the other way round.
        WrongKind = 7002, Integrator, "the state is of the other kind of log",
            ja "訓練用と実活動用の記録を混ぜることはできません。",
            en "Drill and real logs cannot be mixed.";
        /// The kept state is damaged.
        BadState = 7003, Operator, "the kept state of the log is damaged",
            ja "記録の状態データが壊れています。端末の管理者に連絡してください。",
            en "The kept state of the log is damaged. Call whoever runs this tablet.";
        /// The line does not follow from the kept state.
        NotNext = 7004, Operator, "the line is not the next one of this log",
            ja "記録ファイルが状態データと一致しません。端末の管理者に連絡してください。",
            en "The log file does not follow from the kept state. Call whoever runs this tablet.";
        /// The signing key is not available.
        Signer = 7005, Operator, "the signer did not sign",
            ja "署名鍵を使用できません。端末の管理者に連絡してください。",
            en "The signing key is not available. Call whoever runs this tablet.";
        /// Bytes that are not a key.
        BadKey = 7006, Operator, "the bytes are not an Ed25519 key",
            ja "署名鍵が正しくありません。端末の管理者に連絡してください。",
            en "The signing key is unusable. Call whoever runs this tablet.";
        /// Text that is not a checkpoint signed by this key.
        BadCheckpoint = 7007, Operator, "not a checkpoint signed by this key",
            ja "チェックポイントが正しくありません。",
            en "This is not a checkpoint signed with this key.";
        /// A line was handed out that is neither confirmed nor discarded yet.
        LinePending = 7008, Integrator, "another line is still waiting to be stored",
            ja "アプリの内部エラーです(記録待ちの行があります)。",
            en "Internal error of the app (a log entry is still being stored).";
        /// The header is not stored yet: nothing else can be.
        HeaderFirst = 7009, Integrator, "the header of the log is not stored yet",
            ja "アプリの内部エラーです(記録が未作成です)。",
            en "Internal error of the app (the log has not been started).";
        /// What this encounter made first is waiting to be stored in another log.
        OtherLog = 7010, Integrator, "the entry is waiting to be stored in another log",
            ja "アプリの内部エラーです(別の記録に書き込み中です)。",
            en "Internal error of the app (the entry is being stored in another log).";
    }
}

faults! {
    /// What somebody did to a log (codes 7100..7199). A value of a verification, not an
    /// error.
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
