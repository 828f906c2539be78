//! The faults of the way from the reader to parsed values, each with its row of the error table.
//!
//! Consent, audit, medical sources and roots files have rooms of their own beside this one.

faults! {
    /// The link to the card failed (codes 1000..1999). Reported by the transport.
    LinkFault {
        /// The card left the field or the slot during an exchange.
        Lost = 1001, Crew, "the card left the reader during an exchange",
            ja "カードが離れました。カードをリーダーに当てたまま動かさないでください。",
            en "The card moved away. Hold it still on the reader.";
        /// The card was reset by somebody else; what was selected and verified is gone.
        Reset = 1002, Crew, "the card was reset under the session",
            ja "カードとの接続が切り替わりました。もう一度読み取ってください。",
            en "The connection to the card was restarted. Read it again.";
        /// The card did not answer in time.
        Timeout = 1003, Crew, "the card did not answer in time",
            ja "カードの応答がありません。カードを当て直してください。",
            en "The card does not answer. Place it again.";
        /// There is no card on the reader.
        NoCard = 1004, Crew, "no card on the reader",
            ja "カードがありません。カードをリーダーに当ててください。",
            en "There is no card. Place the card on the reader.";
        /// The reader was unplugged or switched off.
        ReaderGone = 1005, Crew, "the reader is not there any more",
            ja "カードリーダーが外れました。接続を確認してください。",
            en "The card reader is gone. Check that it is plugged in.";
        /// Another program holds the card.
        Busy = 1006, Operator, "another program is using the card",
            ja "別のアプリがカードを使用中です。そのアプリを閉じてください。",
            en "Another program is using the card. Close that program.";
        /// No reader is connected.
        NoReader = 1007, Operator, "no card reader is connected",
            ja "カードリーダーがありません。接続を確認してください。",
            en "There is no card reader. Connect one.";
        /// The smart card service of the system is not running.
        NoService = 1008, Operator, "the smart card service is not running",
            ja "スマートカードサービスが動いていません。端末の管理者に連絡してください。",
            en "The smart card service is not running. Call whoever runs this tablet.";
        /// A card is on the reader, but it is mute.
        Mute = 1009, Crew, "the card is there but does not speak",
            ja "カードが反応しません。裏返すか、別のリーダーで試してください。",
            en "The card is silent. Turn it over or try another reader.";
        /// The transport failed in a way of its own; its own log says how.
        Transport = 1010, Operator, "the transport failed",
            ja "カードリーダーの通信エラーです。リーダーを接続し直してください。",
            en "The card reader failed. Reconnect it.";
        /// The host cancelled the reading.
        Cancelled = 1011, Integrator, "the reading was cancelled",
            ja "読み取りを中止しました。",
            en "The reading was cancelled.";
        /// The reading was torn before it was known which card it was, or was not torn at all.
        BeginAnew = 1012, Crew, "there is nothing to go on with; begin a new reading",
            ja "続きから読み取れません。もう一度はじめから読み取ってください。",
            en "The reading cannot go on. Read the card again from the beginning.";
        /// The system does not let this program use the reader (権限; on Linux by polkit).
        NotPermitted = 1013, Operator, "the system does not permit this program to use the card reader",
            ja "このアプリにはカードリーダーの使用が許可されていません。端末の管理者に連絡してください。",
            en "The system does not permit this app to use the card reader. Call whoever runs this tablet.";
    }
}

faults! {
    /// The card answered, but not with what was asked for (codes 2000..2999).
    CardFault {
        /// The application is not on this card.
        ApplicationMissing = 2001, Crew, "the application is not on this card",
            ja "マイナンバーカードではないか、必要な機能がありません。カードを確認してください。",
            en "This is not a My Number Card, or it lacks the function. Check the card.";
        /// The file is not on this card.
        FileMissing = 2002, Crew, "the file is not on this card",
            ja "カードに必要な情報がありません。通常の活動に切り替えてください。",
            en "The card does not hold this information. Go on without it.";
        /// The file needs a credential that has not been verified.
        AccessDenied = 2003, Integrator, "access to the file was denied",
            ja "この情報を読む権限がありません。",
            en "This information is not open to the credential given.";
        /// The card gave a status that the operation does not expect.
        UnexpectedStatus = 2004, Crew, "the card gave an unexpected status",
            ja "カードが予期しない応答をしました。もう一度読み取ってください。",
            en "The card answered unexpectedly. Read it again.";
        /// The card gave fewer bytes than its own header announces.
        ShortFile = 2005, Crew, "the card gave less than its header announces",
            ja "カードの情報が途切れています。もう一度読み取ってください。",
            en "The card's data stop too early. Read it again.";
        /// The card answered with something that is not a response.
        NotAResponse = 2006, Crew, "the card's answer is not a response",
            ja "カードの応答が壊れています。もう一度読み取ってください。",
            en "The card's answer is broken. Read it again.";
        /// The operation needs a plastic card, and this is a smartphone.
        PhoneToken = 2007, Crew, "this is a smartphone, not a card",
            ja "スマートフォンのマイナンバーカードは使えません。実物のカードを使ってください。",
            en "A My Number Card on a smartphone cannot be used. Ask for the plastic card.";
        /// Another card than the one that was being read.
        OtherCard = 2008, Crew, "another card than the one being read",
            ja "別のカードです。最初のカードを当ててください。",
            en "This is a different card. Place the first one.";
    }
}

faults! {
    /// A credential is unusable, or the card may not be asked with it (codes 3000..3999).
    CredentialFault {
        /// Not of the length that this credential has.
        Length = 3001, Crew, "the credential has the wrong length",
            ja "桁数が違います。照合番号Bは14桁です。",
            en "The number of digits is wrong. Verification number B has 14.";
        /// A character that is not a digit.
        NotDigits = 3002, Crew, "the credential has a character that is not a digit",
            ja "数字以外の文字があります。",
            en "There is a character that is not a digit.";
        /// The birth date part is missing.
        BirthDateMissing = 3003, Crew, "no birth date found",
            ja "生年月日が読み取れません。手で入力してください。",
            en "The birth date was not found. Type it in.";
        /// The birth date part is impossible.
        BirthDateImpossible = 3004, Crew, "the birth date is impossible",
            ja "生年月日が正しくありません。券面を確認してください。",
            en "The birth date is not a real date. Check the card.";
        /// The expiry year part is missing.
        ExpiryYearMissing = 3005, Crew, "no expiry year found",
            ja "有効期限の年が読み取れません。手で入力してください。",
            en "The expiry year was not found. Type it in.";
        /// The expiry year part is impossible.
        ExpiryYearImpossible = 3006, Crew, "the expiry year is impossible",
            ja "有効期限の年が正しくありません。券面を確認してください。",
            en "The expiry year cannot be right. Check the card.";
        /// The security code part is missing.
        SecurityCodeMissing = 3007, Crew, "no security code found",
            ja "セキュリティコード(4桁)が読み取れません。手で入力してください。",
            en "The four-digit security code was not found. Type it in.";
        /// The security code part is not four digits.
        SecurityCodeImpossible = 3008, Crew, "the security code is not four digits",
            ja "セキュリティコードは4桁の数字です。",
            en "The security code is four digits.";
        /// Two readings of the same part contradict each other.
        Ambiguous = 3009, Crew, "two readings of the same part disagree",
            ja "読み取った数字が一つに決まりません。手で入力してください。",
            en "The digits could be read in two ways. Type them in.";
        /// Wrong digits: the card has counted one try.
        Rejected = 3010, Crew, "the card rejected the credential; one try is spent",
            ja "番号が違います。残り回数を確認し、券面の数字を見直してください。",
            en "The number is wrong. Look at the tries left and check the printed digits.";
        /// The credential is blocked on the card.
        Blocked = 3011, Holder, "the credential is blocked on this card",
            ja "ロックされています。解除は市区町村の窓口でのみ行えます。",
            en "It is locked. Only a municipal office can unlock it.";
        /// Too few tries left: the library refused, nothing was spent.
        RefusedByFloor = 3012, Crew, "too few tries left; refused without spending one",
            ja "残り回数が少ないため試行を中止しました。通常の活動に切り替えてください。",
            en "Too few tries are left, so none was made. Go on without the card.";
        /// The answer to a VERIFY was lost; the counter must be read before another.
        OutcomeUnknown = 3013, Crew, "the answer to a verification was lost",
            ja "照合の結果が不明です。もう一度カードを当て、残り回数を確認してください。",
            en "Whether the number was right is not known. Place the card again to see the tries left.";
        /// The card does not say how many tries are left, so none may be spent.
        CounterUnreadable = 3014, Crew, "the card does not tell its tries left",
            ja "残り回数を確認できないため、照合を中止しました。",
            en "The tries left could not be read, so none was made.";
        /// A Gregorian birth date: which of its years the number holds must be chosen.
        CalendarUndecided = 3015, Crew, "a Gregorian birth date, and no choice of the year to use",
            ja "生年月日が西暦です。外国人住民のカードか確認し、年の表し方を選んでください。",
            en "The birth date is Gregorian. Check whether the card is a foreign resident's, and choose.";
    }
}

faults! {
    /// A bound was reached (codes 6000..6999): a hostile or broken card costs an error, not a hang.
    LimitFault {
        /// Too many bytes from the card in one reading.
        Bytes = 6001, Crew, "too many bytes from the card",
            ja "カードの情報が大きすぎます。読み取りを中止しました。",
            en "The card sends too much. The reading was stopped.";
        /// Too many exchanges in one reading.
        Exchanges = 6002, Crew, "too many exchanges with the card",
            ja "カードとの通信が多すぎます。読み取りを中止しました。",
            en "The card needs too many exchanges. The reading was stopped.";
        /// Too many answers in a row that brought nothing new.
        NoProgress = 6003, Crew, "too many answers without progress",
            ja "カードの読み取りが進みません。読み取りを中止しました。",
            en "The reading does not advance. It was stopped.";
        /// An object announces more bytes than this library accepts for it.
        ObjectSize = 6004, Crew, "an object announces an unacceptable size",
            ja "カードの情報の大きさが異常です。読み取りを中止しました。",
            en "An object on the card has an unacceptable size. The reading was stopped.";
        /// A picture has more pixels than this library accepts.
        Pixels = 6005, Crew, "a picture has too many pixels",
            ja "画像が大きすぎるため表示できません。",
            en "A picture is too large to show.";
    }
}

faults! {
    /// The library was used against its rules (codes 9000..9999). A defect in the calling code.
    Misuse {
        /// A driver was given an input that it does not await.
        UnexpectedInput = 9001, Integrator, "the driver does not await this input",
            ja "アプリの内部エラーです(入力順序)。",
            en "Internal error of the app (order of inputs).";
        /// A driver was stepped after it was done.
        AlreadyDone = 9002, Integrator, "the driver is done",
            ja "アプリの内部エラーです(完了後の呼び出し)。",
            en "Internal error of the app (call after the end).";
        /// A flow awaited something that is not the card.
        ForeignAwait = 9003, Integrator, "a flow awaited something other than the card",
            ja "アプリの内部エラーです(非同期処理)。",
            en "Internal error of the app (foreign future).";
        /// A command that could reach the 12-digit number, or that no flow needs.
        ForbiddenCommand = 9004, Integrator, "the number guard refused this command",
            ja "許可されていないカード操作です。",
            en "This card operation is not allowed.";
        /// Bytes that are not a command.
        NotACommand = 9005, Integrator, "these bytes are not a command",
            ja "アプリの内部エラーです(コマンド形式)。",
            en "Internal error of the app (command format).";
        /// A field or parameter is out of the range it is documented to have.
        OutOfRange = 9006, Integrator, "a parameter is out of range",
            ja "アプリの内部エラーです(引数の範囲)。",
            en "Internal error of the app (parameter out of range).";
        /// A credential of another kind than the key takes; nothing was sent.
        WrongCredential = 9007, Integrator, "a credential of another kind than the key takes",
            ja "アプリの内部エラーです(照合番号の種類)。",
            en "Internal error of the app (kind of credential).";
        /// The link is in use: another driver was made for it, and has neither ended nor been dropped.
        LinkBusy = 9008, Integrator, "another driver is using this link to the card",
            ja "アプリの内部エラーです(同じカードへの同時アクセス)。",
            en "Internal error of the app (two readings of one card at once).";
        /// A driver was to be run over another link than the one it was made for.
        OtherLink = 9009, Integrator, "the driver was made for another link",
            ja "アプリの内部エラーです(別のカード接続)。",
            en "Internal error of the app (another connection to a card).";
    }
}

faults! {
    /// Bytes from a card, a file or a host that do not parse (codes 4000..4999).
    MalformedReason {
        /// The bytes end inside the object.
        Truncated = 4001, Crew, "the object is cut short",
            ja "情報が途中で切れています。もう一度読み取ってください。",
            en "The data are cut short. Read again.";
        /// Something follows where the object should have ended.
        TrailingData = 4002, Crew, "bytes follow where the object should end",
            ja "情報の形式が正しくありません。",
            en "The data have an unexpected format.";
        /// A length that the encoding does not allow, or that this library refuses.
        BadLength = 4003, Crew, "a length is not acceptable",
            ja "情報の形式が正しくありません。",
            en "The data have an unexpected format.";
        /// A tag that the encoding does not allow.
        BadTag = 4004, Crew, "a tag is not acceptable",
            ja "情報の形式が正しくありません。",
            en "The data have an unexpected format.";
        /// Another object than the expected one.
        UnexpectedTag = 4005, Crew, "another object than the expected one",
            ja "情報の形式が正しくありません。",
            en "The data have an unexpected format.";
        /// A required object is absent.
        Missing = 4006, Crew, "a required object is absent",
            ja "必要な情報がカードにありません。",
            en "A required part is not there.";
        /// The same object twice.
        Duplicate = 4007, Crew, "the same object twice",
            ja "情報の形式が正しくありません。",
            en "The data have an unexpected format.";
        /// Text that is not UTF-8 or not of the expected character set.
        BadText = 4008, Crew, "text in another encoding than expected",
            ja "文字情報を読み取れません。",
            en "The text cannot be read.";
        /// A date that does not exist or is not written as expected.
        BadDate = 4009, Crew, "a date that does not exist",
            ja "日付が正しくありません。",
            en "A date is not a real date.";
        /// A value outside those that the object may have.
        BadValue = 4010, Crew, "a value outside the allowed ones",
            ja "情報の値が正しくありません。",
            en "A value is not one of the allowed ones.";
        /// The offsets that the object states are not where its parts are.
        OffsetMismatch = 4011, Crew, "the offset table disagrees with the objects",
            ja "情報の構成が一致しません。",
            en "The card's own table of contents is wrong.";
        /// A picture that does not decode.
        BadImage = 4012, Crew, "a picture that does not decode",
            ja "画像を表示できません。券面の写真を確認してください。",
            en "The picture cannot be shown. Look at the printed photo.";
        /// An empty file, or one that holds only filler.
        Empty = 4013, Crew, "the file is empty",
            ja "情報が登録されていません。",
            en "Nothing is stored there.";
    }
}
