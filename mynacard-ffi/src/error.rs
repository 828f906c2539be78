//! Errors of the boundary beside the core's, and the table of both.

use mynacard_core::error::{
    AuditFault, CardError, CredentialFault, FaultInfo, LimitFault, LinkFault, Malformed,
    MedicalFault, Misuse, Refusal, RootsError,
};
use mynacard_core::faults;

faults! {
    /// A call from another language was used against its rules, or could not be carried out (codes
    /// 9100..9199). Nothing was done and no out-parameter was written.
    BoundaryFault {
        /// A pointer that must point somewhere is null.
        NullPointer = 9101, Integrator, "a pointer is null",
            ja "アプリの内部エラーです(NULLポインター)。",
            en "Internal error of the app (null pointer).";
        /// A handle that was freed, or that this library never gave.
        StaleHandle = 9102, Integrator, "a handle was freed already, or is none",
            ja "アプリの内部エラーです(解放済みのハンドル)。",
            en "Internal error of the app (handle already freed).";
        /// A handle of another type than the function takes.
        WrongHandle = 9103, Integrator, "a handle is of another type",
            ja "アプリの内部エラーです(ハンドルの種類)。",
            en "Internal error of the app (kind of handle).";
        /// The object is being used by another thread, or by the call that this one was made from.
        HandleBusy = 9104, Integrator, "the object is in use by another call",
            ja "アプリの内部エラーです(同時または再入呼び出し)。",
            en "Internal error of the app (object used by two calls at once).";
        /// Text that is not UTF-8.
        NotText = 9105, Integrator, "a text is not UTF-8",
            ja "アプリの内部エラーです(文字コード)。",
            en "Internal error of the app (text encoding).";
        /// A pointer that is not aligned, or a length beyond what memory can hold.
        BadPointer = 9106, Integrator, "a pointer is not aligned or a length is impossible",
            ja "アプリの内部エラーです(ポインターまたは長さ)。",
            en "Internal error of the app (pointer or length).";
        /// More objects are alive than there are handles.
        TooManyHandles = 9107, Integrator, "no handle is left; objects are not being freed",
            ja "アプリの内部エラーです(ハンドルの解放漏れ)。",
            en "Internal error of the app (objects are not freed).";
        /// There is no such value: it was not read, or this card has none.
        Absent = 9108, Integrator, "the value is not there",
            ja "この情報はありません。", en "This value is not there.";
        /// A defect of this library: it panicked, and the call was abandoned.
        Panicked = 9109, Integrator, "a defect of this library; the call was abandoned",
            ja "内部エラーが発生しました。アプリの提供元に連絡してください。",
            en "An internal error occurred. Tell whoever makes this app.";
        /// A reading that was not examined yet: an encounter takes it only with its report.
        NotExamined = 9110, Integrator, "the reading was not examined yet",
            ja "アプリの内部エラーです(真正性の確認前の読み取り結果)。",
            en "Internal error of the app (a reading whose trust was not checked).";
    }
}

/// Everything that a call from another language can fail with.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Error {
    /// What the core says.
    Core(mynacard_core::Error),
    /// The call itself could not be carried out.
    Boundary(BoundaryFault),
}

impl Error {
    /// The row of the error table.
    #[must_use]
    pub fn info(&self) -> &'static FaultInfo {
        match self {
            Self::Core(error) => error.info(),
            Self::Boundary(fault) => fault.info(),
        }
    }

    /// The stable code.
    #[must_use]
    pub fn code(&self) -> u16 {
        self.info().code
    }
}

impl core::fmt::Display for Error {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Core(error) => error.fmt(f),
            Self::Boundary(fault) => fault.fmt(f),
        }
    }
}

impl core::error::Error for Error {}

impl From<mynacard_core::Error> for Error {
    fn from(error: mynacard_core::Error) -> Self {
        Self::Core(error)
    }
}

impl From<BoundaryFault> for Error {
    fn from(fault: BoundaryFault) -> Self {
        Self::Boundary(fault)
    }
}

macro_rules! of_core {
    ($($fault:ty),*) => { $(
        impl From<$fault> for Error {
            fn from(fault: $fault) -> Self {
                Self::Core(fault.into())
            }
        }
    )* };
}
of_core!(
    AuditFault,
    CardError,
    CredentialFault,
    LimitFault,
    LinkFault,
    Malformed,
    MedicalFault,
    Misuse,
    Refusal,
    RootsError
);

/// The whole error table: the core's, then the boundary's.
pub fn table() -> impl Iterator<Item = &'static FaultInfo> {
    mynacard_core::error::table().chain(BoundaryFault::TABLE)
}
