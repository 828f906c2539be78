//! What can be wrong with medical data.

faults! {
    /// Medical data could not be read (codes 8000..8999). Nothing of their content is in here.
    MedicalFault {
        /// The patient file is not of the expected form.
        BadFile = 8001, Integrator, "the patient file is not of the expected form",
            ja "傷病者データファイルの形式が正しくありません。",
            en "The patient file has an unexpected format.";
        /// The patient file does not say that its patient is invented.
        NotSynthetic = 8002, Integrator, "the patient file is not marked as synthetic",
            ja "架空データと明記されたファイルのみ使用できます。",
            en "Only files marked as invented data can be used.";
        /// The answer is larger than this library accepts.
        TooLarge = 8003, Operator, "the medical data are too large",
            ja "医療情報が大きすぎるため表示できません。",
            en "The medical information is too large to show.";
        /// More items than this library accepts.
        TooManyItems = 8004, Operator, "the medical data have too many items",
            ja "医療情報の件数が多すぎるため表示できません。",
            en "The medical information has too many items to show.";
        /// Not well-formed XML.
        BadXml = 8005, Operator, "the answer is not well-formed XML",
            ja "医療情報の形式が正しくありません。",
            en "The medical information has an unexpected format.";
        /// A document type or an entity of its own: refused unread.
        ForbiddenXml = 8006, Operator, "the answer has XML that is refused unread",
            ja "医療情報に許可されていない記述があります。",
            en "The medical information has forbidden parts.";
        /// Elements in elements, deeper than this library accepts.
        TooDeep = 8007, Operator, "the answer is nested too deeply",
            ja "医療情報の形式が正しくありません。",
            en "The medical information has an unexpected format.";
        /// Neither UTF-8 nor Shift_JIS, or broken in it.
        BadEncoding = 8008, Operator, "the answer's characters cannot be read",
            ja "医療情報の文字を読み取れません。",
            en "The characters of the medical information cannot be read.";
        /// A part that must be there is not.
        Missing = 8009, Operator, "a required part of the answer is absent",
            ja "医療情報に必要な項目がありません。",
            en "A required part of the medical information is missing.";
        /// A part occurs twice that may occur once.
        Duplicate = 8010, Operator, "a part of the answer occurs twice",
            ja "医療情報の項目が重複しています。",
            en "A part of the medical information occurs twice.";
        /// A date that does not exist.
        BadDate = 8011, Operator, "a date in the answer does not exist",
            ja "医療情報の日付が正しくありません。",
            en "A date in the medical information is not a real date.";
        /// The source failed in a way of its own; its own log says how.
        SourceFailed = 8012, Operator, "the source of medical data failed",
            ja "医療情報の取得に失敗しました。",
            en "The medical information could not be fetched.";
        /// The answer is about somebody else than the holder of the card.
        OtherPatient = 8013, Crew, "the answer is about another person",
            ja "別の方の医療情報です。使用せず、もう一度カードを読み取ってください。",
            en "This information is about another person. Do not use it; read the card again.";
        /// In a drill only a synthetic source may be asked.
        RealInDrill = 8014, Integrator, "a drill may not ask a real source",
            ja "訓練では実際の医療情報を照会できません。",
            en "A drill cannot ask for real medical information.";
    }
}
