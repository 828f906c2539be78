// Made from the Rust sources by `cargo xtask generate`. Change those instead.

/// Every fault of this version. A later library may give codes that are not here.
public enum FaultCode: UInt16, CaseIterable, Sendable {
    /// The card left the reader during an exchange. カードが離れました。カードをリーダーに当てたまま動かさないでください。
    case linkLost = 1001
    /// The card was reset under the session. カードとの接続が切り替わりました。もう一度読み取ってください。
    case linkReset = 1002
    /// The card did not answer in time. カードの応答がありません。カードを当て直してください。
    case linkTimeout = 1003
    /// No card on the reader. カードがありません。カードをリーダーに当ててください。
    case linkNoCard = 1004
    /// The reader is not there any more. カードリーダーが外れました。接続を確認してください。
    case linkReaderGone = 1005
    /// Another program is using the card. 別のアプリがカードを使用中です。そのアプリを閉じてください。
    case linkBusy = 1006
    /// No card reader is connected. カードリーダーがありません。接続を確認してください。
    case linkNoReader = 1007
    /// The smart card service is not running. スマートカードサービスが動いていません。端末の管理者に連絡してください。
    case linkNoService = 1008
    /// The card is there but does not speak. カードが反応しません。裏返すか、別のリーダーで試してください。
    case linkMute = 1009
    /// The transport failed. カードリーダーの通信エラーです。リーダーを接続し直してください。
    case linkTransport = 1010
    /// The reading was cancelled. 読み取りを中止しました。
    case linkCancelled = 1011
    /// There is nothing to go on with; begin a new reading. 続きから読み取れません。もう一度はじめから読み取ってください。
    case linkBeginAnew = 1012
    /// The system does not permit this program to use the card reader. このアプリにはカードリーダーの使用が許可されていません。端末の管理者に連絡してください。
    case linkNotPermitted = 1013
    /// The application is not on this card. マイナンバーカードではないか、必要な機能がありません。カードを確認してください。
    case cardApplicationMissing = 2001
    /// The file is not on this card. カードに必要な情報がありません。通常の活動に切り替えてください。
    case cardFileMissing = 2002
    /// Access to the file was denied. この情報を読む権限がありません。
    case cardAccessDenied = 2003
    /// The card gave an unexpected status. カードが予期しない応答をしました。もう一度読み取ってください。
    case cardUnexpectedStatus = 2004
    /// The card gave less than its header announces. カードの情報が途切れています。もう一度読み取ってください。
    case cardShortFile = 2005
    /// The card's answer is not a response. カードの応答が壊れています。もう一度読み取ってください。
    case cardNotAResponse = 2006
    /// This is a smartphone, not a card. スマートフォンのマイナンバーカードは使えません。実物のカードを使ってください。
    case cardPhoneToken = 2007
    /// Another card than the one being read. 別のカードです。最初のカードを当ててください。
    case cardOtherCard = 2008
    /// The credential has the wrong length. 桁数が違います。照合番号Bは14桁です。
    case credentialLength = 3001
    /// The credential has a character that is not a digit. 数字以外の文字があります。
    case credentialNotDigits = 3002
    /// No birth date found. 生年月日が読み取れません。手で入力してください。
    case credentialBirthDateMissing = 3003
    /// The birth date is impossible. 生年月日が正しくありません。券面を確認してください。
    case credentialBirthDateImpossible = 3004
    /// No expiry year found. 有効期限の年が読み取れません。手で入力してください。
    case credentialExpiryYearMissing = 3005
    /// The expiry year is impossible. 有効期限の年が正しくありません。券面を確認してください。
    case credentialExpiryYearImpossible = 3006
    /// No security code found. セキュリティコード(4桁)が読み取れません。手で入力してください。
    case credentialSecurityCodeMissing = 3007
    /// The security code is not four digits. セキュリティコードは4桁の数字です。
    case credentialSecurityCodeImpossible = 3008
    /// Two readings of the same part disagree. 読み取った数字が一つに決まりません。手で入力してください。
    case credentialAmbiguous = 3009
    /// The card rejected the credential; one try is spent. 番号が違います。残り回数を確認し、券面の数字を見直してください。
    case credentialRejected = 3010
    /// The credential is blocked on this card. ロックされています。解除は市区町村の窓口でのみ行えます。
    case credentialBlocked = 3011
    /// Too few tries left; refused without spending one. 残り回数が少ないため試行を中止しました。通常の活動に切り替えてください。
    case credentialRefusedByFloor = 3012
    /// The answer to a verification was lost. 照合の結果が不明です。もう一度カードを当て、残り回数を確認してください。
    case credentialOutcomeUnknown = 3013
    /// The card does not tell its tries left. 残り回数を確認できないため、照合を中止しました。
    case credentialCounterUnreadable = 3014
    /// A Gregorian birth date, and no choice of the year to use. 生年月日が西暦です。外国人住民のカードか確認し、年の表し方を選んでください。
    case credentialCalendarUndecided = 3015
    /// The object is cut short. 情報が途中で切れています。もう一度読み取ってください。
    case malformedTruncated = 4001
    /// Bytes follow where the object should end. 情報の形式が正しくありません。
    case malformedTrailingData = 4002
    /// A length is not acceptable. 情報の形式が正しくありません。
    case malformedBadLength = 4003
    /// A tag is not acceptable. 情報の形式が正しくありません。
    case malformedBadTag = 4004
    /// Another object than the expected one. 情報の形式が正しくありません。
    case malformedUnexpectedTag = 4005
    /// A required object is absent. 必要な情報がカードにありません。
    case malformedMissing = 4006
    /// The same object twice. 情報の形式が正しくありません。
    case malformedDuplicate = 4007
    /// Text in another encoding than expected. 文字情報を読み取れません。
    case malformedBadText = 4008
    /// A date that does not exist. 日付が正しくありません。
    case malformedBadDate = 4009
    /// A value outside the allowed ones. 情報の値が正しくありません。
    case malformedBadValue = 4010
    /// The offset table disagrees with the objects. 情報の構成が一致しません。
    case malformedOffsetMismatch = 4011
    /// A picture that does not decode. 画像を表示できません。券面の写真を確認してください。
    case malformedBadImage = 4012
    /// The file is empty. 情報が登録されていません。
    case malformedEmpty = 4013
    /// The encounter has ended. この活動は終了しています。新しい活動を開始してください。
    case refusalEnded = 5101
    /// The clock went back. 端末の時計が戻りました。時刻を確認し、時計の修正を記録してください。
    case refusalClockWentBack = 5102
    /// No card has been read. カードを読み取ってください。
    case refusalNoCard = 5103
    /// The card is forged. 偽造の疑いがあるカードです。通常の活動に切り替えてください。
    case refusalCardForged = 5104
    /// The face has not been compared. 顔と写真を見比べて本人確認をしてください。
    case refusalFaceNotChecked = 5105
    /// Face and photograph differ. 本人のカードではありません。通常の活動に切り替えてください。
    case refusalFaceDiffers = 5106
    /// The face could not be verified. 本人確認ができません。通常の活動に切り替えてください。
    case refusalFaceUnverifiable = 5107
    /// Consent has not been asked for. 同意を確認してください。取得困難な場合はその理由を選んでください。
    case refusalNotAsked = 5108
    /// Consent was refused. 同意が得られていません。通常の活動に切り替えてください。
    case refusalRefused = 5109
    /// Consent was withdrawn. 同意は撤回されました。
    case refusalWithdrawn = 5110
    /// A refusal stands; only the patient can change it. 不同意が表明されています。本人の同意がない限り閲覧できません。
    case refusalRefusalStands = 5111
    /// Consent has been given already. すでに同意が得られています。
    case refusalConsentStands = 5112
    /// No permit has expired. 期限切れの閲覧許可はありません。
    case refusalNothingExpired = 5113
    /// The permit has been ended. 閲覧許可は終了しました。
    case refusalPermitEnded = 5114
    /// The permit has expired. 閲覧許可の期限が切れました。必要ならもう一度許可を取ってください。
    case refusalPermitExpired = 5115
    /// The facts changed after the permit was requested. 状況が変わりました。もう一度許可を取ってください。
    case refusalStaleRequest = 5116
    /// The stored line does not record this permit. アプリの内部エラーです(閲覧許可の記録)。
    case refusalNotRecorded = 5117
    /// The permit belongs to another encounter. アプリの内部エラーです(別の活動の閲覧許可)。
    case refusalOtherEncounter = 5118
    /// The permit is for another card. 別のカードの閲覧許可です。
    case refusalOtherCard = 5119
    /// The permit does not cover this scope. 閲覧許可の範囲外です。
    case refusalOutOfScope = 5120
    /// It cannot be told whether this is the same card. 前に読み取ったカードと同じものか判別できません。同じカードかどうかを確認してください。
    case refusalCardUnclear = 5121
    /// Too many bytes from the card. カードの情報が大きすぎます。読み取りを中止しました。
    case limitBytes = 6001
    /// Too many exchanges with the card. カードとの通信が多すぎます。読み取りを中止しました。
    case limitExchanges = 6002
    /// Too many answers without progress. カードの読み取りが進みません。読み取りを中止しました。
    case limitNoProgress = 6003
    /// An object announces an unacceptable size. カードの情報の大きさが異常です。読み取りを中止しました。
    case limitObjectSize = 6004
    /// A picture has too many pixels. 画像が大きすぎるため表示できません。
    case limitPixels = 6005
    /// This line is not the one that waits to be stored. アプリの内部エラーです(記録の順序)。
    case auditNotPending = 7001
    /// The state is of the other kind of log. 訓練用と実活動用の記録を混ぜることはできません。
    case auditWrongKind = 7002
    /// The kept state of the log is damaged. 記録の状態データが壊れています。端末の管理者に連絡してください。
    case auditBadState = 7003
    /// The line is not the next one of this log. 記録ファイルが状態データと一致しません。端末の管理者に連絡してください。
    case auditNotNext = 7004
    /// The signer did not sign. 署名鍵を使用できません。端末の管理者に連絡してください。
    case auditSigner = 7005
    /// The bytes are not an Ed25519 key. 署名鍵が正しくありません。端末の管理者に連絡してください。
    case auditBadKey = 7006
    /// Not a checkpoint signed by this key. チェックポイントが正しくありません。
    case auditBadCheckpoint = 7007
    /// Another line is still waiting to be stored. アプリの内部エラーです(記録待ちの行があります)。
    case auditLinePending = 7008
    /// The header of the log is not stored yet. アプリの内部エラーです(記録が未作成です)。
    case auditHeaderFirst = 7009
    /// The entry is waiting to be stored in another log. アプリの内部エラーです(別の記録に書き込み中です)。
    case auditOtherLog = 7010
    /// The line is not in canonical form. 記録の行が壊れているか、書き換えられています。
    case tamperNotCanonical = 7101
    /// The line was altered or is not from this log. 記録の行が改ざんされたか、別の記録から挿入されています。
    case tamperAltered = 7102
    /// The line was inserted. 記録に行が挿入されています。
    case tamperInserted = 7103
    /// Lines are missing before this line. 記録の行が削除されています。
    case tamperMissing = 7104
    /// The line is repeated or out of order. 記録の行が重複しているか、順序が入れ替わっています。
    case tamperOutOfPlace = 7105
    /// The line does not follow the one before it. 前の行とつながっていません。この行か前の行が改ざんされています。
    case tamperChainBroken = 7106
    /// The line was sealed with a later key. 後の鍵で封印されています。後から書き換えられた記録です。
    case tamperLaterKey = 7107
    /// The signature of the checkpoint does not fit. チェックポイントの署名が正しくありません。
    case tamperBadSignature = 7108
    /// The line is not the checkpoint that was kept. 保管されたチェックポイントと一致しません。記録が書き換えられています。
    case tamperCheckpointMismatch = 7109
    /// The log ends before a checkpoint that was kept. 記録の末尾が切り取られています。
    case tamperCutTail = 7110
    /// A checkpoint belongs to another log. 別の記録のチェックポイントです。
    case tamperOtherLog = 7111
    /// The patient file is not of the expected form. 傷病者データファイルの形式が正しくありません。
    case medicalBadFile = 8001
    /// The patient file is not marked as synthetic. 架空データと明記されたファイルのみ使用できます。
    case medicalNotSynthetic = 8002
    /// The medical data are too large. 医療情報が大きすぎるため表示できません。
    case medicalTooLarge = 8003
    /// The medical data have too many items. 医療情報の件数が多すぎるため表示できません。
    case medicalTooManyItems = 8004
    /// The answer is not well-formed XML. 医療情報の形式が正しくありません。
    case medicalBadXml = 8005
    /// The answer has XML that is refused unread. 医療情報に許可されていない記述があります。
    case medicalForbiddenXml = 8006
    /// The answer is nested too deeply. 医療情報の形式が正しくありません。
    case medicalTooDeep = 8007
    /// The answer's characters cannot be read. 医療情報の文字を読み取れません。
    case medicalBadEncoding = 8008
    /// A required part of the answer is absent. 医療情報に必要な項目がありません。
    case medicalMissing = 8009
    /// A part of the answer occurs twice. 医療情報の項目が重複しています。
    case medicalDuplicate = 8010
    /// A date in the answer does not exist. 医療情報の日付が正しくありません。
    case medicalBadDate = 8011
    /// The source of medical data failed. 医療情報の取得に失敗しました。
    case medicalSourceFailed = 8012
    /// The answer is about another person. 別の方の医療情報です。使用せず、もう一度カードを読み取ってください。
    case medicalOtherPatient = 8013
    /// A drill may not ask a real source. 訓練では実際の医療情報を照会できません。
    case medicalRealInDrill = 8014
    /// The driver does not await this input. アプリの内部エラーです(入力順序)。
    case misuseUnexpectedInput = 9001
    /// The driver is done. アプリの内部エラーです(完了後の呼び出し)。
    case misuseAlreadyDone = 9002
    /// A flow awaited something other than the card. アプリの内部エラーです(非同期処理)。
    case misuseForeignAwait = 9003
    /// The number guard refused this command. 許可されていないカード操作です。
    case misuseForbiddenCommand = 9004
    /// These bytes are not a command. アプリの内部エラーです(コマンド形式)。
    case misuseNotACommand = 9005
    /// A parameter is out of range. アプリの内部エラーです(引数の範囲)。
    case misuseOutOfRange = 9006
    /// A credential of another kind than the key takes. アプリの内部エラーです(照合番号の種類)。
    case misuseWrongCredential = 9007
    /// Another driver is using this link to the card. アプリの内部エラーです(同じカードへの同時アクセス)。
    case misuseLinkBusy = 9008
    /// The driver was made for another link. アプリの内部エラーです(別のカード接続)。
    case misuseOtherLink = 9009
    /// A pointer is null. アプリの内部エラーです(NULLポインター)。
    case boundaryNullPointer = 9101
    /// A handle was freed already, or is none. アプリの内部エラーです(解放済みのハンドル)。
    case boundaryStaleHandle = 9102
    /// A handle is of another type. アプリの内部エラーです(ハンドルの種類)。
    case boundaryWrongHandle = 9103
    /// The object is in use by another call. アプリの内部エラーです(同時または再入呼び出し)。
    case boundaryHandleBusy = 9104
    /// A text is not UTF-8. アプリの内部エラーです(文字コード)。
    case boundaryNotText = 9105
    /// A pointer is not aligned or a length is impossible. アプリの内部エラーです(ポインターまたは長さ)。
    case boundaryBadPointer = 9106
    /// No handle is left; objects are not being freed. アプリの内部エラーです(ハンドルの解放漏れ)。
    case boundaryTooManyHandles = 9107
    /// The value is not there. この情報はありません。
    case boundaryAbsent = 9108
    /// A defect of this library; the call was abandoned. 内部エラーが発生しました。アプリの提供元に連絡してください。
    case boundaryPanicked = 9109
    /// The reading was not examined yet. アプリの内部エラーです(真正性の確認前の読み取り結果)。
    case boundaryNotExamined = 9110
    /// The roots file is not JSON of the documented form. ルート証明書ファイルの形式が正しくありません。
    case rootsFormat = 10001
    /// The roots file needs a name of its own for its hierarchy. ルート証明書ファイルの名前が使えません(production と test は予約済み)。
    case rootsName = 10002
    /// A key id in the roots file is not 16 bytes of hex. ルート証明書ファイルの鍵IDが正しくありません。
    case rootsKeyId = 10003
    /// A value in the roots file is not hex or base64. ルート証明書ファイルの値を読み取れません。
    case rootsEncoding = 10004
    /// A key in the roots file is refused by the key policy. ルート証明書ファイルの鍵が弱いため使えません。
    case rootsWeakKey = 10005
    /// The roots file names the same root twice. ルート証明書ファイルに同じルートが二度あります。
    case rootsDuplicate = 10006
    /// A certificate in the roots file does not parse. ルート証明書ファイルの証明書を読み取れません。
    case rootsCertificate = 10007
    /// A certificate in the roots file is not an authority's. ルート証明書ファイルに認証局のものではない証明書があります。
    case rootsNotAuthority = 10008
    /// A certificate in the roots file does not sign itself. ルート証明書ファイルに自己署名ではない証明書があります。
    case rootsNotSelfSigned = 10009
    /// The roots file holds no root. ルート証明書ファイルが空です。
    case rootsEmpty = 10010
    /// The roots file is too large. ルート証明書ファイルが大きすぎます。
    case rootsTooLarge = 10011
    /// A key in the roots file names no application. ルート証明書ファイルの鍵に用途(application)がありません。
    case rootsApplication = 10012
    /// A certificate in the roots file is signed by an algorithm that is not known (known: RSA with SHA-256, 384, 512; ECDSA with SHA-256, 384). ルート証明書ファイルに未対応の署名方式の証明書があります。
    case rootsAlgorithm = 10013
    /// A certificate in the roots file has a key that is neither RSA nor on P-256 or P-384. ルート証明書ファイルに未対応の種類の鍵(楕円曲線など)があります。
    case rootsKeyKind = 10014
    /// An RSA key in the roots file is longer than 4096 bits. ルート証明書ファイルの鍵が長すぎます(RSAは4096ビットまで)。
    case rootsKeySize = 10015
    /// A certificate in the roots file has a critical extension that is not understood, or one twice. ルート証明書ファイルに解釈できない必須項目を持つ証明書があります。
    case rootsExtension = 10016
}

/// What happens in an encounter, as it stands in the log.
public enum EncounterEvent: UInt16, CaseIterable, Sendable {
    /// 活動開始
    case encounterOpened = 100
    /// カード読取
    case cardAcceptable = 110
    /// カード読取(真正性未確認)
    case cardDoubtful = 111
    /// カード読取(偽造)
    case cardForged = 112
    /// 別カード読取
    case secondCardAcceptable = 115
    /// 別カード読取(真正性未確認)
    case secondCardDoubtful = 116
    /// 別カード読取(偽造)
    case secondCardForged = 117
    /// 同一カード(目視で確認)
    case sameCardSaid = 118
    /// 読取不能
    case cardUnreadable = 120
    /// ロック
    case cardLocked = 121
    /// 残り回数不足
    case cardNearlyLocked = 122
    /// 番号相違
    case cardWrongNumber = 123
    /// 対象外カード
    case cardOfAnotherKind = 124
    /// 有効期限切れ
    case cardExpired = 125
    /// 残り回数の下限を解除
    case lastTriesAllowed = 126
    /// 目視一致
    case faceMatched = 130
    /// 目視不一致
    case faceDiffers = 131
    /// 本人確認不可
    case faceUnverifiable = 132
    /// 口頭同意(本人)
    case consentByPatient = 140
    /// 口頭同意(代理)
    case consentByRepresentative = 141
    /// 不同意
    case consentRefused = 142
    /// 同意撤回
    case consentWithdrawn = 143
    /// 同意取得困難(意識不明)
    case unconscious = 150
    /// 同意取得困難(意識障害)
    case impairedConsciousness = 151
    /// 同意取得困難(意思疎通不可)
    case cannotCommunicate = 152
    /// 同意取得困難(心肺停止)
    case cardiopulmonaryArrest = 153
    /// 意識回復
    case patientAwake = 157
    /// 通信不能
    case noSignal = 160
    /// システム停止
    case sourceDown = 161
    /// 保険証利用登録なし
    case notRegistered = 162
    /// 電子証明書の期限切れ
    case certificateExpired = 163
    /// 閲覧許可(救急用サマリー)
    case permitSummary = 170
    /// 閲覧許可(全量版)
    case permitFull = 171
    /// 閲覧許可の期限切れ
    case permitExpired = 175
    /// 端末時計の修正
    case clockCorrected = 180
    /// 引継ぎ完了
    case handedOver = 200
    /// 引継ぎ完了(閲覧なし)
    case handedOverUnseen = 201
    /// カードなし
    case endNoCard = 210
    /// 読取不能
    case endUnreadable = 211
    /// ロック
    case endLocked = 212
    /// 偽造カード
    case endForged = 213
    /// 別人のカード
    case endWrongCard = 214
    /// カード・電子証明書の期限切れ
    case endExpired = 215
    /// 顔不一致
    case endFaceDiffers = 220
    /// 本人確認不可
    case endFaceUnverifiable = 221
    /// 不同意
    case endRefused = 230
    /// 同意撤回
    case endWithdrawn = 231
    /// 隊長判断(緊急度・重症度)
    case endUrgency = 240
    /// 隊長判断(周囲の状況)
    case endSurroundings = 241
    /// 隊長判断(その他)
    case endCrewOther = 242
    /// 通信不能
    case endNoSignal = 250
    /// システム停止
    case endSourceDown = 251
    /// 保険証利用登録なし
    case endNotRegistered = 252
    /// 記録開始
    case logOpened = 900
    /// チェックポイント
    case checkpoint = 901
}

extension EncounterEvent {
    /// Its name in the log.
    public var logName: String {
        switch self {
        case .encounterOpened: "encounter-opened"
        case .cardAcceptable: "card-read/acceptable"
        case .cardDoubtful: "card-read/doubtful"
        case .cardForged: "card-read/forged"
        case .secondCardAcceptable: "second-card/acceptable"
        case .secondCardDoubtful: "second-card/doubtful"
        case .secondCardForged: "second-card/forged"
        case .sameCardSaid: "same-card/said"
        case .cardUnreadable: "card-failed/unreadable"
        case .cardLocked: "card-failed/locked"
        case .cardNearlyLocked: "card-failed/nearly-locked"
        case .cardWrongNumber: "card-failed/wrong-number"
        case .cardOfAnotherKind: "card-failed/another-kind"
        case .cardExpired: "card-failed/expired"
        case .lastTriesAllowed: "card-read/last-tries-allowed"
        case .faceMatched: "face-matched"
        case .faceDiffers: "face-differs"
        case .faceUnverifiable: "face-unverifiable"
        case .consentByPatient: "consent-given/patient"
        case .consentByRepresentative: "consent-given/representative"
        case .consentRefused: "consent-refused"
        case .consentWithdrawn: "consent-withdrawn"
        case .unconscious: "consent-unobtainable/unconscious"
        case .impairedConsciousness: "consent-unobtainable/impaired-consciousness"
        case .cannotCommunicate: "consent-unobtainable/cannot-communicate"
        case .cardiopulmonaryArrest: "consent-unobtainable/cardiopulmonary-arrest"
        case .patientAwake: "patient-awake"
        case .noSignal: "source-failed/no-signal"
        case .sourceDown: "source-failed/source-down"
        case .notRegistered: "source-failed/not-registered"
        case .certificateExpired: "source-failed/certificate-expired"
        case .permitSummary: "permit/summary"
        case .permitFull: "permit/full"
        case .permitExpired: "permit-expired"
        case .clockCorrected: "clock-corrected"
        case .handedOver: "handed-over"
        case .handedOverUnseen: "handed-over/unseen"
        case .endNoCard: "ended/no-card"
        case .endUnreadable: "ended/unreadable"
        case .endLocked: "ended/locked"
        case .endForged: "ended/forged"
        case .endWrongCard: "ended/wrong-card"
        case .endExpired: "ended/expired"
        case .endFaceDiffers: "ended/face-differs"
        case .endFaceUnverifiable: "ended/face-unverifiable"
        case .endRefused: "ended/refused"
        case .endWithdrawn: "ended/withdrawn"
        case .endUrgency: "ended/crew-decision/urgency"
        case .endSurroundings: "ended/crew-decision/surroundings"
        case .endCrewOther: "ended/crew-decision/other"
        case .endNoSignal: "ended/no-signal"
        case .endSourceDown: "ended/source-down"
        case .endNotRegistered: "ended/not-registered"
        case .logOpened: "log-opened"
        case .checkpoint: "checkpoint"
        }
    }

    /// What to write on a button, in Japanese.
    public var labelJa: String {
        switch self {
        case .encounterOpened: "活動開始"
        case .cardAcceptable: "カード読取"
        case .cardDoubtful: "カード読取(真正性未確認)"
        case .cardForged: "カード読取(偽造)"
        case .secondCardAcceptable: "別カード読取"
        case .secondCardDoubtful: "別カード読取(真正性未確認)"
        case .secondCardForged: "別カード読取(偽造)"
        case .sameCardSaid: "同一カード(目視で確認)"
        case .cardUnreadable: "読取不能"
        case .cardLocked: "ロック"
        case .cardNearlyLocked: "残り回数不足"
        case .cardWrongNumber: "番号相違"
        case .cardOfAnotherKind: "対象外カード"
        case .cardExpired: "有効期限切れ"
        case .lastTriesAllowed: "残り回数の下限を解除"
        case .faceMatched: "目視一致"
        case .faceDiffers: "目視不一致"
        case .faceUnverifiable: "本人確認不可"
        case .consentByPatient: "口頭同意(本人)"
        case .consentByRepresentative: "口頭同意(代理)"
        case .consentRefused: "不同意"
        case .consentWithdrawn: "同意撤回"
        case .unconscious: "同意取得困難(意識不明)"
        case .impairedConsciousness: "同意取得困難(意識障害)"
        case .cannotCommunicate: "同意取得困難(意思疎通不可)"
        case .cardiopulmonaryArrest: "同意取得困難(心肺停止)"
        case .patientAwake: "意識回復"
        case .noSignal: "通信不能"
        case .sourceDown: "システム停止"
        case .notRegistered: "保険証利用登録なし"
        case .certificateExpired: "電子証明書の期限切れ"
        case .permitSummary: "閲覧許可(救急用サマリー)"
        case .permitFull: "閲覧許可(全量版)"
        case .permitExpired: "閲覧許可の期限切れ"
        case .clockCorrected: "端末時計の修正"
        case .handedOver: "引継ぎ完了"
        case .handedOverUnseen: "引継ぎ完了(閲覧なし)"
        case .endNoCard: "カードなし"
        case .endUnreadable: "読取不能"
        case .endLocked: "ロック"
        case .endForged: "偽造カード"
        case .endWrongCard: "別人のカード"
        case .endExpired: "カード・電子証明書の期限切れ"
        case .endFaceDiffers: "顔不一致"
        case .endFaceUnverifiable: "本人確認不可"
        case .endRefused: "不同意"
        case .endWithdrawn: "同意撤回"
        case .endUrgency: "隊長判断(緊急度・重症度)"
        case .endSurroundings: "隊長判断(周囲の状況)"
        case .endCrewOther: "隊長判断(その他)"
        case .endNoSignal: "通信不能"
        case .endSourceDown: "システム停止"
        case .endNotRegistered: "保険証利用登録なし"
        case .logOpened: "記録開始"
        case .checkpoint: "チェックポイント"
        }
    }
}
