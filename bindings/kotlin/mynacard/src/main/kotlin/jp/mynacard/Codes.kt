// SPDX-License-Identifier: MIT OR Apache-2.0
// Made from the Rust sources by `cargo xtask generate`. Change those instead.
package jp.mynacard

/** Every fault of this version. A later library may give codes that are not here. */
public enum class FaultCode(
    /** The stable code. */
    public val code: Int,
) {
    /** The card left the reader during an exchange. カードが離れました。カードをリーダーに当てたまま動かさないでください。 */
    LINK_LOST(1001),

    /** The card was reset under the session. カードとの接続が切り替わりました。もう一度読み取ってください。 */
    LINK_RESET(1002),

    /** The card did not answer in time. カードの応答がありません。カードを当て直してください。 */
    LINK_TIMEOUT(1003),

    /** No card on the reader. カードがありません。カードをリーダーに当ててください。 */
    LINK_NO_CARD(1004),

    /** The reader is not there any more. カードリーダーが外れました。接続を確認してください。 */
    LINK_READER_GONE(1005),

    /** Another program is using the card. 別のアプリがカードを使用中です。そのアプリを閉じてください。 */
    LINK_BUSY(1006),

    /** No card reader is connected. カードリーダーがありません。接続を確認してください。 */
    LINK_NO_READER(1007),

    /** The smart card service is not running. スマートカードサービスが動いていません。端末の管理者に連絡してください。 */
    LINK_NO_SERVICE(1008),

    /** The card is there but does not speak. カードが反応しません。裏返すか、別のリーダーで試してください。 */
    LINK_MUTE(1009),

    /** The transport failed. カードリーダーの通信エラーです。リーダーを接続し直してください。 */
    LINK_TRANSPORT(1010),

    /** The reading was cancelled. 読み取りを中止しました。 */
    LINK_CANCELLED(1011),

    /** There is nothing to go on with; begin a new reading. 続きから読み取れません。もう一度はじめから読み取ってください。 */
    LINK_BEGIN_ANEW(1012),

    /** The system does not permit this program to use the card reader. このアプリにはカードリーダーの使用が許可されていません。端末の管理者に連絡してください。 */
    LINK_NOT_PERMITTED(1013),

    /** The application is not on this card. マイナンバーカードではないか、必要な機能がありません。カードを確認してください。 */
    CARD_APPLICATION_MISSING(2001),

    /** The file is not on this card. カードに必要な情報がありません。通常の活動に切り替えてください。 */
    CARD_FILE_MISSING(2002),

    /** Access to the file was denied. この情報を読む権限がありません。 */
    CARD_ACCESS_DENIED(2003),

    /** The card gave an unexpected status. カードが予期しない応答をしました。もう一度読み取ってください。 */
    CARD_UNEXPECTED_STATUS(2004),

    /** The card gave less than its header announces. カードの情報が途切れています。もう一度読み取ってください。 */
    CARD_SHORT_FILE(2005),

    /** The card's answer is not a response. カードの応答が壊れています。もう一度読み取ってください。 */
    CARD_NOT_A_RESPONSE(2006),

    /** This is a smartphone, not a card. スマートフォンのマイナンバーカードは使えません。実物のカードを使ってください。 */
    CARD_PHONE_TOKEN(2007),

    /** Another card than the one being read. 別のカードです。最初のカードを当ててください。 */
    CARD_OTHER_CARD(2008),

    /** The credential has the wrong length. 桁数が違います。照合番号Bは14桁です。 */
    CREDENTIAL_LENGTH(3001),

    /** The credential has a character that is not a digit. 数字以外の文字があります。 */
    CREDENTIAL_NOT_DIGITS(3002),

    /** No birth date found. 生年月日が読み取れません。手で入力してください。 */
    CREDENTIAL_BIRTH_DATE_MISSING(3003),

    /** The birth date is impossible. 生年月日が正しくありません。券面を確認してください。 */
    CREDENTIAL_BIRTH_DATE_IMPOSSIBLE(3004),

    /** No expiry year found. 有効期限の年が読み取れません。手で入力してください。 */
    CREDENTIAL_EXPIRY_YEAR_MISSING(3005),

    /** The expiry year is impossible. 有効期限の年が正しくありません。券面を確認してください。 */
    CREDENTIAL_EXPIRY_YEAR_IMPOSSIBLE(3006),

    /** No security code found. セキュリティコード(4桁)が読み取れません。手で入力してください。 */
    CREDENTIAL_SECURITY_CODE_MISSING(3007),

    /** The security code is not four digits. セキュリティコードは4桁の数字です。 */
    CREDENTIAL_SECURITY_CODE_IMPOSSIBLE(3008),

    /** Two readings of the same part disagree. 読み取った数字が一つに決まりません。手で入力してください。 */
    CREDENTIAL_AMBIGUOUS(3009),

    /** The card rejected the credential; one try is spent. 番号が違います。残り回数を確認し、券面の数字を見直してください。 */
    CREDENTIAL_REJECTED(3010),

    /** The credential is blocked on this card. ロックされています。解除は市区町村の窓口でのみ行えます。 */
    CREDENTIAL_BLOCKED(3011),

    /** Too few tries left; refused without spending one. 残り回数が少ないため試行を中止しました。通常の活動に切り替えてください。 */
    CREDENTIAL_REFUSED_BY_FLOOR(3012),

    /** The answer to a verification was lost. 照合の結果が不明です。もう一度カードを当て、残り回数を確認してください。 */
    CREDENTIAL_OUTCOME_UNKNOWN(3013),

    /** The card does not tell its tries left. 残り回数を確認できないため、照合を中止しました。 */
    CREDENTIAL_COUNTER_UNREADABLE(3014),

    /** A Gregorian birth date, and no choice of the year to use. 生年月日が西暦です。外国人住民のカードか確認し、年の表し方を選んでください。 */
    CREDENTIAL_CALENDAR_UNDECIDED(3015),

    /** The object is cut short. 情報が途中で切れています。もう一度読み取ってください。 */
    MALFORMED_TRUNCATED(4001),

    /** Bytes follow where the object should end. 情報の形式が正しくありません。 */
    MALFORMED_TRAILING_DATA(4002),

    /** A length is not acceptable. 情報の形式が正しくありません。 */
    MALFORMED_BAD_LENGTH(4003),

    /** A tag is not acceptable. 情報の形式が正しくありません。 */
    MALFORMED_BAD_TAG(4004),

    /** Another object than the expected one. 情報の形式が正しくありません。 */
    MALFORMED_UNEXPECTED_TAG(4005),

    /** A required object is absent. 必要な情報がカードにありません。 */
    MALFORMED_MISSING(4006),

    /** The same object twice. 情報の形式が正しくありません。 */
    MALFORMED_DUPLICATE(4007),

    /** Text in another encoding than expected. 文字情報を読み取れません。 */
    MALFORMED_BAD_TEXT(4008),

    /** A date that does not exist. 日付が正しくありません。 */
    MALFORMED_BAD_DATE(4009),

    /** A value outside the allowed ones. 情報の値が正しくありません。 */
    MALFORMED_BAD_VALUE(4010),

    /** The offset table disagrees with the objects. 情報の構成が一致しません。 */
    MALFORMED_OFFSET_MISMATCH(4011),

    /** A picture that does not decode. 画像を表示できません。券面の写真を確認してください。 */
    MALFORMED_BAD_IMAGE(4012),

    /** The file is empty. 情報が登録されていません。 */
    MALFORMED_EMPTY(4013),

    /** The encounter has ended. この活動は終了しています。新しい活動を開始してください。 */
    REFUSAL_ENDED(5101),

    /** The clock went back. 端末の時計が戻りました。時刻を確認し、時計の修正を記録してください。 */
    REFUSAL_CLOCK_WENT_BACK(5102),

    /** No card has been read. カードを読み取ってください。 */
    REFUSAL_NO_CARD(5103),

    /** The card is forged. 偽造の疑いがあるカードです。通常の活動に切り替えてください。 */
    REFUSAL_CARD_FORGED(5104),

    /** The face has not been compared. 顔と写真を見比べて本人確認をしてください。 */
    REFUSAL_FACE_NOT_CHECKED(5105),

    /** Face and photograph differ. 本人のカードではありません。通常の活動に切り替えてください。 */
    REFUSAL_FACE_DIFFERS(5106),

    /** The face could not be verified. 本人確認ができません。通常の活動に切り替えてください。 */
    REFUSAL_FACE_UNVERIFIABLE(5107),

    /** Consent has not been asked for. 同意を確認してください。取得困難な場合はその理由を選んでください。 */
    REFUSAL_NOT_ASKED(5108),

    /** Consent was refused. 同意が得られていません。通常の活動に切り替えてください。 */
    REFUSAL_REFUSED(5109),

    /** Consent was withdrawn. 同意は撤回されました。 */
    REFUSAL_WITHDRAWN(5110),

    /** A refusal stands; only the patient can change it. 不同意が表明されています。本人の同意がない限り閲覧できません。 */
    REFUSAL_REFUSAL_STANDS(5111),

    /** Consent has been given already. すでに同意が得られています。 */
    REFUSAL_CONSENT_STANDS(5112),

    /** No permit has expired. 期限切れの閲覧許可はありません。 */
    REFUSAL_NOTHING_EXPIRED(5113),

    /** The permit has been ended. 閲覧許可は終了しました。 */
    REFUSAL_PERMIT_ENDED(5114),

    /** The permit has expired. 閲覧許可の期限が切れました。必要ならもう一度許可を取ってください。 */
    REFUSAL_PERMIT_EXPIRED(5115),

    /** The facts changed after the permit was requested. 状況が変わりました。もう一度許可を取ってください。 */
    REFUSAL_STALE_REQUEST(5116),

    /** The stored line does not record this permit. アプリの内部エラーです(閲覧許可の記録)。 */
    REFUSAL_NOT_RECORDED(5117),

    /** The permit belongs to another encounter. アプリの内部エラーです(別の活動の閲覧許可)。 */
    REFUSAL_OTHER_ENCOUNTER(5118),

    /** The permit is for another card. 別のカードの閲覧許可です。 */
    REFUSAL_OTHER_CARD(5119),

    /** The permit does not cover this scope. 閲覧許可の範囲外です。 */
    REFUSAL_OUT_OF_SCOPE(5120),

    /** It cannot be told whether this is the same card. 前に読み取ったカードと同じものか判別できません。同じカードかどうかを確認してください。 */
    REFUSAL_CARD_UNCLEAR(5121),

    /** Too many bytes from the card. カードの情報が大きすぎます。読み取りを中止しました。 */
    LIMIT_BYTES(6001),

    /** Too many exchanges with the card. カードとの通信が多すぎます。読み取りを中止しました。 */
    LIMIT_EXCHANGES(6002),

    /** Too many answers without progress. カードの読み取りが進みません。読み取りを中止しました。 */
    LIMIT_NO_PROGRESS(6003),

    /** An object announces an unacceptable size. カードの情報の大きさが異常です。読み取りを中止しました。 */
    LIMIT_OBJECT_SIZE(6004),

    /** A picture has too many pixels. 画像が大きすぎるため表示できません。 */
    LIMIT_PIXELS(6005),

    /** This line is not the one that waits to be stored. アプリの内部エラーです(記録の順序)。 */
    AUDIT_NOT_PENDING(7001),

    /** The state is of the other kind of log. 訓練用と実活動用の記録を混ぜることはできません。 */
    AUDIT_WRONG_KIND(7002),

    /** The kept state of the log is damaged. 記録の状態データが壊れています。端末の管理者に連絡してください。 */
    AUDIT_BAD_STATE(7003),

    /** The line is not the next one of this log. 記録ファイルが状態データと一致しません。端末の管理者に連絡してください。 */
    AUDIT_NOT_NEXT(7004),

    /** The signer did not sign. 署名鍵を使用できません。端末の管理者に連絡してください。 */
    AUDIT_SIGNER(7005),

    /** The bytes are not an Ed25519 key. 署名鍵が正しくありません。端末の管理者に連絡してください。 */
    AUDIT_BAD_KEY(7006),

    /** Not a checkpoint signed by this key. チェックポイントが正しくありません。 */
    AUDIT_BAD_CHECKPOINT(7007),

    /** Another line is still waiting to be stored. アプリの内部エラーです(記録待ちの行があります)。 */
    AUDIT_LINE_PENDING(7008),

    /** The header of the log is not stored yet. アプリの内部エラーです(記録が未作成です)。 */
    AUDIT_HEADER_FIRST(7009),

    /** The entry is waiting to be stored in another log. アプリの内部エラーです(別の記録に書き込み中です)。 */
    AUDIT_OTHER_LOG(7010),

    /** The line is not in canonical form. 記録の行が壊れているか、書き換えられています。 */
    TAMPER_NOT_CANONICAL(7101),

    /** The line was altered or is not from this log. 記録の行が改ざんされたか、別の記録から挿入されています。 */
    TAMPER_ALTERED(7102),

    /** The line was inserted. 記録に行が挿入されています。 */
    TAMPER_INSERTED(7103),

    /** Lines are missing before this line. 記録の行が削除されています。 */
    TAMPER_MISSING(7104),

    /** The line is repeated or out of order. 記録の行が重複しているか、順序が入れ替わっています。 */
    TAMPER_OUT_OF_PLACE(7105),

    /** The line does not follow the one before it. 前の行とつながっていません。この行か前の行が改ざんされています。 */
    TAMPER_CHAIN_BROKEN(7106),

    /** The line was sealed with a later key. 後の鍵で封印されています。後から書き換えられた記録です。 */
    TAMPER_LATER_KEY(7107),

    /** The signature of the checkpoint does not fit. チェックポイントの署名が正しくありません。 */
    TAMPER_BAD_SIGNATURE(7108),

    /** The line is not the checkpoint that was kept. 保管されたチェックポイントと一致しません。記録が書き換えられています。 */
    TAMPER_CHECKPOINT_MISMATCH(7109),

    /** The log ends before a checkpoint that was kept. 記録の末尾が切り取られています。 */
    TAMPER_CUT_TAIL(7110),

    /** A checkpoint belongs to another log. 別の記録のチェックポイントです。 */
    TAMPER_OTHER_LOG(7111),

    /** The patient file is not of the expected form. 傷病者データファイルの形式が正しくありません。 */
    MEDICAL_BAD_FILE(8001),

    /** The patient file is not marked as synthetic. 架空データと明記されたファイルのみ使用できます。 */
    MEDICAL_NOT_SYNTHETIC(8002),

    /** The medical data are too large. 医療情報が大きすぎるため表示できません。 */
    MEDICAL_TOO_LARGE(8003),

    /** The medical data have too many items. 医療情報の件数が多すぎるため表示できません。 */
    MEDICAL_TOO_MANY_ITEMS(8004),

    /** The answer is not well-formed XML. 医療情報の形式が正しくありません。 */
    MEDICAL_BAD_XML(8005),

    /** The answer has XML that is refused unread. 医療情報に許可されていない記述があります。 */
    MEDICAL_FORBIDDEN_XML(8006),

    /** The answer is nested too deeply. 医療情報の形式が正しくありません。 */
    MEDICAL_TOO_DEEP(8007),

    /** The answer's characters cannot be read. 医療情報の文字を読み取れません。 */
    MEDICAL_BAD_ENCODING(8008),

    /** A required part of the answer is absent. 医療情報に必要な項目がありません。 */
    MEDICAL_MISSING(8009),

    /** A part of the answer occurs twice. 医療情報の項目が重複しています。 */
    MEDICAL_DUPLICATE(8010),

    /** A date in the answer does not exist. 医療情報の日付が正しくありません。 */
    MEDICAL_BAD_DATE(8011),

    /** The source of medical data failed. 医療情報の取得に失敗しました。 */
    MEDICAL_SOURCE_FAILED(8012),

    /** The answer is about another person. 別の方の医療情報です。使用せず、もう一度カードを読み取ってください。 */
    MEDICAL_OTHER_PATIENT(8013),

    /** A drill may not ask a real source. 訓練では実際の医療情報を照会できません。 */
    MEDICAL_REAL_IN_DRILL(8014),

    /** The driver does not await this input. アプリの内部エラーです(入力順序)。 */
    MISUSE_UNEXPECTED_INPUT(9001),

    /** The driver is done. アプリの内部エラーです(完了後の呼び出し)。 */
    MISUSE_ALREADY_DONE(9002),

    /** A flow awaited something other than the card. アプリの内部エラーです(非同期処理)。 */
    MISUSE_FOREIGN_AWAIT(9003),

    /** The number guard refused this command. 許可されていないカード操作です。 */
    MISUSE_FORBIDDEN_COMMAND(9004),

    /** These bytes are not a command. アプリの内部エラーです(コマンド形式)。 */
    MISUSE_NOT_A_COMMAND(9005),

    /** A parameter is out of range. アプリの内部エラーです(引数の範囲)。 */
    MISUSE_OUT_OF_RANGE(9006),

    /** A credential of another kind than the key takes. アプリの内部エラーです(照合番号の種類)。 */
    MISUSE_WRONG_CREDENTIAL(9007),

    /** Another driver is using this link to the card. アプリの内部エラーです(同じカードへの同時アクセス)。 */
    MISUSE_LINK_BUSY(9008),

    /** The driver was made for another link. アプリの内部エラーです(別のカード接続)。 */
    MISUSE_OTHER_LINK(9009),

    /** A pointer is null. アプリの内部エラーです(NULLポインター)。 */
    BOUNDARY_NULL_POINTER(9101),

    /** A handle was freed already, or is none. アプリの内部エラーです(解放済みのハンドル)。 */
    BOUNDARY_STALE_HANDLE(9102),

    /** A handle is of another type. アプリの内部エラーです(ハンドルの種類)。 */
    BOUNDARY_WRONG_HANDLE(9103),

    /** The object is in use by another call. アプリの内部エラーです(同時または再入呼び出し)。 */
    BOUNDARY_HANDLE_BUSY(9104),

    /** A text is not UTF-8. アプリの内部エラーです(文字コード)。 */
    BOUNDARY_NOT_TEXT(9105),

    /** A pointer is not aligned or a length is impossible. アプリの内部エラーです(ポインターまたは長さ)。 */
    BOUNDARY_BAD_POINTER(9106),

    /** No handle is left; objects are not being freed. アプリの内部エラーです(ハンドルの解放漏れ)。 */
    BOUNDARY_TOO_MANY_HANDLES(9107),

    /** The value is not there. この情報はありません。 */
    BOUNDARY_ABSENT(9108),

    /** A defect of this library; the call was abandoned. 内部エラーが発生しました。アプリの提供元に連絡してください。 */
    BOUNDARY_PANICKED(9109),

    /** The reading was not examined yet. アプリの内部エラーです(真正性の確認前の読み取り結果)。 */
    BOUNDARY_NOT_EXAMINED(9110),

    /** The roots file is not JSON of the documented form. ルート証明書ファイルの形式が正しくありません。 */
    ROOTS_FORMAT(10001),

    /** The roots file needs a name of its own for its hierarchy. ルート証明書ファイルの名前が使えません(production と test は予約済み)。 */
    ROOTS_NAME(10002),

    /** A key id in the roots file is not 16 bytes of hex. ルート証明書ファイルの鍵IDが正しくありません。 */
    ROOTS_KEY_ID(10003),

    /** A value in the roots file is not hex or base64. ルート証明書ファイルの値を読み取れません。 */
    ROOTS_ENCODING(10004),

    /** A key in the roots file is refused by the key policy. ルート証明書ファイルの鍵が弱いため使えません。 */
    ROOTS_WEAK_KEY(10005),

    /** The roots file names the same root twice. ルート証明書ファイルに同じルートが二度あります。 */
    ROOTS_DUPLICATE(10006),

    /** A certificate in the roots file does not parse. ルート証明書ファイルの証明書を読み取れません。 */
    ROOTS_CERTIFICATE(10007),

    /** A certificate in the roots file is not an authority's. ルート証明書ファイルに認証局のものではない証明書があります。 */
    ROOTS_NOT_AUTHORITY(10008),

    /** A certificate in the roots file does not sign itself. ルート証明書ファイルに自己署名ではない証明書があります。 */
    ROOTS_NOT_SELF_SIGNED(10009),

    /** The roots file holds no root. ルート証明書ファイルが空です。 */
    ROOTS_EMPTY(10010),

    /** The roots file is too large. ルート証明書ファイルが大きすぎます。 */
    ROOTS_TOO_LARGE(10011),

    /** A key in the roots file names no application. ルート証明書ファイルの鍵に用途(application)がありません。 */
    ROOTS_APPLICATION(10012),

    /** A certificate in the roots file is signed by an algorithm that is not known (known: RSA with SHA-256, 384, 512; ECDSA with SHA-256, 384). ルート証明書ファイルに未対応の署名方式の証明書があります。 */
    ROOTS_ALGORITHM(10013),

    /** A certificate in the roots file has a key that is neither RSA nor on P-256 or P-384. ルート証明書ファイルに未対応の種類の鍵(楕円曲線など)があります。 */
    ROOTS_KEY_KIND(10014),

    /** An RSA key in the roots file is longer than 4096 bits. ルート証明書ファイルの鍵が長すぎます(RSAは4096ビットまで)。 */
    ROOTS_KEY_SIZE(10015),

    /** A certificate in the roots file has a critical extension that is not understood, or one twice. ルート証明書ファイルに解釈できない必須項目を持つ証明書があります。 */
    ROOTS_EXTENSION(10016),

    ;

    public companion object {
        private val known = entries.associateBy { it.code }

        /** The fault of a code; null for one that this version does not know. */
        public fun of(code: Int): FaultCode? = known[code]
    }
}

/** What happens in an encounter, as it stands in the log. */
public enum class EncounterEvent(
    /** The stable number. */
    public val code: Int,
    /** Its name in the log. */
    public val logName: String,
    /** What to write on a button, in Japanese. */
    public val labelJa: String,
) {
    /** 活動開始. */
    ENCOUNTER_OPENED(100, "encounter-opened", "活動開始"),

    /** カード読取. */
    CARD_ACCEPTABLE(110, "card-read/acceptable", "カード読取"),

    /** カード読取(真正性未確認). */
    CARD_DOUBTFUL(111, "card-read/doubtful", "カード読取(真正性未確認)"),

    /** カード読取(偽造). */
    CARD_FORGED(112, "card-read/forged", "カード読取(偽造)"),

    /** 別カード読取. */
    SECOND_CARD_ACCEPTABLE(115, "second-card/acceptable", "別カード読取"),

    /** 別カード読取(真正性未確認). */
    SECOND_CARD_DOUBTFUL(116, "second-card/doubtful", "別カード読取(真正性未確認)"),

    /** 別カード読取(偽造). */
    SECOND_CARD_FORGED(117, "second-card/forged", "別カード読取(偽造)"),

    /** 同一カード(目視で確認). */
    SAME_CARD_SAID(118, "same-card/said", "同一カード(目視で確認)"),

    /** 読取不能. */
    CARD_UNREADABLE(120, "card-failed/unreadable", "読取不能"),

    /** ロック. */
    CARD_LOCKED(121, "card-failed/locked", "ロック"),

    /** 残り回数不足. */
    CARD_NEARLY_LOCKED(122, "card-failed/nearly-locked", "残り回数不足"),

    /** 番号相違. */
    CARD_WRONG_NUMBER(123, "card-failed/wrong-number", "番号相違"),

    /** 対象外カード. */
    CARD_OF_ANOTHER_KIND(124, "card-failed/another-kind", "対象外カード"),

    /** 有効期限切れ. */
    CARD_EXPIRED(125, "card-failed/expired", "有効期限切れ"),

    /** 残り回数の下限を解除. */
    LAST_TRIES_ALLOWED(126, "card-read/last-tries-allowed", "残り回数の下限を解除"),

    /** 目視一致. */
    FACE_MATCHED(130, "face-matched", "目視一致"),

    /** 目視不一致. */
    FACE_DIFFERS(131, "face-differs", "目視不一致"),

    /** 本人確認不可. */
    FACE_UNVERIFIABLE(132, "face-unverifiable", "本人確認不可"),

    /** 口頭同意(本人). */
    CONSENT_BY_PATIENT(140, "consent-given/patient", "口頭同意(本人)"),

    /** 口頭同意(代理). */
    CONSENT_BY_REPRESENTATIVE(141, "consent-given/representative", "口頭同意(代理)"),

    /** 不同意. */
    CONSENT_REFUSED(142, "consent-refused", "不同意"),

    /** 同意撤回. */
    CONSENT_WITHDRAWN(143, "consent-withdrawn", "同意撤回"),

    /** 同意取得困難(意識不明). */
    UNCONSCIOUS(150, "consent-unobtainable/unconscious", "同意取得困難(意識不明)"),

    /** 同意取得困難(意識障害). */
    IMPAIRED_CONSCIOUSNESS(151, "consent-unobtainable/impaired-consciousness", "同意取得困難(意識障害)"),

    /** 同意取得困難(意思疎通不可). */
    CANNOT_COMMUNICATE(152, "consent-unobtainable/cannot-communicate", "同意取得困難(意思疎通不可)"),

    /** 同意取得困難(心肺停止). */
    CARDIOPULMONARY_ARREST(153, "consent-unobtainable/cardiopulmonary-arrest", "同意取得困難(心肺停止)"),

    /** 意識回復. */
    PATIENT_AWAKE(157, "patient-awake", "意識回復"),

    /** 通信不能. */
    NO_SIGNAL(160, "source-failed/no-signal", "通信不能"),

    /** システム停止. */
    SOURCE_DOWN(161, "source-failed/source-down", "システム停止"),

    /** 保険証利用登録なし. */
    NOT_REGISTERED(162, "source-failed/not-registered", "保険証利用登録なし"),

    /** 電子証明書の期限切れ. */
    CERTIFICATE_EXPIRED(163, "source-failed/certificate-expired", "電子証明書の期限切れ"),

    /** 閲覧許可(救急用サマリー). */
    PERMIT_SUMMARY(170, "permit/summary", "閲覧許可(救急用サマリー)"),

    /** 閲覧許可(全量版). */
    PERMIT_FULL(171, "permit/full", "閲覧許可(全量版)"),

    /** 閲覧許可の期限切れ. */
    PERMIT_EXPIRED(175, "permit-expired", "閲覧許可の期限切れ"),

    /** 端末時計の修正. */
    CLOCK_CORRECTED(180, "clock-corrected", "端末時計の修正"),

    /** 引継ぎ完了. */
    HANDED_OVER(200, "handed-over", "引継ぎ完了"),

    /** 引継ぎ完了(閲覧なし). */
    HANDED_OVER_UNSEEN(201, "handed-over/unseen", "引継ぎ完了(閲覧なし)"),

    /** カードなし. */
    END_NO_CARD(210, "ended/no-card", "カードなし"),

    /** 読取不能. */
    END_UNREADABLE(211, "ended/unreadable", "読取不能"),

    /** ロック. */
    END_LOCKED(212, "ended/locked", "ロック"),

    /** 偽造カード. */
    END_FORGED(213, "ended/forged", "偽造カード"),

    /** 別人のカード. */
    END_WRONG_CARD(214, "ended/wrong-card", "別人のカード"),

    /** カード・電子証明書の期限切れ. */
    END_EXPIRED(215, "ended/expired", "カード・電子証明書の期限切れ"),

    /** 顔不一致. */
    END_FACE_DIFFERS(220, "ended/face-differs", "顔不一致"),

    /** 本人確認不可. */
    END_FACE_UNVERIFIABLE(221, "ended/face-unverifiable", "本人確認不可"),

    /** 不同意. */
    END_REFUSED(230, "ended/refused", "不同意"),

    /** 同意撤回. */
    END_WITHDRAWN(231, "ended/withdrawn", "同意撤回"),

    /** 隊長判断(緊急度・重症度). */
    END_URGENCY(240, "ended/crew-decision/urgency", "隊長判断(緊急度・重症度)"),

    /** 隊長判断(周囲の状況). */
    END_SURROUNDINGS(241, "ended/crew-decision/surroundings", "隊長判断(周囲の状況)"),

    /** 隊長判断(その他). */
    END_CREW_OTHER(242, "ended/crew-decision/other", "隊長判断(その他)"),

    /** 通信不能. */
    END_NO_SIGNAL(250, "ended/no-signal", "通信不能"),

    /** システム停止. */
    END_SOURCE_DOWN(251, "ended/source-down", "システム停止"),

    /** 保険証利用登録なし. */
    END_NOT_REGISTERED(252, "ended/not-registered", "保険証利用登録なし"),

    /** 記録開始. */
    LOG_OPENED(900, "log-opened", "記録開始"),

    /** チェックポイント. */
    CHECKPOINT(901, "checkpoint", "チェックポイント"),

    ;

    public companion object {
        private val known = entries.associateBy { it.code }

        /** The event of a number; null for one that this version does not know. */
        public fun of(code: Int): EncounterEvent? = known[code]
    }
}
