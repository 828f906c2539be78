//! What can go wrong while a log is written.

use crate::error::faults;

faults! {
    /// A log cannot be written or resumed (codes 7000..7099). What a verification finds are values:
    /// see [`Tamper`](super::Tamper).
    AuditFault {
        /// The line was prepared before another one was stored.
        Stale = 7001, Integrator, "the line was prepared for an earlier end of the log",
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
    }
}
