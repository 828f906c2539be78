//! Why the consent machine refuses an event or a permit.

faults! {
    /// An event or a permit is refused; nothing has changed (codes 5100..5149).
    Refusal {
        /// The encounter has ended.
        Ended = 5101, Crew, "the encounter has ended",
            ja "この活動は終了しています。新しい活動を開始してください。",
            en "This encounter has ended. Start a new one.";
        /// The clock says an earlier time than before.
        ClockWentBack = 5102, Operator, "the clock went back",
            ja "端末の時計が戻りました。時刻を確認し、時計の修正を記録してください。",
            en "The tablet's clock went back. Check it, then record that it was corrected.";
        /// No card has been read.
        NoCard = 5103, Crew, "no card has been read",
            ja "カードを読み取ってください。",
            en "Read the card first.";
        /// The card is forged.
        CardForged = 5104, Crew, "the card is forged",
            ja "偽造の疑いがあるカードです。通常の活動に切り替えてください。",
            en "The card is forged. Go on without it.";
        /// Nobody has compared the face.
        FaceNotChecked = 5105, Crew, "the face has not been compared",
            ja "顔と写真を見比べて本人確認をしてください。",
            en "Compare the face with the photograph first.";
        /// Face and photograph differ.
        FaceDiffers = 5106, Crew, "face and photograph differ",
            ja "本人のカードではありません。通常の活動に切り替えてください。",
            en "The card is not the patient's. Go on without it.";
        /// The face could not be verified.
        FaceUnverifiable = 5107, Crew, "the face could not be verified",
            ja "本人確認ができません。通常の活動に切り替えてください。",
            en "The face cannot be verified. Go on without the card.";
        /// Nobody has been asked for consent.
        NotAsked = 5108, Crew, "consent has not been asked for",
            ja "同意を確認してください。取得困難な場合はその理由を選んでください。",
            en "Ask for consent, or say why it cannot be obtained.";
        /// Consent was refused.
        Refused = 5109, Crew, "consent was refused",
            ja "同意が得られていません。通常の活動に切り替えてください。",
            en "Consent was refused. Go on without the information.";
        /// Consent was withdrawn.
        Withdrawn = 5110, Crew, "consent was withdrawn",
            ja "同意は撤回されました。",
            en "Consent was withdrawn.";
        /// A refusal or withdrawal stands; only the patient can change it.
        RefusalStands = 5111, Crew, "a refusal stands; only the patient can change it",
            ja "不同意が表明されています。本人の同意がない限り閲覧できません。",
            en "Consent was refused. Only the patient can change that.";
        /// Consent has been given; there is nothing to replace.
        ConsentStands = 5112, Crew, "consent has been given already",
            ja "すでに同意が得られています。",
            en "Consent has already been given.";
        /// No live permit's time has run out.
        NothingExpired = 5113, Integrator, "no permit has expired",
            ja "期限切れの閲覧許可はありません。",
            en "No permit has expired.";
        /// The permit was ended: withdrawal, waking, second card, hand-over, another basis.
        PermitEnded = 5114, Crew, "the permit has been ended",
            ja "閲覧許可は終了しました。",
            en "The permit has ended.";
        /// The permit's time has run out.
        PermitExpired = 5115, Crew, "the permit has expired",
            ja "閲覧許可の期限が切れました。必要ならもう一度許可を取ってください。",
            en "The permit has expired. Request another if it is needed.";
        /// Something changed between the request and its record.
        StaleRequest = 5116, Integrator, "the facts changed after the permit was requested",
            ja "状況が変わりました。もう一度許可を取ってください。",
            en "Something changed meanwhile. Request the permit again.";
        /// The stored line is not the record of this permit.
        NotRecorded = 5117, Integrator, "the stored line does not record this permit",
            ja "アプリの内部エラーです(閲覧許可の記録)。",
            en "Internal error of the app (record of the permit).";
        /// The permit is of another encounter.
        OtherEncounter = 5118, Integrator, "the permit belongs to another encounter",
            ja "アプリの内部エラーです(別の活動の閲覧許可)。",
            en "Internal error of the app (permit of another encounter).";
        /// The permit is for another card.
        OtherCard = 5119, Crew, "the permit is for another card",
            ja "別のカードの閲覧許可です。",
            en "The permit is for another card.";
        /// The permit does not cover this.
        OutOfScope = 5120, Crew, "the permit does not cover this scope",
            ja "閲覧許可の範囲外です。",
            en "The permit does not cover this.";
        /// Nothing that was read of the two cards can be compared: the crew has to say whether they
        /// are the same one.
        CardUnclear = 5121, Crew, "it cannot be told whether this is the same card",
            ja "前に読み取ったカードと同じものか判別できません。同じカードかどうかを確認してください。",
            en "It cannot be told whether this is the card that was read before. Look, and say so.";
    }
}
