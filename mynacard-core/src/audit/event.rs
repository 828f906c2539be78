//! What can happen in an encounter: a closed set with stable numbers and names. What a crew records, what
//! the consent table decides and what stands in a log are the same list.

macro_rules! codes {
    ($( $(#[$meta:meta])* $variant:ident = $code:literal, $name:literal, $ja:literal; )*) => {
        /// What happened, as it stands in an entry. The numbers are stable and never reused.
        ///
        /// 100..199 the course of an encounter, 200..299 its ways out, 900..999 the log itself.
        #[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
        #[non_exhaustive]
        #[repr(u16)]
        pub enum Event {
            $( $(#[$meta])* $variant = $code, )*
        }

        impl Event {
            /// Every code, in ascending order.
            pub const ALL: &'static [Self] = &[ $( Self::$variant, )* ];

            /// Stable name, as it stands in an entry.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $( Self::$variant => $name, )* }
            }

            /// Japanese label for people.
            #[must_use]
            pub const fn label_ja(self) -> &'static str {
                match self { $( Self::$variant => $ja, )* }
            }

            /// The code with this number.
            #[must_use]
            pub const fn from_code(code: u16) -> Option<Self> {
                match code { $( $code => Some(Self::$variant), )* _ => None }
            }
        }
    };
}

codes! {
    /// An encounter began.
    EncounterOpened = 100, "encounter-opened", "活動開始";
    /// A card was read; nothing speaks against it.
    CardAcceptable = 110, "card-read/acceptable", "カード読取";
    /// A card was read; its authenticity could not be established in full.
    CardDoubtful = 111, "card-read/doubtful", "カード読取(真正性未確認)";
    /// A card was read that is forged.
    CardForged = 112, "card-read/forged", "カード読取(偽造)";
    /// Another card than before; nothing speaks against it.
    SecondCardAcceptable = 115, "second-card/acceptable", "別カード読取";
    /// Another card than before; its authenticity could not be established in full.
    SecondCardDoubtful = 116, "second-card/doubtful", "別カード読取(真正性未確認)";
    /// Another card than before, and forged.
    SecondCardForged = 117, "second-card/forged", "別カード読取(偽造)";
    /// The crew said that a card is the one read before, where the chips could not tell.
    SameCardSaid = 118, "same-card/said", "同一カード(目視で確認)";
    /// The card could not be read.
    CardUnreadable = 120, "card-failed/unreadable", "読取不能";
    /// The credential is locked on the card.
    CardLocked = 121, "card-failed/locked", "ロック";
    /// Too few tries are left, so none was made.
    CardNearlyLocked = 122, "card-failed/nearly-locked", "残り回数不足";
    /// The credential was wrong.
    CardWrongNumber = 123, "card-failed/wrong-number", "番号相違";
    /// Not a My Number Card, or a smartphone.
    CardOfAnotherKind = 124, "card-failed/another-kind", "対象外カード";
    /// The card or its certificate has expired.
    CardExpired = 125, "card-failed/expired", "有効期限切れ";
    /// The digits were presented although the last tries of the card could be spent, as the caller allowed.
    LastTriesAllowed = 126, "card-read/last-tries-allowed", "残り回数の下限を解除";
    /// The crew saw that face and photograph match.
    FaceMatched = 130, "face-matched", "目視一致";
    /// The crew saw that face and photograph differ.
    FaceDiffers = 131, "face-differs", "目視不一致";
    /// The crew could not tell.
    FaceUnverifiable = 132, "face-unverifiable", "本人確認不可";
    /// The patient consented orally.
    ConsentByPatient = 140, "consent-given/patient", "口頭同意(本人)";
    /// Somebody who may do so consented orally for the patient.
    ConsentByRepresentative = 141, "consent-given/representative", "口頭同意(代理)";
    /// Consent was refused.
    ConsentRefused = 142, "consent-refused", "不同意";
    /// Consent was withdrawn.
    ConsentWithdrawn = 143, "consent-withdrawn", "同意撤回";
    /// Consent not obtainable: unconscious.
    Unconscious = 150, "consent-unobtainable/unconscious", "同意取得困難(意識不明)";
    /// Consent not obtainable: impaired consciousness.
    ImpairedConsciousness = 151, "consent-unobtainable/impaired-consciousness", "同意取得困難(意識障害)";
    /// Consent not obtainable: the patient cannot communicate.
    CannotCommunicate = 152, "consent-unobtainable/cannot-communicate", "同意取得困難(意思疎通不可)";
    /// Consent not obtainable: cardiopulmonary arrest.
    CardiopulmonaryArrest = 153, "consent-unobtainable/cardiopulmonary-arrest", "同意取得困難(心肺停止)";
    /// The patient woke and can be asked.
    PatientAwake = 157, "patient-awake", "意識回復";
    /// No signal to the source.
    NoSignal = 160, "source-failed/no-signal", "通信不能";
    /// The source does not answer.
    SourceDown = 161, "source-failed/source-down", "システム停止";
    /// The card is not registered as a health insurance card.
    NotRegistered = 162, "source-failed/not-registered", "保険証利用登録なし";
    /// The certificate has expired: insurance eligibility is known, medical information is not given.
    CertificateExpired = 163, "source-failed/certificate-expired", "電子証明書の期限切れ";
    /// A permit for the emergency summary.
    PermitSummary = 170, "permit/summary", "閲覧許可(救急用サマリー)";
    /// A permit for the full view.
    PermitFull = 171, "permit/full", "閲覧許可(全量版)";
    /// A permit's time ran out.
    PermitExpired = 175, "permit-expired", "閲覧許可の期限切れ";
    /// The tablet's clock was put right; every permit ended.
    ClockCorrected = 180, "clock-corrected", "端末時計の修正";
    /// Way out: handed over, medical information was released.
    HandedOver = 200, "handed-over", "引継ぎ完了";
    /// Way out: handed over, no medical information was released.
    HandedOverUnseen = 201, "handed-over/unseen", "引継ぎ完了(閲覧なし)";
    /// Way out: no card at hand.
    EndNoCard = 210, "ended/no-card", "カードなし";
    /// Way out: the card cannot be read.
    EndUnreadable = 211, "ended/unreadable", "読取不能";
    /// Way out: the card is locked, or too nearly so.
    EndLocked = 212, "ended/locked", "ロック";
    /// Way out: the card is forged.
    EndForged = 213, "ended/forged", "偽造カード";
    /// Way out: only somebody else's card is there.
    EndWrongCard = 214, "ended/wrong-card", "別人のカード";
    /// Way out: the card or its certificate has expired.
    EndExpired = 215, "ended/expired", "カード・電子証明書の期限切れ";
    /// Way out: face and photograph differ.
    EndFaceDiffers = 220, "ended/face-differs", "顔不一致";
    /// Way out: the face cannot be verified.
    EndFaceUnverifiable = 221, "ended/face-unverifiable", "本人確認不可";
    /// Way out: consent refused.
    EndRefused = 230, "ended/refused", "不同意";
    /// Way out: consent withdrawn.
    EndWithdrawn = 231, "ended/withdrawn", "同意撤回";
    /// Way out: the crew's decision, for urgency or severity.
    EndUrgency = 240, "ended/crew-decision/urgency", "隊長判断(緊急度・重症度)";
    /// Way out: the crew's decision, for the surroundings.
    EndSurroundings = 241, "ended/crew-decision/surroundings", "隊長判断(周囲の状況)";
    /// Way out: the crew's decision, for another reason (no transport, transfer between hospitals).
    EndCrewOther = 242, "ended/crew-decision/other", "隊長判断(その他)";
    /// Way out: no signal.
    EndNoSignal = 250, "ended/no-signal", "通信不能";
    /// Way out: the source is down.
    EndSourceDown = 251, "ended/source-down", "システム停止";
    /// Way out: the card is not registered as a health insurance card.
    EndNotRegistered = 252, "ended/not-registered", "保険証利用登録なし";
    /// The log was opened: its header line.
    LogOpened = 900, "log-opened", "記録開始";
    /// A signed checkpoint.
    Checkpoint = 901, "checkpoint", "チェックポイント";
}

impl Event {
    /// Stable number, as it stands in an entry.
    #[must_use]
    pub const fn code(self) -> u16 {
        self as u16
    }

    /// Whether this ends an encounter. Every encounter that was ended has exactly one such entry.
    #[must_use]
    pub const fn is_way_out(self) -> bool {
        self.code() / 100 == 2
    }

    /// Whether a button for it belongs on the crew's screen: what is recordable, but for what a reading,
    /// a source or a clock brings about.
    #[must_use]
    pub const fn is_for_buttons(self) -> bool {
        self.is_recordable() && matches!(self.code(), 130..=159 | 200..=299)
    }

    /// Whether it is the crew's to record. The others come about by themselves: a card that was read, a
    /// permit, a line of the log's own. A hand-over is recorded as [`Event::HandedOver`]; whether
    /// anything was seen before it is for the encounter to say.
    #[must_use]
    pub const fn is_recordable(self) -> bool {
        !matches!(
            self,
            Self::EncounterOpened
                | Self::CardAcceptable
                | Self::CardDoubtful
                | Self::CardForged
                | Self::SecondCardAcceptable
                | Self::SecondCardDoubtful
                | Self::SecondCardForged
                | Self::SameCardSaid
                | Self::LastTriesAllowed
                | Self::PermitSummary
                | Self::PermitFull
                | Self::HandedOverUnseen
                | Self::LogOpened
                | Self::Checkpoint
        )
    }
}
