#ifndef MYNACARD_H
#define MYNACARD_H

/* Made by `cargo xtask generate`. Change the Rust sources instead. */

#include <stddef.h>
#include <stdint.h>

/** The version of this header; compare with mynacard_version(). */
#define MYNACARD_VERSION "0.1.0"

/** A mynacard_str or mynacard_bytes of text as the two arguments of "%.*s". */
#define MYNACARD_STR(text) (int)(text).length, (const char *)(text).data

/** Every result code of this version. A later one may give codes that are not here. */
enum mynacard_code {
    /** Success. */
    MYNACARD_OK = 0,
    /** The card left the reader during an exchange. */
    MYNACARD_LINK_LOST = 1001,
    /** The card was reset under the session. */
    MYNACARD_LINK_RESET = 1002,
    /** The card did not answer in time. */
    MYNACARD_LINK_TIMEOUT = 1003,
    /** No card on the reader. */
    MYNACARD_LINK_NO_CARD = 1004,
    /** The reader is not there any more. */
    MYNACARD_LINK_READER_GONE = 1005,
    /** Another program is using the card. */
    MYNACARD_LINK_BUSY = 1006,
    /** No card reader is connected. */
    MYNACARD_LINK_NO_READER = 1007,
    /** The smart card service is not running. */
    MYNACARD_LINK_NO_SERVICE = 1008,
    /** The card is there but does not speak. */
    MYNACARD_LINK_MUTE = 1009,
    /** The transport failed. */
    MYNACARD_LINK_TRANSPORT = 1010,
    /** The reading was cancelled. */
    MYNACARD_LINK_CANCELLED = 1011,
    /** There is nothing to go on with; begin a new reading. */
    MYNACARD_LINK_BEGIN_ANEW = 1012,
    /** The system does not permit this program to use the card reader. */
    MYNACARD_LINK_NOT_PERMITTED = 1013,
    /** The application is not on this card. */
    MYNACARD_CARD_APPLICATION_MISSING = 2001,
    /** The file is not on this card. */
    MYNACARD_CARD_FILE_MISSING = 2002,
    /** Access to the file was denied. */
    MYNACARD_CARD_ACCESS_DENIED = 2003,
    /** The card gave an unexpected status. */
    MYNACARD_CARD_UNEXPECTED_STATUS = 2004,
    /** The card gave less than its header announces. */
    MYNACARD_CARD_SHORT_FILE = 2005,
    /** The card's answer is not a response. */
    MYNACARD_CARD_NOT_A_RESPONSE = 2006,
    /** This is a smartphone, not a card. */
    MYNACARD_CARD_PHONE_TOKEN = 2007,
    /** Another card than the one being read. */
    MYNACARD_CARD_OTHER_CARD = 2008,
    /** The credential has the wrong length. */
    MYNACARD_CREDENTIAL_LENGTH = 3001,
    /** The credential has a character that is not a digit. */
    MYNACARD_CREDENTIAL_NOT_DIGITS = 3002,
    /** No birth date found. */
    MYNACARD_CREDENTIAL_BIRTH_DATE_MISSING = 3003,
    /** The birth date is impossible. */
    MYNACARD_CREDENTIAL_BIRTH_DATE_IMPOSSIBLE = 3004,
    /** No expiry year found. */
    MYNACARD_CREDENTIAL_EXPIRY_YEAR_MISSING = 3005,
    /** The expiry year is impossible. */
    MYNACARD_CREDENTIAL_EXPIRY_YEAR_IMPOSSIBLE = 3006,
    /** No security code found. */
    MYNACARD_CREDENTIAL_SECURITY_CODE_MISSING = 3007,
    /** The security code is not four digits. */
    MYNACARD_CREDENTIAL_SECURITY_CODE_IMPOSSIBLE = 3008,
    /** Two readings of the same part disagree. */
    MYNACARD_CREDENTIAL_AMBIGUOUS = 3009,
    /** The card rejected the credential; one try is spent. */
    MYNACARD_CREDENTIAL_REJECTED = 3010,
    /** The credential is blocked on this card. */
    MYNACARD_CREDENTIAL_BLOCKED = 3011,
    /** Too few tries left; refused without spending one. */
    MYNACARD_CREDENTIAL_REFUSED_BY_FLOOR = 3012,
    /** The answer to a verification was lost. */
    MYNACARD_CREDENTIAL_OUTCOME_UNKNOWN = 3013,
    /** The card does not tell its tries left. */
    MYNACARD_CREDENTIAL_COUNTER_UNREADABLE = 3014,
    /** A Gregorian birth date, and no choice of the year to use. */
    MYNACARD_CREDENTIAL_CALENDAR_UNDECIDED = 3015,
    /** The object is cut short. */
    MYNACARD_MALFORMED_TRUNCATED = 4001,
    /** Bytes follow where the object should end. */
    MYNACARD_MALFORMED_TRAILING_DATA = 4002,
    /** A length is not acceptable. */
    MYNACARD_MALFORMED_BAD_LENGTH = 4003,
    /** A tag is not acceptable. */
    MYNACARD_MALFORMED_BAD_TAG = 4004,
    /** Another object than the expected one. */
    MYNACARD_MALFORMED_UNEXPECTED_TAG = 4005,
    /** A required object is absent. */
    MYNACARD_MALFORMED_MISSING = 4006,
    /** The same object twice. */
    MYNACARD_MALFORMED_DUPLICATE = 4007,
    /** Text in another encoding than expected. */
    MYNACARD_MALFORMED_BAD_TEXT = 4008,
    /** A date that does not exist. */
    MYNACARD_MALFORMED_BAD_DATE = 4009,
    /** A value outside the allowed ones. */
    MYNACARD_MALFORMED_BAD_VALUE = 4010,
    /** The offset table disagrees with the objects. */
    MYNACARD_MALFORMED_OFFSET_MISMATCH = 4011,
    /** A picture that does not decode. */
    MYNACARD_MALFORMED_BAD_IMAGE = 4012,
    /** The file is empty. */
    MYNACARD_MALFORMED_EMPTY = 4013,
    /** The encounter has ended. */
    MYNACARD_REFUSAL_ENDED = 5101,
    /** The clock went back. */
    MYNACARD_REFUSAL_CLOCK_WENT_BACK = 5102,
    /** No card has been read. */
    MYNACARD_REFUSAL_NO_CARD = 5103,
    /** The card is forged. */
    MYNACARD_REFUSAL_CARD_FORGED = 5104,
    /** The face has not been compared. */
    MYNACARD_REFUSAL_FACE_NOT_CHECKED = 5105,
    /** Face and photograph differ. */
    MYNACARD_REFUSAL_FACE_DIFFERS = 5106,
    /** The face could not be verified. */
    MYNACARD_REFUSAL_FACE_UNVERIFIABLE = 5107,
    /** Consent has not been asked for. */
    MYNACARD_REFUSAL_NOT_ASKED = 5108,
    /** Consent was refused. */
    MYNACARD_REFUSAL_REFUSED = 5109,
    /** Consent was withdrawn. */
    MYNACARD_REFUSAL_WITHDRAWN = 5110,
    /** A refusal stands; only the patient can change it. */
    MYNACARD_REFUSAL_REFUSAL_STANDS = 5111,
    /** Consent has been given already. */
    MYNACARD_REFUSAL_CONSENT_STANDS = 5112,
    /** No permit has expired. */
    MYNACARD_REFUSAL_NOTHING_EXPIRED = 5113,
    /** The permit has been ended. */
    MYNACARD_REFUSAL_PERMIT_ENDED = 5114,
    /** The permit has expired. */
    MYNACARD_REFUSAL_PERMIT_EXPIRED = 5115,
    /** The facts changed after the permit was requested. */
    MYNACARD_REFUSAL_STALE_REQUEST = 5116,
    /** The stored line does not record this permit. */
    MYNACARD_REFUSAL_NOT_RECORDED = 5117,
    /** The permit belongs to another encounter. */
    MYNACARD_REFUSAL_OTHER_ENCOUNTER = 5118,
    /** The permit is for another card. */
    MYNACARD_REFUSAL_OTHER_CARD = 5119,
    /** The permit does not cover this scope. */
    MYNACARD_REFUSAL_OUT_OF_SCOPE = 5120,
    /** It cannot be told whether this is the same card. */
    MYNACARD_REFUSAL_CARD_UNCLEAR = 5121,
    /** Too many bytes from the card. */
    MYNACARD_LIMIT_BYTES = 6001,
    /** Too many exchanges with the card. */
    MYNACARD_LIMIT_EXCHANGES = 6002,
    /** Too many answers without progress. */
    MYNACARD_LIMIT_NO_PROGRESS = 6003,
    /** An object announces an unacceptable size. */
    MYNACARD_LIMIT_OBJECT_SIZE = 6004,
    /** A picture has too many pixels. */
    MYNACARD_LIMIT_PIXELS = 6005,
    /** This line is not the one that waits to be stored. */
    MYNACARD_AUDIT_NOT_PENDING = 7001,
    /** The state is of the other kind of log. */
    MYNACARD_AUDIT_WRONG_KIND = 7002,
    /** The kept state of the log is damaged. */
    MYNACARD_AUDIT_BAD_STATE = 7003,
    /** The line is not the next one of this log. */
    MYNACARD_AUDIT_NOT_NEXT = 7004,
    /** The signer did not sign. */
    MYNACARD_AUDIT_SIGNER = 7005,
    /** The bytes are not an Ed25519 key. */
    MYNACARD_AUDIT_BAD_KEY = 7006,
    /** Not a checkpoint signed by this key. */
    MYNACARD_AUDIT_BAD_CHECKPOINT = 7007,
    /** Another line is still waiting to be stored. */
    MYNACARD_AUDIT_LINE_PENDING = 7008,
    /** The header of the log is not stored yet. */
    MYNACARD_AUDIT_HEADER_FIRST = 7009,
    /** The entry is waiting to be stored in another log. */
    MYNACARD_AUDIT_OTHER_LOG = 7010,
    /** The line is not in canonical form. */
    MYNACARD_TAMPER_NOT_CANONICAL = 7101,
    /** The line was altered or is not from this log. */
    MYNACARD_TAMPER_ALTERED = 7102,
    /** The line was inserted. */
    MYNACARD_TAMPER_INSERTED = 7103,
    /** Lines are missing before this line. */
    MYNACARD_TAMPER_MISSING = 7104,
    /** The line is repeated or out of order. */
    MYNACARD_TAMPER_OUT_OF_PLACE = 7105,
    /** The line does not follow the one before it. */
    MYNACARD_TAMPER_CHAIN_BROKEN = 7106,
    /** The line was sealed with a later key. */
    MYNACARD_TAMPER_LATER_KEY = 7107,
    /** The signature of the checkpoint does not fit. */
    MYNACARD_TAMPER_BAD_SIGNATURE = 7108,
    /** The line is not the checkpoint that was kept. */
    MYNACARD_TAMPER_CHECKPOINT_MISMATCH = 7109,
    /** The log ends before a checkpoint that was kept. */
    MYNACARD_TAMPER_CUT_TAIL = 7110,
    /** A checkpoint belongs to another log. */
    MYNACARD_TAMPER_OTHER_LOG = 7111,
    /** The patient file is not of the expected form. */
    MYNACARD_MEDICAL_BAD_FILE = 8001,
    /** The patient file is not marked as synthetic. */
    MYNACARD_MEDICAL_NOT_SYNTHETIC = 8002,
    /** The medical data are too large. */
    MYNACARD_MEDICAL_TOO_LARGE = 8003,
    /** The medical data have too many items. */
    MYNACARD_MEDICAL_TOO_MANY_ITEMS = 8004,
    /** The answer is not well-formed XML. */
    MYNACARD_MEDICAL_BAD_XML = 8005,
    /** The answer has XML that is refused unread. */
    MYNACARD_MEDICAL_FORBIDDEN_XML = 8006,
    /** The answer is nested too deeply. */
    MYNACARD_MEDICAL_TOO_DEEP = 8007,
    /** The answer's characters cannot be read. */
    MYNACARD_MEDICAL_BAD_ENCODING = 8008,
    /** A required part of the answer is absent. */
    MYNACARD_MEDICAL_MISSING = 8009,
    /** A part of the answer occurs twice. */
    MYNACARD_MEDICAL_DUPLICATE = 8010,
    /** A date in the answer does not exist. */
    MYNACARD_MEDICAL_BAD_DATE = 8011,
    /** The source of medical data failed. */
    MYNACARD_MEDICAL_SOURCE_FAILED = 8012,
    /** The answer is about another person. */
    MYNACARD_MEDICAL_OTHER_PATIENT = 8013,
    /** A drill may not ask a real source. */
    MYNACARD_MEDICAL_REAL_IN_DRILL = 8014,
    /** The driver does not await this input. */
    MYNACARD_MISUSE_UNEXPECTED_INPUT = 9001,
    /** The driver is done. */
    MYNACARD_MISUSE_ALREADY_DONE = 9002,
    /** A flow awaited something other than the card. */
    MYNACARD_MISUSE_FOREIGN_AWAIT = 9003,
    /** The number guard refused this command. */
    MYNACARD_MISUSE_FORBIDDEN_COMMAND = 9004,
    /** These bytes are not a command. */
    MYNACARD_MISUSE_NOT_A_COMMAND = 9005,
    /** A parameter is out of range. */
    MYNACARD_MISUSE_OUT_OF_RANGE = 9006,
    /** A credential of another kind than the key takes. */
    MYNACARD_MISUSE_WRONG_CREDENTIAL = 9007,
    /** Another driver is using this link to the card. */
    MYNACARD_MISUSE_LINK_BUSY = 9008,
    /** The driver was made for another link. */
    MYNACARD_MISUSE_OTHER_LINK = 9009,
    /** A pointer is null. */
    MYNACARD_BOUNDARY_NULL_POINTER = 9101,
    /** A handle was freed already, or is none. */
    MYNACARD_BOUNDARY_STALE_HANDLE = 9102,
    /** A handle is of another type. */
    MYNACARD_BOUNDARY_WRONG_HANDLE = 9103,
    /** The object is in use by another call. */
    MYNACARD_BOUNDARY_HANDLE_BUSY = 9104,
    /** A text is not UTF-8. */
    MYNACARD_BOUNDARY_NOT_TEXT = 9105,
    /** A pointer is not aligned or a length is impossible. */
    MYNACARD_BOUNDARY_BAD_POINTER = 9106,
    /** No handle is left; objects are not being freed. */
    MYNACARD_BOUNDARY_TOO_MANY_HANDLES = 9107,
    /** The value is not there. */
    MYNACARD_BOUNDARY_ABSENT = 9108,
    /** A defect of this library; the call was abandoned. */
    MYNACARD_BOUNDARY_PANICKED = 9109,
    /** The reading was not examined yet. */
    MYNACARD_BOUNDARY_NOT_EXAMINED = 9110,
    /** The roots file is not JSON of the documented form. */
    MYNACARD_ROOTS_FORMAT = 10001,
    /** The roots file needs a name of its own for its hierarchy. */
    MYNACARD_ROOTS_NAME = 10002,
    /** A key id in the roots file is not 16 bytes of hex. */
    MYNACARD_ROOTS_KEY_ID = 10003,
    /** A value in the roots file is not hex or base64. */
    MYNACARD_ROOTS_ENCODING = 10004,
    /** A key in the roots file is refused by the key policy. */
    MYNACARD_ROOTS_WEAK_KEY = 10005,
    /** The roots file names the same root twice. */
    MYNACARD_ROOTS_DUPLICATE = 10006,
    /** A certificate in the roots file does not parse. */
    MYNACARD_ROOTS_CERTIFICATE = 10007,
    /** A certificate in the roots file is not an authority's. */
    MYNACARD_ROOTS_NOT_AUTHORITY = 10008,
    /** A certificate in the roots file does not sign itself. */
    MYNACARD_ROOTS_NOT_SELF_SIGNED = 10009,
    /** The roots file holds no root. */
    MYNACARD_ROOTS_EMPTY = 10010,
    /** The roots file is too large. */
    MYNACARD_ROOTS_TOO_LARGE = 10011,
    /** A key in the roots file names no application. */
    MYNACARD_ROOTS_APPLICATION = 10012,
    /** A certificate in the roots file is signed by an algorithm that is not known (known: RSA with SHA-256, 384, 512; ECDSA with SHA-256, 384). */
    MYNACARD_ROOTS_ALGORITHM = 10013,
    /** A certificate in the roots file has a key that is neither RSA nor on P-256 or P-384. */
    MYNACARD_ROOTS_KEY_KIND = 10014,
    /** An RSA key in the roots file is longer than 4096 bits. */
    MYNACARD_ROOTS_KEY_SIZE = 10015,
    /** A certificate in the roots file has a critical extension that is not understood, or one twice. */
    MYNACARD_ROOTS_EXTENSION = 10016,
};

/** What happened in an encounter, as it stands in the log. */
enum mynacard_event {
    /** encounter-opened: 活動開始. */
    MYNACARD_EVENT_ENCOUNTER_OPENED = 100,
    /** card-read/acceptable: カード読取. */
    MYNACARD_EVENT_CARD_ACCEPTABLE = 110,
    /** card-read/doubtful: カード読取(真正性未確認). */
    MYNACARD_EVENT_CARD_DOUBTFUL = 111,
    /** card-read/forged: カード読取(偽造). */
    MYNACARD_EVENT_CARD_FORGED = 112,
    /** second-card/acceptable: 別カード読取. */
    MYNACARD_EVENT_SECOND_CARD_ACCEPTABLE = 115,
    /** second-card/doubtful: 別カード読取(真正性未確認). */
    MYNACARD_EVENT_SECOND_CARD_DOUBTFUL = 116,
    /** second-card/forged: 別カード読取(偽造). */
    MYNACARD_EVENT_SECOND_CARD_FORGED = 117,
    /** same-card/said: 同一カード(目視で確認). */
    MYNACARD_EVENT_SAME_CARD_SAID = 118,
    /** card-failed/unreadable: 読取不能. */
    MYNACARD_EVENT_CARD_UNREADABLE = 120,
    /** card-failed/locked: ロック. */
    MYNACARD_EVENT_CARD_LOCKED = 121,
    /** card-failed/nearly-locked: 残り回数不足. */
    MYNACARD_EVENT_CARD_NEARLY_LOCKED = 122,
    /** card-failed/wrong-number: 番号相違. */
    MYNACARD_EVENT_CARD_WRONG_NUMBER = 123,
    /** card-failed/another-kind: 対象外カード. */
    MYNACARD_EVENT_CARD_OF_ANOTHER_KIND = 124,
    /** card-failed/expired: 有効期限切れ. */
    MYNACARD_EVENT_CARD_EXPIRED = 125,
    /** card-read/last-tries-allowed: 残り回数の下限を解除. */
    MYNACARD_EVENT_LAST_TRIES_ALLOWED = 126,
    /** face-matched: 目視一致. */
    MYNACARD_EVENT_FACE_MATCHED = 130,
    /** face-differs: 目視不一致. */
    MYNACARD_EVENT_FACE_DIFFERS = 131,
    /** face-unverifiable: 本人確認不可. */
    MYNACARD_EVENT_FACE_UNVERIFIABLE = 132,
    /** consent-given/patient: 口頭同意(本人). */
    MYNACARD_EVENT_CONSENT_BY_PATIENT = 140,
    /** consent-given/representative: 口頭同意(代理). */
    MYNACARD_EVENT_CONSENT_BY_REPRESENTATIVE = 141,
    /** consent-refused: 不同意. */
    MYNACARD_EVENT_CONSENT_REFUSED = 142,
    /** consent-withdrawn: 同意撤回. */
    MYNACARD_EVENT_CONSENT_WITHDRAWN = 143,
    /** consent-unobtainable/unconscious: 同意取得困難(意識不明). */
    MYNACARD_EVENT_UNCONSCIOUS = 150,
    /** consent-unobtainable/impaired-consciousness: 同意取得困難(意識障害). */
    MYNACARD_EVENT_IMPAIRED_CONSCIOUSNESS = 151,
    /** consent-unobtainable/cannot-communicate: 同意取得困難(意思疎通不可). */
    MYNACARD_EVENT_CANNOT_COMMUNICATE = 152,
    /** consent-unobtainable/cardiopulmonary-arrest: 同意取得困難(心肺停止). */
    MYNACARD_EVENT_CARDIOPULMONARY_ARREST = 153,
    /** patient-awake: 意識回復. */
    MYNACARD_EVENT_PATIENT_AWAKE = 157,
    /** source-failed/no-signal: 通信不能. */
    MYNACARD_EVENT_NO_SIGNAL = 160,
    /** source-failed/source-down: システム停止. */
    MYNACARD_EVENT_SOURCE_DOWN = 161,
    /** source-failed/not-registered: 保険証利用登録なし. */
    MYNACARD_EVENT_NOT_REGISTERED = 162,
    /** source-failed/certificate-expired: 電子証明書の期限切れ. */
    MYNACARD_EVENT_CERTIFICATE_EXPIRED = 163,
    /** permit/summary: 閲覧許可(救急用サマリー). */
    MYNACARD_EVENT_PERMIT_SUMMARY = 170,
    /** permit/full: 閲覧許可(全量版). */
    MYNACARD_EVENT_PERMIT_FULL = 171,
    /** permit-expired: 閲覧許可の期限切れ. */
    MYNACARD_EVENT_PERMIT_EXPIRED = 175,
    /** clock-corrected: 端末時計の修正. */
    MYNACARD_EVENT_CLOCK_CORRECTED = 180,
    /** handed-over: 引継ぎ完了. */
    MYNACARD_EVENT_HANDED_OVER = 200,
    /** handed-over/unseen: 引継ぎ完了(閲覧なし). */
    MYNACARD_EVENT_HANDED_OVER_UNSEEN = 201,
    /** ended/no-card: カードなし. */
    MYNACARD_EVENT_END_NO_CARD = 210,
    /** ended/unreadable: 読取不能. */
    MYNACARD_EVENT_END_UNREADABLE = 211,
    /** ended/locked: ロック. */
    MYNACARD_EVENT_END_LOCKED = 212,
    /** ended/forged: 偽造カード. */
    MYNACARD_EVENT_END_FORGED = 213,
    /** ended/wrong-card: 別人のカード. */
    MYNACARD_EVENT_END_WRONG_CARD = 214,
    /** ended/expired: カード・電子証明書の期限切れ. */
    MYNACARD_EVENT_END_EXPIRED = 215,
    /** ended/face-differs: 顔不一致. */
    MYNACARD_EVENT_END_FACE_DIFFERS = 220,
    /** ended/face-unverifiable: 本人確認不可. */
    MYNACARD_EVENT_END_FACE_UNVERIFIABLE = 221,
    /** ended/refused: 不同意. */
    MYNACARD_EVENT_END_REFUSED = 230,
    /** ended/withdrawn: 同意撤回. */
    MYNACARD_EVENT_END_WITHDRAWN = 231,
    /** ended/crew-decision/urgency: 隊長判断(緊急度・重症度). */
    MYNACARD_EVENT_END_URGENCY = 240,
    /** ended/crew-decision/surroundings: 隊長判断(周囲の状況). */
    MYNACARD_EVENT_END_SURROUNDINGS = 241,
    /** ended/crew-decision/other: 隊長判断(その他). */
    MYNACARD_EVENT_END_CREW_OTHER = 242,
    /** ended/no-signal: 通信不能. */
    MYNACARD_EVENT_END_NO_SIGNAL = 250,
    /** ended/source-down: システム停止. */
    MYNACARD_EVENT_END_SOURCE_DOWN = 251,
    /** ended/not-registered: 保険証利用登録なし. */
    MYNACARD_EVENT_END_NOT_REGISTERED = 252,
    /** log-opened: 記録開始. */
    MYNACARD_EVENT_LOG_OPENED = 900,
    /** checkpoint: チェックポイント. */
    MYNACARD_EVENT_CHECKPOINT = 901,
};


/**
 * The ABI that this header describes. Within one ABI version no function, code or structure changes
 * or goes away; new ones are added. The library and the header must agree on it.
 */
#define MYNACARD_ABI_VERSION 1

/**
 * What a driver tells the host to do.
 */
typedef enum mynacard_action_kind {
    /**
     * Send `command` to the card, once, then call respond with its answer, or link_lost.
     */
    MYNACARD_ACTION_TRANSMIT = 1,
    /**
     * Show `progress`, then call continue.
     */
    MYNACARD_ACTION_PROGRESS = 2,
    /**
     * The card face is there before the rest (mynacard_driver_face); then call continue.
     */
    MYNACARD_ACTION_FACE = 3,
    /**
     * The end. Take the result.
     */
    MYNACARD_ACTION_DONE = 4,
} mynacard_action_kind;

/**
 * Who can do something about a fault.
 */
typedef enum mynacard_actor {
    /**
     * Nobody needs to: success, or a code that this version does not know.
     */
    MYNACARD_ACTOR_NONE = 0,
    /**
     * The ambulance crew, now.
     */
    MYNACARD_ACTOR_CREW = 1,
    /**
     * The card's holder, later, at a municipal office.
     */
    MYNACARD_ACTOR_HOLDER = 2,
    /**
     * Whoever wrote the program that calls this library.
     */
    MYNACARD_ACTOR_INTEGRATOR = 3,
    /**
     * Whoever runs the tablet, its reader and its data files.
     */
    MYNACARD_ACTOR_OPERATOR = 4,
} mynacard_actor;

/**
 * Sex as registered (性別), by ISO/IEC 5218.
 */
typedef enum mynacard_sex {
    /**
     * 不明.
     */
    MYNACARD_SEX_UNKNOWN = 0,
    /**
     * 男.
     */
    MYNACARD_SEX_MALE = 1,
    /**
     * 女.
     */
    MYNACARD_SEX_FEMALE = 2,
    /**
     * 適用不能.
     */
    MYNACARD_SEX_NOT_APPLICABLE = 9,
    /**
     * The chip has something else in its place, or nothing.
     */
    MYNACARD_SEX_NOT_UNDERSTOOD = 255,
} mynacard_sex;

/**
 * How a pixel is laid out.
 */
typedef enum mynacard_pixel_format {
    /**
     * One byte, 0 black to 255 white.
     */
    MYNACARD_PIXEL_GREY8 = 1,
    /**
     * Four bytes: red, green, blue, alpha (255 opaque, not premultiplied).
     */
    MYNACARD_PIXEL_RGBA8 = 4,
} mynacard_pixel_format;

/**
 * What lies on the reader.
 */
typedef enum mynacard_token_kind {
    /**
     * A card that is none of ours.
     */
    MYNACARD_TOKEN_FOREIGN = 0,
    /**
     * A My Number Card (個人番号カード): the only one that this service takes.
     */
    MYNACARD_TOKEN_CARD = 1,
    /**
     * The card before it (住民基本台帳カード).
     */
    MYNACARD_TOKEN_JUKI_CARD = 2,
    /**
     * An Android phone.
     */
    MYNACARD_TOKEN_ANDROID_PHONE = 3,
    /**
     * An iPhone.
     */
    MYNACARD_TOKEN_IPHONE = 4,
    /**
     * A token of JPKI with a label that is not known.
     */
    MYNACARD_TOKEN_UNKNOWN = 5,
    /**
     * A residence card (在留カード, 特別永住者証明書) that is no My Number Card. Confidence B.
     */
    MYNACARD_TOKEN_RESIDENCE_CARD = 6,
    /**
     * A driving licence (運転免許証). Confidence B.
     */
    MYNACARD_TOKEN_DRIVING_LICENCE = 7,
    /**
     * A passport (旅券) or another travel document.
     */
    MYNACARD_TOKEN_PASSPORT = 8,
} mynacard_token_kind;

#if defined(MYNACARD_PCSC)
/**
 * What has come or gone.
 */
typedef enum mynacard_pcsc_event_kind {
    /**
     * Nothing: the time is over.
     */
    MYNACARD_PCSC_NOTHING = 0,
    /**
     * A reader was connected.
     */
    MYNACARD_PCSC_READER_ADDED = 1,
    /**
     * A reader was disconnected.
     */
    MYNACARD_PCSC_READER_REMOVED = 2,
    /**
     * A card that speaks lies on the reader.
     */
    MYNACARD_PCSC_CARD_INSERTED = 3,
    /**
     * A card lies on the reader, but does not speak.
     */
    MYNACARD_PCSC_CARD_MUTE = 4,
    /**
     * The card has left the reader.
     */
    MYNACARD_PCSC_CARD_REMOVED = 5,
} mynacard_pcsc_event_kind;
#endif

#if defined(MYNACARD_PCSC)
/**
 * How a card is connected, as far as its answer to reset tells. Never a way to tell what card it is.
 */
typedef enum mynacard_pcsc_interface {
    /**
     * Not known.
     */
    MYNACARD_PCSC_INTERFACE_UNKNOWN = 0,
    /**
     * Through contacts (接触).
     */
    MYNACARD_PCSC_INTERFACE_CONTACT = 1,
    /**
     * Through the field (非接触), type B: what a My Number Card is.
     */
    MYNACARD_PCSC_INTERFACE_CONTACTLESS_B = 2,
    /**
     * Through the field, of another type or one that is not told.
     */
    MYNACARD_PCSC_INTERFACE_CONTACTLESS = 3,
} mynacard_pcsc_interface;
#endif

/**
 * What became of a VERIFY.
 */
typedef enum mynacard_verify_outcome {
    /**
     * Right. The counter is back at its maximum.
     */
    MYNACARD_VERIFY_ACCEPTED = 1,
    /**
     * The card said that the key was open already; nothing was sent, and the digits were not checked.
     */
    MYNACARD_VERIFY_ALREADY_OPEN = 2,
    /**
     * Wrong. One try is spent.
     */
    MYNACARD_VERIFY_REJECTED = 3,
    /**
     * Blocked, before or by this try. Only a municipal office unlocks it.
     */
    MYNACARD_VERIFY_BLOCKED = 4,
    /**
     * Not tried, because fewer tries are left than the floor. Nothing is spent.
     */
    MYNACARD_VERIFY_REFUSED_BY_FLOOR = 5,
} mynacard_verify_outcome;

/**
 * The verdict on a card.
 */
typedef enum mynacard_verdict {
    /**
     * Genuine, and this chip is the one it was issued to.
     */
    MYNACARD_VERDICT_GENUINE_LIVE = 1,
    /**
     * Genuine records, but this chip did not prove that they are its own.
     */
    MYNACARD_VERDICT_GENUINE_NOT_LIVE = 2,
    /**
     * A test card, live. Never a person's.
     */
    MYNACARD_VERDICT_TEST_LIVE = 3,
    /**
     * Records of a test card, without proof by the chip.
     */
    MYNACARD_VERDICT_TEST_NOT_LIVE = 4,
    /**
     * Nothing failed, but too little was checked to say more.
     */
    MYNACARD_VERDICT_UNVERIFIED = 5,
    /**
     * An issuer is not among the roots.
     */
    MYNACARD_VERDICT_ISSUER_UNKNOWN = 6,
    /**
     * Parts contradict each other.
     */
    MYNACARD_VERDICT_CONTRADICTORY = 7,
    /**
     * Something was altered or made up.
     */
    MYNACARD_VERDICT_FORGED = 8,
    /**
     * The authentication certificate has been revoked.
     */
    MYNACARD_VERDICT_REVOKED = 9,
} mynacard_verdict;

/**
 * How a value was authenticated.
 */
typedef enum mynacard_authenticity_status {
    /**
     * The card never signs it.
     */
    MYNACARD_AUTHENTICITY_UNSIGNED = 1,
    /**
     * Nothing was checked.
     */
    MYNACARD_AUTHENTICITY_NOT_CHECKED = 2,
    /**
     * The issuer is not among the roots, so nothing could be checked.
     */
    MYNACARD_AUTHENTICITY_ISSUER_UNKNOWN = 3,
    /**
     * The check failed.
     */
    MYNACARD_AUTHENTICITY_FORGED = 4,
    /**
     * Signed, and the signature leads to a root. Not: that this chip is present.
     */
    MYNACARD_AUTHENTICITY_GENUINE = 5,
} mynacard_authenticity_status;

/**
 * Which year of the birth date stands in the first two digits of 照合番号B.
 */
typedef enum mynacard_birth_year {
    /**
     * An era date gives the era's year; a Gregorian one is refused, since a guess could cost a try.
     */
    MYNACARD_BIRTH_YEAR_AS_PRINTED = 0,
    /**
     * The year of the Japanese era.
     */
    MYNACARD_BIRTH_YEAR_ERA = 1,
    /**
     * The last two digits of the Gregorian year: presumably for foreign residents. Not verified.
     */
    MYNACARD_BIRTH_YEAR_GREGORIAN = 2,
} mynacard_birth_year;

/**
 * What the host knows about the time.
 */
typedef enum mynacard_clock_kind {
    /**
     * Nothing: dates are not judged.
     */
    MYNACARD_CLOCK_UNKNOWN = 0,
    /**
     * The time, from a clock that the host vouches for.
     */
    MYNACARD_CLOCK_TRUSTED = 1,
    /**
     * The time, from a clock that may be wrong: dates are judged by it, and the report says so.
     */
    MYNACARD_CLOCK_UNTRUSTED = 2,
} mynacard_clock_kind;

/**
 * A form of the hand-over (引き継ぎ) to the hospital.
 */
typedef enum mynacard_handover_form {
    /**
     * To be read aloud on the telephone, in Japanese.
     */
    MYNACARD_HANDOVER_SCRIPT = 1,
    /**
     * One page of text, in Japanese.
     */
    MYNACARD_HANDOVER_PAGE = 2,
    /**
     * The same as data: one JSON object, complete.
     */
    MYNACARD_HANDOVER_JSON = 3,
} mynacard_handover_form;

/**
 * Why there is no medical information, though everything worked as it should.
 */
typedef enum mynacard_no_records {
    /**
     * The card is not registered as health insurance card (マイナ保険証の利用登録なし).
     */
    MYNACARD_NO_RECORDS_NOT_REGISTERED = 1,
    /**
     * The card's certificate has expired: eligibility alone is given, for three months.
     */
    MYNACARD_NO_RECORDS_ELIGIBILITY_ONLY = 2,
    /**
     * The service wants a consent that it has not got.
     */
    MYNACARD_NO_RECORDS_CONSENT_REQUIRED = 3,
    /**
     * No connection (圏外).
     */
    MYNACARD_NO_RECORDS_NO_SIGNAL = 4,
    /**
     * The service is down.
     */
    MYNACARD_NO_RECORDS_DOWN = 5,
} mynacard_no_records;

/**
 * A part of a reading, also as a bit of mynacard_plan.parts.
 */
typedef enum mynacard_part {
    /**
     * The card face: photo, birth date, sex, expiry.
     */
    MYNACARD_PART_FACE = 1,
    /**
     * The four attributes (基本4情報) as text.
     */
    MYNACARD_PART_ATTRIBUTES = 2,
    /**
     * The authentication certificate (利用者証明用電子証明書).
     */
    MYNACARD_PART_CERTIFICATE = 4,
    /**
     * In a plan: also what proves the others. Of a reading: the chip's answer to the challenge.
     */
    MYNACARD_PART_PROOF = 8,
    /**
     * Of a reading: the text application's answer to the challenge. Not for a plan, which asks for it
     * unless it says without_text_proof.
     */
    MYNACARD_PART_TEXT_PROOF = 16,
} mynacard_part;

#if defined(MYNACARD_PCSC)
/**
 * How to decide on extended length (拡張長).
 */
typedef enum mynacard_pcsc_extended_length {
    /**
     * Ask the reader's driver; its silence means no.
     */
    MYNACARD_PCSC_EXTENDED_ASK = 0,
    /**
     * The host knows that reader and driver carry it.
     */
    MYNACARD_PCSC_EXTENDED_ASSUME = 1,
    /**
     * Short commands only.
     */
    MYNACARD_PCSC_EXTENDED_NEVER = 2,
} mynacard_pcsc_extended_length;
#endif

/**
 * What a reading is busy with. Stable, and may be stored.
 */
typedef enum mynacard_phase {
    /**
     * Finding out what lies on the reader.
     */
    MYNACARD_PHASE_IDENTIFY = 1,
    /**
     * Opening the card-face application with the printed digits.
     */
    MYNACARD_PHASE_UNLOCK_FACE = 2,
    /**
     * Reading the card face: photo and pictures.
     */
    MYNACARD_PHASE_FACE = 3,
    /**
     * Reading what proves the card face, and asking the chip to prove itself.
     */
    MYNACARD_PHASE_FACE_PROOF = 4,
    /**
     * Opening the text application with the printed digits.
     */
    MYNACARD_PHASE_UNLOCK_TEXT = 5,
    /**
     * Reading the four attributes.
     */
    MYNACARD_PHASE_ATTRIBUTES = 6,
    /**
     * Reading what proves the four attributes.
     */
    MYNACARD_PHASE_ATTRIBUTES_PROOF = 7,
    /**
     * Reading the authentication certificate.
     */
    MYNACARD_PHASE_CERTIFICATE = 8,
    /**
     * Reading the tries left.
     */
    MYNACARD_PHASE_TRIES = 9,
    /**
     * Reading the card's own record.
     */
    MYNACARD_PHASE_CARD_INFO = 10,
} mynacard_phase;

/**
 * A picture of the card face.
 */
typedef enum mynacard_picture {
    /**
     * The photo (顔写真), signed by the issuer.
     */
    MYNACARD_PICTURE_PHOTO = 1,
    /**
     * The name (氏名) as printed, signed.
     */
    MYNACARD_PICTURE_NAME = 2,
    /**
     * The address (住所) as printed, signed.
     */
    MYNACARD_PICTURE_ADDRESS = 3,
    /**
     * The security code (セキュリティコード) as printed. Not signed by anybody.
     */
    MYNACARD_PICTURE_SECURITY_CODE = 4,
} mynacard_picture;

/**
 * Whether a card is the one that the encounter has already.
 */
typedef enum mynacard_same_card {
    /**
     * As far as the chips tell. Where they cannot: MYNACARD_REFUSAL_CARD_UNCLEAR.
     */
    MYNACARD_SAME_CARD_CHIPS_TELL = 0,
    /**
     * The crew looked, and says that it is. It counts only where the chips cannot tell.
     */
    MYNACARD_SAME_CARD_CREW_SAYS_SAME = 1,
    /**
     * The crew looked, and says that it is another one.
     */
    MYNACARD_SAME_CARD_CREW_SAYS_OTHER = 2,
} mynacard_same_card;

/**
 * What a permit opens.
 */
typedef enum mynacard_scope {
    /**
     * The emergency summary (救急用サマリー).
     */
    MYNACARD_SCOPE_SUMMARY = 1,
    /**
     * The full view (全量版), which includes the summary.
     */
    MYNACARD_SCOPE_FULL = 2,
} mynacard_scope;

/**
 * A value on a card, to ask a report about.
 */
typedef enum mynacard_value {
    /**
     * The photo.
     */
    MYNACARD_VALUE_PHOTO = 1,
    /**
     * Face: birth date.
     */
    MYNACARD_VALUE_FACE_BIRTH_DATE = 2,
    /**
     * Face: sex.
     */
    MYNACARD_VALUE_FACE_SEX = 3,
    /**
     * The picture of the name.
     */
    MYNACARD_VALUE_NAME_PICTURE = 4,
    /**
     * The picture of the address.
     */
    MYNACARD_VALUE_ADDRESS_PICTURE = 5,
    /**
     * Expiry: never signed.
     */
    MYNACARD_VALUE_EXPIRY = 6,
    /**
     * The picture of the security code: never signed.
     */
    MYNACARD_VALUE_SECURITY_CODE = 7,
    /**
     * Attributes: name.
     */
    MYNACARD_VALUE_NAME = 8,
    /**
     * Attributes: address.
     */
    MYNACARD_VALUE_ADDRESS = 9,
    /**
     * Attributes: birth date.
     */
    MYNACARD_VALUE_BIRTH_DATE = 10,
    /**
     * Attributes: sex.
     */
    MYNACARD_VALUE_SEX = 11,
    /**
     * Everything in the authentication certificate.
     */
    MYNACARD_VALUE_CERTIFICATE = 12,
} mynacard_value;

/**
 * Where a source puts its answer. Valid until the callback returns.
 */
typedef struct mynacard_answer mynacard_answer;

/**
 * Bytes that the library has made for the caller, wiped when freed.
 */
typedef struct mynacard_buffer mynacard_buffer;

/**
 * A reading in progress: says which command to send, takes the card's answer, does no I/O.
 *
 * start, then as each action says: respond, link_lost or continue, until MYNACARD_ACTION_DONE.
 * Freeing it cancels; nothing is left behind. Any thread may use it, one at a time: a second call at
 * the same time, or one from inside a callback, gets MYNACARD_BOUNDARY_HANDLE_BUSY.
 */
typedef struct mynacard_driver mynacard_driver;

/**
 * An encounter (救急活動): one card, one patient, one permit. What is personal in it is wiped when
 * nothing allows it any more, and at the latest when it is freed.
 *
 * Any thread may use it, one at a time: a second call at the same time, or one from inside a source's
 * callback, gets MYNACARD_BOUNDARY_HANDLE_BUSY.
 */
typedef struct mynacard_encounter mynacard_encounter;

/**
 * The card face (券面情報), wiped when its last handle is freed. It does not change: any thread may
 * use it, several at once too.
 */
typedef struct mynacard_face mynacard_face;

/**
 * A connection to one card, from its power-up to its removal. One driver at a time has it: another one
 * is refused with MYNACARD_MISUSE_LINK_BUSY until the first is done or freed, because two that took turns
 * could present a number to a key that the other has selected.
 *
 * A reader of the host's own has one by its name: mynacard_link_of_reader. The library's own readers have
 * theirs: mynacard_link_of_pcsc.
 */
typedef struct mynacard_link mynacard_link;

/**
 * The end of an audit log (監査記録), where the next line goes. The host stores the lines.
 *
 * For each line: mynacard_log_next_line, append the text durably (one write, flushed to the disk),
 * mynacard_log_confirm by its ticket, then keep mynacard_log_state in the keystore over the
 * previous one. If it cannot be stored: mynacard_log_discard.
 *
 * Any thread may use it, one at a time: a second call at the same time gets
 * MYNACARD_BOUNDARY_HANDLE_BUSY.
 */
typedef struct mynacard_log mynacard_log;

/**
 * 照合番号B (verification number B): the fourteen digits printed on the card. Wiped when freed.
 * Any thread may use it, several at once too.
 */
typedef struct mynacard_number_b mynacard_number_b;

#if defined(MYNACARD_PCSC)
/**
 * Stops waits and readings from another thread. It is set once and stays set: make a new one for
 * each encounter. Any thread may use it, several at once too.
 */
typedef struct mynacard_pcsc_cancellation mynacard_pcsc_cancellation;
#endif

#if defined(MYNACARD_PCSC)
/**
 * The link to one card. After its first fault it sends nothing more and repeats that fault: what
 * lies on the reader then may be another card. Freeing it takes the card's power, and with it
 * everything that was verified.
 *
 * Any thread may use it, one at a time: a second call at the same time gets
 * MYNACARD_BOUNDARY_HANDLE_BUSY. One driver at a time sends through it (mynacard_link_of_pcsc).
 */
typedef struct mynacard_pcsc_link mynacard_pcsc_link;
#endif

#if defined(MYNACARD_PCSC)
/**
 * Watches readers and cards. Any thread may use it, one at a time: a second call at the same time
 * gets MYNACARD_BOUNDARY_HANDLE_BUSY.
 */
typedef struct mynacard_pcsc_monitor mynacard_pcsc_monitor;
#endif

#if defined(MYNACARD_PCSC)
/**
 * The readers that were connected when the list was made. It does not change: any thread may use it,
 * several at once too.
 */
typedef struct mynacard_pcsc_readers mynacard_pcsc_readers;
#endif

/**
 * A decoded picture, wiped when freed. It does not change: any thread may use it, several at once
 * too.
 */
typedef struct mynacard_pixels mynacard_pixels;

/**
 * What was read from one card, wiped when freed. Any thread may use it, several at once too. An
 * encounter or a driver that goes on with it takes out what was read: the handle is then empty
 * (MYNACARD_BOUNDARY_ABSENT), but is still to be freed.
 */
typedef struct mynacard_reading mynacard_reading;

/**
 * What is known about the trust in one card. It does not change: any thread may use it, several at
 * once too.
 */
typedef struct mynacard_report mynacard_report;

/**
 * Roots of trust. Make them once: making them parses every certificate. Any thread may use them,
 * several at once too.
 */
typedef struct mynacard_roots mynacard_roots;

#if defined(MYNACARD_SIM)
/**
 * A virtual card of an invented person. Any thread may use it; calls wait for each other.
 */
typedef struct mynacard_sim_card mynacard_sim_card;
#endif

/**
 * A result code: MYNACARD_OK, or one of `enum mynacard_code`. A later version of the library may
 * give codes that this header does not name.
 */
typedef uint32_t mynacard_result;

/**
 * Text in UTF-8, borrowed from the library and NOT terminated by a zero: print it with
 * `printf("%.*s", MYNACARD_STR(text))`. Valid until the handle it was taken from is freed; text
 * from the error table is valid for ever.
 */
typedef struct mynacard_str {
    /**
     * The first byte; never null.
     */
    const char *data;
    /**
     * Bytes.
     */
    size_t length;
} mynacard_str;

/**
 * What to read, and how careful to be with the tries. Start from mynacard_plan_all or
 * mynacard_plan_face_only. Zero is never a weaker setting: one that is all zeros reads nothing, and one
 * with nothing but its parts is as careful as mynacard_plan_all.
 */
typedef struct mynacard_plan {
    /**
     * Bits of `enum mynacard_part`.
     */
    uint32_t parts;
    /**
     * Fewest tries that must be left for 照合番号B of the card-face application, 2 to 15; 0: three.
     */
    uint8_t face_floor;
    /**
     * Fewest tries that must be left for 照合番号B of the text application, 2 to 15; 0: three.
     */
    uint8_t text_floor;
    /**
     * 1 lets even the last try of either key be spent, after which wrong digits have locked it, whatever
     * the floors say. Verifications, the report and the log show it. Else 0.
     */
    uint8_t allow_last_tries;
    /**
     * 1: do not have the text application answer the nonce. Nothing then proves that name and address
     * are this chip's, and the verdict calls nothing live that includes them. Else 0.
     */
    uint8_t without_text_proof;
    /**
     * A number for the chip to sign, so that a copied card is found out: 16 to 256 bytes from the
     * system's cryptographic generator, drawn anew for each tap. Null: the chip is not asked.
     */
    const uint8_t *nonce;
    /**
     * Bytes of it; 0 without.
     */
    size_t nonce_length;
} mynacard_plan;

/**
 * How far one phase of a reading has come.
 */
typedef struct mynacard_progress {
    /**
     * One of `enum mynacard_phase`; later versions may have more.
     */
    uint32_t phase;
    /**
     * Bytes of this phase's file that have arrived.
     */
    size_t bytes_done;
    /**
     * Bytes that it will have; 0 while unknown.
     */
    size_t bytes_expected;
} mynacard_progress;

/**
 * The driver's next wish.
 */
typedef struct mynacard_action {
    /**
     * What to do.
     */
    enum mynacard_action_kind kind;
    /**
     * The command, for MYNACARD_ACTION_TRANSMIT; else null. Valid until the next call that steps or
     * frees the driver; it may hold 照合番号B, so it must not be logged.
     */
    const uint8_t *command;
    /**
     * Its bytes; else 0.
     */
    size_t command_length;
    /**
     * How far it has come, for MYNACARD_ACTION_PROGRESS; else zeros.
     */
    struct mynacard_progress progress;
} mynacard_action;

/**
 * What a reading has spent.
 */
typedef struct mynacard_statistics {
    /**
     * Commands handed out.
     */
    size_t exchanges;
    /**
     * Bytes of those commands.
     */
    size_t bytes_sent;
    /**
     * Bytes of the answers, status bytes included.
     */
    size_t bytes_received;
} mynacard_statistics;

/**
 * What begins an encounter.
 */
typedef struct mynacard_encounter_start {
    /**
     * 1 for a drill (訓練), which fits no real log and takes test cards; else 0.
     */
    uint32_t drill;
    /**
     * 16 bytes from the system's cryptographic generator, drawn anew for each encounter.
     */
    const uint8_t *id;
    /**
     * 32 bytes from there, drawn anew: the log's commitments to a card hang on them.
     */
    const uint8_t *salt;
    /**
     * How long a permit lasts, in milliseconds; at most six hours. 0: one hour.
     */
    uint64_t permit_millis;
    /**
     * Who begins it: 1 to 24 characters of `A-Z a-z 0-9 . _ -`, a staff number, never a name.
     */
    struct mynacard_str crew;
} mynacard_encounter_start;

/**
 * What the crew has found. Text may be empty; numbers are -1 if not measured.
 */
typedef struct mynacard_crew_facts {
    /**
     * Who calls: the name of the unit (救急隊名).
     */
    struct mynacard_str unit;
    /**
     * Chief complaint (主訴).
     */
    struct mynacard_str complaint;
    /**
     * Consciousness (意識), `JCS 2`.
     */
    struct mynacard_str consciousness;
    /**
     * Systolic blood pressure, mmHg.
     */
    int32_t systolic;
    /**
     * Diastolic blood pressure, mmHg.
     */
    int32_t diastolic;
    /**
     * Pulse, a minute.
     */
    int32_t pulse;
    /**
     * Breaths, a minute.
     */
    int32_t breaths;
    /**
     * Oxygen saturation, percent.
     */
    int32_t oxygen;
    /**
     * Body temperature in tenths of a degree Celsius.
     */
    int32_t temperature_tenths;
} mynacard_crew_facts;

/**
 * A day of the Gregorian calendar.
 */
typedef struct mynacard_date {
    /**
     * Year, 1 to 9999.
     */
    uint16_t year;
    /**
     * Month, 1 to 12.
     */
    uint8_t month;
    /**
     * Day, from 1.
     */
    uint8_t day;
} mynacard_date;

/**
 * What the card face says in figures. What is not understood is empty here
 * (mynacard_face_not_understood).
 */
typedef struct mynacard_face_facts {
    /**
     * Birth date (生年月日), signed; zeros if it is none.
     */
    struct mynacard_date birth_date;
    /**
     * Sex (性別), signed.
     */
    enum mynacard_sex sex;
    /**
     * The card's last day (有効期限); zeros if it is none. Not signed by anybody.
     */
    struct mynacard_date expiry;
} mynacard_face_facts;

/**
 * Bytes, borrowed from the library. Valid until the handle they were taken from is freed or, where
 * a function says so, changed.
 */
typedef struct mynacard_bytes {
    /**
     * The first byte; never null.
     */
    const uint8_t *data;
    /**
     * Bytes.
     */
    size_t length;
} mynacard_bytes;

/**
 * A value that the chip holds in a form that is not understood (不詳): screens show it as it is.
 */
typedef struct mynacard_not_understood {
    /**
     * The object, `face/DF22 birth date`.
     */
    struct mynacard_str object;
    /**
     * What is wrong with it: MYNACARD_MALFORMED_…; MYNACARD_MALFORMED_MISSING when there is nothing.
     */
    mynacard_result why;
    /**
     * The bytes that the chip has in its place. Personal; any bytes, so not to be shown as they are.
     */
    struct mynacard_bytes said;
} mynacard_not_understood;

/**
 * A decoded picture, seen in place: nothing is copied.
 */
typedef struct mynacard_bitmap {
    /**
     * Width in pixels.
     */
    uint32_t width;
    /**
     * Height in pixels.
     */
    uint32_t height;
    /**
     * Layout; its value is the bytes of a pixel.
     */
    enum mynacard_pixel_format format;
    /**
     * Rows from the top, without padding. Valid until the pixels are freed.
     */
    const uint8_t *data;
    /**
     * width × height × bytes of a pixel.
     */
    size_t length;
} mynacard_bitmap;

/**
 * What lies on the reader, and what else is on it.
 */
typedef struct mynacard_token {
    /**
     * What it is.
     */
    enum mynacard_token_kind kind;
    /**
     * 1 if a My Number Card is a residence card too (特定在留カード). Confidence C.
     */
    uint32_t residence_permit;
    /**
     * 1 if a My Number Card is a driving licence too (マイナ免許証). Confidence B.
     */
    uint32_t driving_licence;
} mynacard_token;

/**
 * The tries left of one key.
 */
typedef struct mynacard_tries {
    /**
     * MYNACARD_OK, or why nothing is known.
     */
    mynacard_result status;
    /**
     * Tries left, 0 if blocked; -1 if the card does not tell, or the status is not MYNACARD_OK.
     */
    int32_t left;
} mynacard_tries;

/**
 * The tries left of every key that is known, each for itself.
 */
typedef struct mynacard_all_tries {
    /**
     * 照合番号B of the card-face application.
     */
    struct mynacard_tries face_b;
    /**
     * 照合番号B of the text application.
     */
    struct mynacard_tries text_b;
    /**
     * PIN of the text application.
     */
    struct mynacard_tries text_pin;
    /**
     * PIN of the authentication key.
     */
    struct mynacard_tries authentication_pin;
    /**
     * Password of the signature key.
     */
    struct mynacard_tries signature_password;
} mynacard_all_tries;

/**
 * What a card says of itself without any number. Nothing of it is signed.
 */
typedef struct mynacard_card_facts {
    /**
     * MYNACARD_OK if `expiry` and `municipality` were read, or why not.
     */
    mynacard_result card_status;
    /**
     * The card's last day (有効期限); zeros if not read, or none.
     */
    struct mynacard_date expiry;
    /**
     * The issuing municipality (市区町村コード): five ASCII digits and a zero; zeros if not
     * read, or none.
     */
    uint8_t municipality[6];
    /**
     * MYNACARD_OK if the next two were read, or why not.
     */
    mynacard_result certificates_status;
    /**
     * 1 if the signature certificate is there; never for holders under 15.
     */
    uint32_t signature_certificate;
    /**
     * 1 if the authentication certificate is there.
     */
    uint32_t authentication_certificate;
} mynacard_card_facts;

/**
 * What the reader can carry. A card may still refuse what the reader allows.
 */
typedef struct mynacard_capabilities {
    /**
     * Longest command in bytes, at least 261.
     */
    size_t max_command;
    /**
     * Longest answer in bytes with its two status bytes, at least 258.
     */
    size_t max_response;
    /**
     * 1 if extended-length commands pass, else 0.
     */
    uint32_t extended_length;
} mynacard_capabilities;

/**
 * What a new log is made from.
 */
typedef struct mynacard_log_start {
    /**
     * 1 for a log of drills (訓練), else 0.
     */
    uint32_t drill;
    /**
     * 16 bytes from the system's cryptographic generator: the log's identity.
     */
    const uint8_t *id;
    /**
     * 32 bytes from there: key 0. It goes to whoever will verify, by a way that is not the tablet's
     * disk; then wipe it.
     */
    const uint8_t *seal_key;
    /**
     * The device's inventory number: 1 to 24 characters of `A-Z a-z 0-9 . _ -`.
     */
    struct mynacard_str device;
} mynacard_log_start;

/**
 * A line to be stored.
 */
typedef struct mynacard_line {
    /**
     * Its name until it is confirmed or discarded: no other line has it, of this log or another one,
     * nor the same entry when it is handed out again.
     */
    uint64_t ticket;
    /**
     * The line with its line feed: append exactly these bytes. Valid until the next call with its log.
     */
    struct mynacard_str text;
} mynacard_line;

#if defined(MYNACARD_PCSC)
/**
 * How to connect. All zeros is a good choice: any reader, a card that lies there already, nobody
 * listening in, extended length as the driver says.
 */
typedef struct mynacard_pcsc_options {
    /**
     * The name of the reader, or how the name of just one of them begins. Empty: the first reader
     * that brings a My Number Card; other cards and mute slots are passed over.
     */
    struct mynacard_str reader;
    /**
     * How long to wait for a card, in milliseconds; UINT64_MAX: for ever.
     */
    uint64_t wait_millis;
    /**
     * 0: no other program can use the card meanwhile. 1: others may be connected, but have to wait;
     * Windows then resets the card if nothing is sent for five seconds.
     */
    uint32_t shared;
    /**
     * One of `enum mynacard_pcsc_extended_length`.
     */
    uint32_t extended_length;
} mynacard_pcsc_options;
#endif

#if defined(MYNACARD_PCSC)
/**
 * What a monitor has seen.
 */
typedef struct mynacard_pcsc_event {
    /**
     * What.
     */
    enum mynacard_pcsc_event_kind kind;
    /**
     * On which reader; empty for MYNACARD_PCSC_NOTHING. Valid until the next call with this monitor.
     */
    struct mynacard_str reader;
    /**
     * How a card that was inserted is connected.
     */
    enum mynacard_pcsc_interface interface;
    /**
     * 1 if another program holds a card that was inserted, else 0.
     */
    uint32_t in_use;
} mynacard_pcsc_event;
#endif

/**
 * The four attributes (基本4情報), exactly as on the card. What is not understood is empty here
 * (mynacard_reading_not_understood).
 */
typedef struct mynacard_attributes {
    /**
     * Name (氏名). May hold characters that a font lacks: then show the picture of the name.
     */
    struct mynacard_str name;
    /**
     * Address (住所).
     */
    struct mynacard_str address;
    /**
     * Birth date (生年月日); zeros if it is none.
     */
    struct mynacard_date birth_date;
    /**
     * Sex (性別).
     */
    enum mynacard_sex sex;
} mynacard_attributes;

/**
 * A VERIFY with its circumstances.
 */
typedef struct mynacard_verification {
    /**
     * What became of it.
     */
    enum mynacard_verify_outcome outcome;
    /**
     * Tries left before it; -1 if the card told no number.
     */
    int32_t left_before;
    /**
     * Tries left after it, the last number the card gave; -1 if it gave none. A success restores the
     * counter to its maximum, which the card does not state.
     */
    int32_t left;
    /**
     * Tries that it cost: 0 or 1.
     */
    uint32_t spent;
    /**
     * The floor in force.
     */
    uint32_t floor;
    /**
     * 1 if the plan had allowed even the last try to be spent, else 0.
     */
    uint32_t allowed_last_tries;
} mynacard_verification;

/**
 * What a medical source is asked.
 */
typedef struct mynacard_query {
    /**
     * One of `enum mynacard_scope`. A source may give more: only this is kept.
     */
    uint32_t scope;
    /**
     * The moment of asking, in milliseconds since 1970.
     */
    uint64_t unix_millis;
} mynacard_query;

/**
 * Asks a medical source. It gives its answer with one of mynacard_answer_give…, says when with
 * mynacard_answer_given_at, and returns MYNACARD_OK; another code, no answer, no time or one before the
 * question counts as MYNACARD_MEDICAL_SOURCE_FAILED. Must not throw or longjmp.
 */
typedef mynacard_result (*mynacard_source_callback)(void *userdata,
                                                    const struct mynacard_query *query,
                                                    struct mynacard_answer *answer);

/**
 * Sends a command to the card, once, and writes its answer, data and status bytes, to `response`,
 * which has room for `response_capacity` bytes; sets `response_length`.
 *
 * The buffer is all zeros and `response_length` is 0 when it is called.
 *
 * Returns MYNACARD_OK, or one of MYNACARD_LINK_… saying why there is no answer. Another code, or a
 * length beyond the capacity, counts as MYNACARD_LINK_TRANSPORT. Must not send anything twice: a
 * repeated VERIFY costs the patient a try. Must not throw or longjmp: the process would be stopped. The command may hold 照合番号B,
 * the answer is personal: neither may be logged.
 */
typedef mynacard_result (*mynacard_transmit_callback)(void *userdata,
                                                      const uint8_t *command,
                                                      size_t command_length,
                                                      uint8_t *response,
                                                      size_t response_capacity,
                                                      size_t *response_length);

/**
 * Shows how far a reading has come. Must not throw or longjmp.
 */
typedef void (*mynacard_progress_callback)(void *userdata,
                                           const struct mynacard_progress *progress);

/**
 * Shows the card face before the rest is read. The handle is valid until the callback returns. Must
 * not throw or longjmp.
 */
typedef void (*mynacard_face_callback)(void *userdata,
                                       const struct mynacard_face *face);

/**
 * What the host lends to mynacard_driver_run.
 */
typedef struct mynacard_callbacks {
    /**
     * Sends a command. Must not be null.
     */
    mynacard_transmit_callback transmit;
    /**
     * Shows progress; may be null.
     */
    mynacard_progress_callback progress;
    /**
     * Shows the face early; may be null.
     */
    mynacard_face_callback face;
} mynacard_callbacks;

/**
 * The host's clock.
 */
typedef struct mynacard_clock {
    /**
     * One of `enum mynacard_clock_kind`.
     */
    uint32_t kind;
    /**
     * Milliseconds since 1970-01-01T00:00:00Z; 0 for an unknown clock.
     */
    uint64_t unix_millis;
} mynacard_clock;

/**
 * Something to tell the crew. Valid for ever.
 */
typedef struct mynacard_statement {
    /**
     * Stable name for machines.
     */
    struct mynacard_str key;
    /**
     * In Japanese.
     */
    struct mynacard_str ja;
    /**
     * In English.
     */
    struct mynacard_str en;
} mynacard_statement;

/**
 * How a value was authenticated, and why.
 */
typedef struct mynacard_authenticity {
    /**
     * The outcome.
     */
    enum mynacard_authenticity_status status;
    /**
     * Why, as a stable name; what is genuine names its roots. Valid until the report is freed.
     */
    struct mynacard_str why;
} mynacard_authenticity;

#ifdef __cplusplus
extern "C" {
#endif // __cplusplus

/**
 * Takes the fourteen digits as typed, in ASCII or full width (UTF-8), with spaces and hyphens or
 * without. The bytes remain the caller's: wipe them with mynacard_wipe. Effect on the card: none.
 *
 * Codes: MYNACARD_CREDENTIAL_LENGTH, _NOT_DIGITS, _BIRTH_DATE_IMPOSSIBLE, _EXPIRY_YEAR_IMPOSSIBLE.
 */
mynacard_result mynacard_number_b_from_digits(const uint8_t *digits,
                                              size_t length,
                                              struct mynacard_number_b **out_number);

/**
 * Builds it from what a person copies off the card: birth date (`昭和55年2月17日`, `S55.2.17`), expiry
 * (`2035年2月17日まで有効` or the year), security code. `birth_year` is one of `enum
 * mynacard_birth_year`. Effect on the card: none.
 *
 * Codes: MYNACARD_CREDENTIAL_… for the part that is missing or impossible, and
 * MYNACARD_CREDENTIAL_CALENDAR_UNDECIDED.
 */
mynacard_result mynacard_number_b_from_printed(struct mynacard_str birth_date,
                                               struct mynacard_str expiry,
                                               struct mynacard_str security_code,
                                               uint32_t birth_year,
                                               struct mynacard_number_b **out_number);

/**
 * Finds it among lines of text that an OCR engine read from the front of the card, in any order.
 * Rather finds nothing than guesses. Effect on the card: none.
 *
 * Codes: as mynacard_number_b_from_printed, and MYNACARD_CREDENTIAL_AMBIGUOUS.
 */
mynacard_result mynacard_number_b_from_ocr_lines(const struct mynacard_str *lines,
                                                 size_t count,
                                                 uint32_t birth_year,
                                                 struct mynacard_number_b **out_number);

/**
 * Wipes and frees it. Readings that use it go on. Null is accepted.
 */
mynacard_result mynacard_number_b_free(struct mynacard_number_b *number);

/**
 * A driver that finds out what lies on the reader (mynacard_driver_token). Codes:
 * MYNACARD_MISUSE_LINK_BUSY while another driver has the link, as for every driver. Effect on the card:
 * selects the JPKI application, and asks by SELECT for what may lie beside it or tells another card; no
 * VERIFY.
 */
mynacard_result mynacard_driver_new_identify(struct mynacard_link *link,
                                             struct mynacard_driver **out_driver);

/**
 * A driver that asks for the tries left of every key (mynacard_driver_tries). Effect on the card:
 * none that lasts; the query is free.
 */
mynacard_result mynacard_driver_new_tries(struct mynacard_link *link,
                                          struct mynacard_driver **out_driver);

/**
 * A driver that reads what the card says of itself (mynacard_driver_facts). Effect on the card:
 * selects files; no VERIFY.
 */
mynacard_result mynacard_driver_new_facts(struct mynacard_link *link,
                                          struct mynacard_driver **out_driver);

/**
 * A driver that reads a card by a plan with its 照合番号B (mynacard_driver_reading). Effect on the
 * card: at most one VERIFY to each of the two applications that the plan opens; a wrong number
 * spends one try and ends the use of the number. The number may be freed at once.
 */
mynacard_result mynacard_driver_new_read(struct mynacard_link *link,
                                         const struct mynacard_number_b *number,
                                         const struct mynacard_plan *plan,
                                         struct mynacard_driver **out_driver);

/**
 * A driver that goes on with a torn reading (かざし直し), taken with mynacard_driver_reading after the
 * link was lost. First the chip proves that it is the same card by signing the plan's nonce, which must
 * be a new one; no number is presented before that. The driver takes out what is in the reading, and
 * gives it back, whole or as it was, through mynacard_driver_reading.
 *
 * Codes: MYNACARD_CREDENTIAL_OUTCOME_UNKNOWN when a VERIFY may or may not have counted;
 * MYNACARD_LINK_BEGIN_ANEW when it was not torn, or so early that nothing tells the card;
 * MYNACARD_MISUSE_OUT_OF_RANGE without a nonce, or with that of an earlier tap. The reading is then as
 * it was.
 */
mynacard_result mynacard_driver_new_resume(struct mynacard_link *link,
                                           const struct mynacard_number_b *number,
                                           const struct mynacard_plan *plan,
                                           struct mynacard_reading *reading,
                                           struct mynacard_driver **out_driver);

/**
 * Whether a driver of mynacard_driver_new_resume, which is done and whose reading is not yet taken,
 * went on: MYNACARD_OK, or why not, for example MYNACARD_CARD_OTHER_CARD.
 */
mynacard_result mynacard_driver_resume_status(const struct mynacard_driver *driver);

/**
 * Begins. Codes: MYNACARD_MISUSE_UNEXPECTED_INPUT if it has begun; nothing changes.
 */
mynacard_result mynacard_driver_start(struct mynacard_driver *driver,
                                      struct mynacard_action *out_action);

/**
 * Goes on after MYNACARD_ACTION_PROGRESS or MYNACARD_ACTION_FACE.
 */
mynacard_result mynacard_driver_continue(struct mynacard_driver *driver,
                                         struct mynacard_action *out_action);

/**
 * Takes the card's answer, data and status bytes, to the last MYNACARD_ACTION_TRANSMIT. The bytes
 * remain the caller's, and are personal.
 */
mynacard_result mynacard_driver_respond(struct mynacard_driver *driver,
                                        const uint8_t *response,
                                        size_t response_length,
                                        struct mynacard_action *out_action);

/**
 * Says that the link failed, with one of MYNACARD_LINK_…; allowed at any time before the end. The
 * driver sends nothing after it and ends with what it has.
 *
 * Codes: MYNACARD_MISUSE_OUT_OF_RANGE for a code that is none of a link.
 */
mynacard_result mynacard_driver_link_lost(struct mynacard_driver *driver,
                                          mynacard_result fault,
                                          struct mynacard_action *out_action);

/**
 * Cancels: from any thread, from inside a callback, at any time, never busy. The driver sends no
 * further command and ends at its next step, as if the link had been lost with
 * MYNACARD_LINK_CANCELLED; what was read until then is kept.
 */
mynacard_result mynacard_driver_cancel(const struct mynacard_driver *driver);

/**
 * Takes what a driver of mynacard_driver_new_read has read. Free it with mynacard_reading_free.
 *
 * Codes: MYNACARD_BOUNDARY_ABSENT before MYNACARD_ACTION_DONE and when it was taken;
 * MYNACARD_BOUNDARY_WRONG_HANDLE for a driver that reads something else.
 */
mynacard_result mynacard_driver_reading(struct mynacard_driver *driver,
                                        struct mynacard_reading **out_reading);

/**
 * The card face, from MYNACARD_ACTION_FACE on. Free it with mynacard_face_free.
 *
 * Codes: MYNACARD_BOUNDARY_ABSENT before it is there.
 */
mynacard_result mynacard_driver_face(const struct mynacard_driver *driver,
                                     struct mynacard_face **out_face);

/**
 * What the driver has spent so far.
 */
mynacard_result mynacard_driver_statistics(const struct mynacard_driver *driver,
                                           struct mynacard_statistics *out_statistics);

/**
 * Frees it, and so cancels it; secrets and what it has read are wiped. Null is accepted. From inside
 * a callback it ends when the callback's own call does.
 */
mynacard_result mynacard_driver_free(struct mynacard_driver *driver);

/**
 * Begins an encounter. Its first line waits for a log (mynacard_log_next_line). Free it with
 * mynacard_encounter_free.
 */
mynacard_result mynacard_encounter_open(const struct mynacard_encounter_start *start,
                                        uint64_t now_unix_millis,
                                        struct mynacard_encounter **out_encounter);

/**
 * Wipes and frees an encounter, whatever its state. Null is accepted.
 */
mynacard_result mynacard_encounter_free(struct mynacard_encounter *encounter);

/**
 * Tells the encounter what was read and examined (mynacard_reading_examine). `same_card` is one of
 * `enum mynacard_same_card`. `out_event` says what goes into the log: one of MYNACARD_EVENT_CARD_…,
 * MYNACARD_EVENT_SECOND_CARD_…
 *
 * If a card was read, the encounter takes out what is in the reading, which is then empty. If not, the
 * reading stays as it is and the failure is the event.
 *
 * Codes, with encounter and reading as they were: MYNACARD_BOUNDARY_NOT_EXAMINED;
 * MYNACARD_REFUSAL_CARD_UNCLEAR when nothing that was read of this card and the one before can be
 * compared: ask the crew; other MYNACARD_REFUSAL_…
 */
mynacard_result mynacard_encounter_card_read(struct mynacard_encounter *encounter,
                                             struct mynacard_reading *reading,
                                             uint32_t same_card,
                                             struct mynacard_str crew,
                                             uint64_t now_unix_millis,
                                             uint32_t *out_event);

/**
 * Records an event, one of MYNACARD_EVENT_… that is a crew's to record. What it makes waits for the log.
 *
 * Codes: MYNACARD_REFUSAL_… when it cannot be in the present state, MYNACARD_MISUSE_OUT_OF_RANGE for
 * an event that is not to be recorded by a host; nothing has changed then.
 */
mynacard_result mynacard_encounter_record(struct mynacard_encounter *encounter,
                                          uint32_t event,
                                          struct mynacard_str crew,
                                          uint64_t now_unix_millis);

/**
 * What a crew could record now, for the buttons of a screen, from index 0 on. Codes:
 * MYNACARD_BOUNDARY_ABSENT past the end.
 */
mynacard_result mynacard_encounter_allowed_event(const struct mynacard_encounter *encounter,
                                                 uint64_t now_unix_millis,
                                                 size_t index,
                                                 uint32_t *out_event);

/**
 * The name of an event in the log, such as `face-matched`; empty for an unknown one.
 */
struct mynacard_str mynacard_event_name(uint32_t event);

/**
 * What to write on a button for an event, in Japanese; empty for an unknown one.
 */
struct mynacard_str mynacard_event_label_ja(uint32_t event);

/**
 * How the encounter ended, as MYNACARD_EVENT_HANDED_OVER… or MYNACARD_EVENT_END_… Codes:
 * MYNACARD_BOUNDARY_ABSENT while it goes on.
 */
mynacard_result mynacard_encounter_way_out(const struct mynacard_encounter *encounter,
                                           uint32_t *out_event);

/**
 * Whether a permit would be granted now: MYNACARD_OK, or the fact that is missing, as
 * MYNACARD_REFUSAL_…
 */
mynacard_result mynacard_encounter_would_permit(const struct mynacard_encounter *encounter,
                                                uint64_t now_unix_millis);

/**
 * Asks for a permit of `enum mynacard_scope`. It is NOT in force before its line is stored and
 * confirmed (mynacard_log_next_line, mynacard_log_confirm). Codes: MYNACARD_REFUSAL_…
 */
mynacard_result mynacard_encounter_request_permit(struct mynacard_encounter *encounter,
                                                  uint32_t scope,
                                                  struct mynacard_str crew,
                                                  uint64_t now_unix_millis);

/**
 * When the permit that is in force ends, in milliseconds since 1970. Codes: MYNACARD_BOUNDARY_ABSENT
 * if none is.
 */
mynacard_result mynacard_encounter_permit_until(const struct mynacard_encounter *encounter,
                                                uint64_t now_unix_millis,
                                                uint64_t *out_unix_millis);

/**
 * Notes the crew's findings for the hand-over, in the place of what was noted before.
 */
mynacard_result mynacard_encounter_set_crew_facts(struct mynacard_encounter *encounter,
                                                  const struct mynacard_crew_facts *facts);

/**
 * Writes what the hospital is told (引き継ぎ), in UTF-8: before the hand-over is recorded, which ends
 * the encounter. Medical information is in it only while its permit is in force. Free it with
 * mynacard_buffer_free.
 */
mynacard_result mynacard_encounter_handover(const struct mynacard_encounter *encounter,
                                            uint32_t form,
                                            uint64_t now_unix_millis,
                                            struct mynacard_buffer **out_text);

/**
 * Name of a code in the error table, such as `LinkFault::Lost`; empty for an unknown code.
 */
struct mynacard_str mynacard_result_name(mynacard_result code);

/**
 * A technical sentence in English, for logs; empty for an unknown code.
 */
struct mynacard_str mynacard_result_text(mynacard_result code);

/**
 * What to tell the person, in Japanese; empty for an unknown code.
 */
struct mynacard_str mynacard_result_advice_ja(mynacard_result code);

/**
 * What to tell the person, in English; empty for an unknown code.
 */
struct mynacard_str mynacard_result_advice_en(mynacard_result code);

/**
 * Who can do something about it.
 */
enum mynacard_actor mynacard_result_actor(mynacard_result code);

/**
 * Frees a handle of a card face. Null is accepted.
 */
mynacard_result mynacard_face_free(struct mynacard_face *face);

/**
 * Birth date, sex and expiry.
 */
mynacard_result mynacard_face_get_facts(const struct mynacard_face *face,
                                        struct mynacard_face_facts *out_facts);

/**
 * A value of the card face that was not understood, by its index from 0. Its bytes are valid until the face is
 * freed. Codes: MYNACARD_BOUNDARY_ABSENT beyond the last.
 */
mynacard_result mynacard_face_not_understood(const struct mynacard_face *face,
                                             size_t index,
                                             struct mynacard_not_understood *out_value);

/**
 * A picture's file as it stands on the chip: JPEG 2000 for the photo, PNG for the others. Valid until
 * the face is freed.
 *
 * Codes: MYNACARD_BOUNDARY_ABSENT if the card has none, as a small child's has no photo.
 */
mynacard_result mynacard_face_picture_file(const struct mynacard_face *face,
                                           uint32_t picture,
                                           struct mynacard_bytes *out_file);

/**
 * Decodes a picture. Free it with mynacard_pixels_free.
 *
 * Codes: MYNACARD_BOUNDARY_ABSENT if the card has none; MYNACARD_MALFORMED_BAD_IMAGE,
 * MYNACARD_LIMIT_PIXELS, MYNACARD_LIMIT_OBJECT_SIZE if it cannot be shown.
 */
mynacard_result mynacard_face_pixels(const struct mynacard_face *face,
                                     uint32_t picture,
                                     struct mynacard_pixels **out_pixels);

/**
 * The decoded picture itself.
 */
mynacard_result mynacard_pixels_bitmap(const struct mynacard_pixels *pixels,
                                       struct mynacard_bitmap *out_bitmap);

/**
 * The decoded picture as a PNG file, which every platform can show. Free it with
 * mynacard_buffer_free.
 */
mynacard_result mynacard_pixels_to_png(const struct mynacard_pixels *pixels,
                                       struct mynacard_buffer **out_png);

/**
 * Wipes and frees a decoded picture. Null is accepted.
 */
mynacard_result mynacard_pixels_free(struct mynacard_pixels *pixels);

/**
 * The bytes of a buffer. Valid until it is freed.
 */
mynacard_result mynacard_buffer_bytes(const struct mynacard_buffer *buffer,
                                      struct mynacard_bytes *out_bytes);

/**
 * Wipes and frees a buffer. Null is accepted.
 */
mynacard_result mynacard_buffer_free(struct mynacard_buffer *buffer);

/**
 * What a driver of mynacard_driver_new_identify has found. Codes: why it found nothing out;
 * MYNACARD_BOUNDARY_ABSENT before the end and when it was taken.
 */
mynacard_result mynacard_driver_token(struct mynacard_driver *driver,
                                      struct mynacard_token *out_token);

/**
 * What a driver of mynacard_driver_new_tries has found. Codes: MYNACARD_BOUNDARY_ABSENT before the
 * end and when it was taken.
 */
mynacard_result mynacard_driver_tries(struct mynacard_driver *driver,
                                      struct mynacard_all_tries *out_tries);

/**
 * What a driver of mynacard_driver_new_facts has found. Codes: MYNACARD_BOUNDARY_ABSENT before the
 * end and when it was taken.
 */
mynacard_result mynacard_driver_facts(struct mynacard_driver *driver,
                                      struct mynacard_card_facts *out_facts);

/**
 * The link of a reader of the host's own, for the card that was connected on it now and of which nothing is
 * known. Call it at each connection, or tap. Free it with mynacard_link_free.
 *
 * `reader` is the reader's name, in any encoding: the same for all of the host's code that sends to it,
 * and another one for each reader (with PC/SC, the name that SCardConnect takes). As long as a handle of
 * its link is not freed, or a driver that has it is neither done nor freed, every call with this name gives
 * the same link, with the capabilities of the first: two drivers cannot share a reader, whatever wraps it.
 * The library cannot see that two names are one reader.
 *
 * Codes: MYNACARD_MISUSE_OUT_OF_RANGE for an empty name.
 */
mynacard_result mynacard_link_of_reader(struct mynacard_str reader,
                                        const struct mynacard_capabilities *capabilities,
                                        struct mynacard_link **out_link);

/**
 * What the connection can carry.
 */
mynacard_result mynacard_link_capabilities(const struct mynacard_link *link,
                                           struct mynacard_capabilities *out_capabilities);

/**
 * Forgets what is known of the card, because it was reset or taken away between two drivers. A driver
 * that is under way is told with mynacard_driver_link_lost instead.
 */
mynacard_result mynacard_link_forget(struct mynacard_link *link);

/**
 * Frees a handle of a link; a driver that has it keeps it. Null is accepted.
 */
mynacard_result mynacard_link_free(struct mynacard_link *link);

/**
 * Makes a new log. Its header is the first line to store. Free it with mynacard_log_free.
 */
mynacard_result mynacard_log_create(const struct mynacard_log_start *start,
                                    uint64_t now_unix_millis,
                                    struct mynacard_log **out_log);

/**
 * Goes on where a state was taken, after the app was restarted. Then give mynacard_log_catch_up each
 * line that is stored after it.
 *
 * Codes: MYNACARD_AUDIT_BAD_STATE, MYNACARD_AUDIT_WRONG_KIND.
 */
mynacard_result mynacard_log_resume(uint32_t drill,
                                    const uint8_t *state,
                                    size_t length,
                                    struct mynacard_log **out_log);

/**
 * Takes up a line that was stored after the state was saved. Codes: MYNACARD_AUDIT_NOT_NEXT.
 */
mynacard_result mynacard_log_catch_up(struct mynacard_log *log,
                                      struct mynacard_str line);

/**
 * Hands out the line to store next: the log's header, what an encounter has left that was freed, or what
 * `encounter` has made first that is not stored. `encounter` may be null: the first two only. The log
 * does not move, and gives no other line, before this one is confirmed or discarded by its ticket.
 *
 * Codes: MYNACARD_BOUNDARY_ABSENT when there is nothing to store; MYNACARD_AUDIT_LINE_PENDING while a
 * line is; MYNACARD_AUDIT_OTHER_LOG while the entry is being stored in another log;
 * MYNACARD_AUDIT_WRONG_KIND for a drill's encounter and a real log, or the other way round.
 */
mynacard_result mynacard_log_next_line(struct mynacard_log *log,
                                       struct mynacard_encounter *encounter,
                                       struct mynacard_line *out_line);

/**
 * The line that was handed out and is neither confirmed nor discarded, once more. Codes:
 * MYNACARD_BOUNDARY_ABSENT if there is none.
 */
mynacard_result mynacard_log_pending(struct mynacard_log *log,
                                     struct mynacard_line *out_line);

/**
 * A checkpoint: a line to store next that signs everything before it with an Ed25519 key in PKCS#8
 * (DER), whose bytes remain the caller's. Once it is stored and confirmed, send it to a place that the
 * tablet cannot change. Codes: MYNACARD_AUDIT_BAD_KEY, MYNACARD_AUDIT_LINE_PENDING,
 * MYNACARD_AUDIT_HEADER_FIRST.
 */
mynacard_result mynacard_log_checkpoint(struct mynacard_log *log,
                                        const uint8_t *pkcs8,
                                        size_t length,
                                        uint64_t now_unix_millis,
                                        struct mynacard_line *out_line);

/**
 * Confirms that the line with this ticket is stored durably: the log moves on. If it was a
 * permit's line, the permit is in force from here on. `encounter` is the one that made it; null for a
 * header, a checkpoint, or the line of an encounter that was freed meanwhile.
 *
 * Codes: MYNACARD_AUDIT_NOT_PENDING for another line than the one that was handed out, or one that
 * another encounter made: nothing has moved. MYNACARD_REFUSAL_… if the facts have changed since the
 * permit was asked for: its line is in the log, and it opens nothing.
 */
mynacard_result mynacard_log_confirm(struct mynacard_log *log,
                                     struct mynacard_encounter *encounter,
                                     uint64_t ticket,
                                     uint64_t now_unix_millis);

/**
 * Drops a line that was handed out and could not be stored: the log has not moved, and what it records
 * waits as before. Codes: MYNACARD_AUDIT_NOT_PENDING.
 */
mynacard_result mynacard_log_discard(struct mynacard_log *log,
                                     uint64_t ticket);

/**
 * The end of the log as a secret to keep in the keystore, over the previous one: with it every later
 * line can be forged. Free it with mynacard_buffer_free. Codes: MYNACARD_BOUNDARY_ABSENT before the
 * header is stored.
 */
mynacard_result mynacard_log_state(const struct mynacard_log *log,
                                   struct mynacard_buffer **out_state);

/**
 * Frees a log; its key is wiped. Null is accepted.
 */
mynacard_result mynacard_log_free(struct mynacard_log *log);

#if defined(MYNACARD_PCSC)
/**
 * Makes one that nobody has cancelled. Free it with mynacard_pcsc_cancellation_free.
 */
mynacard_result mynacard_pcsc_cancellation_new(struct mynacard_pcsc_cancellation **out_cancellation);
#endif

#if defined(MYNACARD_PCSC)
/**
 * Cancels, any number of times, never busy. A wait ends at once with MYNACARD_LINK_CANCELLED, a
 * reading before its next command: an exchange under way is not torn.
 */
mynacard_result mynacard_pcsc_cancel(const struct mynacard_pcsc_cancellation *cancellation);
#endif

#if defined(MYNACARD_PCSC)
/**
 * Frees it. Waits and links that were given it go on. Null is accepted.
 */
mynacard_result mynacard_pcsc_cancellation_free(struct mynacard_pcsc_cancellation *cancellation);
#endif

#if defined(MYNACARD_PCSC)
/**
 * Lists the readers; none is no error. Effect on a card: none. Free the list with
 * mynacard_pcsc_readers_free.
 *
 * Codes: MYNACARD_LINK_NO_SERVICE, MYNACARD_LINK_TRANSPORT.
 */
mynacard_result mynacard_pcsc_readers_list(struct mynacard_pcsc_readers **out_readers);
#endif

#if defined(MYNACARD_PCSC)
/**
 * The name of a reader, from index 0 on, in the service's order. Valid until the list is freed.
 * Codes: MYNACARD_BOUNDARY_ABSENT behind the last.
 */
mynacard_result mynacard_pcsc_readers_name(const struct mynacard_pcsc_readers *readers,
                                           size_t index,
                                           struct mynacard_str *out_name);
#endif

#if defined(MYNACARD_PCSC)
/**
 * Frees a list of readers. Null is accepted.
 */
mynacard_result mynacard_pcsc_readers_free(struct mynacard_pcsc_readers *readers);
#endif

#if defined(MYNACARD_PCSC)
/**
 * Waits for a card and connects to it. `cancellation` may be null; it also ends a reading over the
 * link, before its next command. Effect on the card: powers it up. Free the link with
 * mynacard_pcsc_link_free.
 *
 * Until the time is over it tries again what may come about, since nothing was presented yet. Codes then:
 * MYNACARD_LINK_NO_SERVICE; MYNACARD_LINK_NO_READER; MYNACARD_LINK_READER_GONE if none is called so;
 * MYNACARD_LINK_NO_CARD; MYNACARD_LINK_MUTE; MYNACARD_LINK_BUSY if another program holds the card;
 * MYNACARD_CARD_APPLICATION_MISSING if only another card came. At once: MYNACARD_LINK_READER_GONE if more
 * than one reader is called so; MYNACARD_LINK_NOT_PERMITTED; MYNACARD_LINK_CANCELLED;
 * MYNACARD_LINK_TRANSPORT.
 */
mynacard_result mynacard_pcsc_connect(const struct mynacard_pcsc_options *options,
                                      const struct mynacard_pcsc_cancellation *cancellation,
                                      struct mynacard_pcsc_link **out_link);
#endif

#if defined(MYNACARD_PCSC)
/**
 * Sends a command to the card: a mynacard_transmit_callback whose `userdata` is the link's handle.
 * Nothing is ever sent twice.
 *
 * Codes: MYNACARD_LINK_…, among them MYNACARD_LINK_TRANSPORT for a buffer that is too small, whose
 * answer is lost; MYNACARD_BOUNDARY_… for another `userdata`, with nothing sent.
 */
mynacard_result mynacard_pcsc_transmit(void *userdata,
                                       const uint8_t *command,
                                       size_t command_length,
                                       uint8_t *response,
                                       size_t response_capacity,
                                       size_t *response_length);
#endif

#if defined(MYNACARD_PCSC)
/**
 * The link of this connection, for drivers whose commands go to mynacard_pcsc_transmit. Free it with
 * mynacard_link_free.
 */
mynacard_result mynacard_link_of_pcsc(const struct mynacard_pcsc_link *link,
                                      struct mynacard_link **out_link);
#endif

#if defined(MYNACARD_PCSC)
/**
 * The name of the reader. Valid until the link is freed.
 */
mynacard_result mynacard_pcsc_link_reader(const struct mynacard_pcsc_link *link,
                                          struct mynacard_str *out_name);
#endif

#if defined(MYNACARD_PCSC)
/**
 * Ends a link: the card loses its power and forgets what was verified. Null is accepted.
 */
mynacard_result mynacard_pcsc_link_free(struct mynacard_pcsc_link *link);
#endif

#if defined(MYNACARD_PCSC)
/**
 * Watches from now on; what is there already is reported first. `cancellation` may be null. Effect
 * on a card: none. Free it with mynacard_pcsc_monitor_free.
 *
 * Codes: MYNACARD_LINK_NOT_PERMITTED, MYNACARD_LINK_TRANSPORT.
 */
mynacard_result mynacard_pcsc_monitor_new(const struct mynacard_pcsc_cancellation *cancellation,
                                          struct mynacard_pcsc_monitor **out_monitor);
#endif

#if defined(MYNACARD_PCSC)
/**
 * The next event, or MYNACARD_PCSC_NOTHING when the time is over; UINT64_MAX waits for ever.
 *
 * Codes: MYNACARD_LINK_NO_SERVICE when the time is over and there is no service (not on Windows, where
 * that means no reader); the next call goes on waiting. MYNACARD_LINK_CANCELLED,
 * MYNACARD_LINK_NOT_PERMITTED, MYNACARD_LINK_TRANSPORT.
 */
mynacard_result mynacard_pcsc_monitor_next(struct mynacard_pcsc_monitor *monitor,
                                           uint64_t timeout_millis,
                                           struct mynacard_pcsc_event *out_event);
#endif

#if defined(MYNACARD_PCSC)
/**
 * Frees a monitor. Null is accepted.
 */
mynacard_result mynacard_pcsc_monitor_free(struct mynacard_pcsc_monitor *monitor);
#endif

#if defined(MYNACARD_PCSC)
/**
 * Waits until no card lies on the reader of this name, for example before the next patient's. A
 * reader that goes away takes its card with it. `cancellation` may be null. Effect on a card: none.
 *
 * Codes: MYNACARD_LINK_TIMEOUT when the time is over (UINT64_MAX: never), MYNACARD_LINK_CANCELLED,
 * MYNACARD_LINK_NO_SERVICE, MYNACARD_LINK_TRANSPORT.
 */
mynacard_result mynacard_pcsc_wait_for_removal(struct mynacard_str reader,
                                               uint64_t timeout_millis,
                                               const struct mynacard_pcsc_cancellation *cancellation);
#endif

/**
 * A plan for everything, with what proves it, but no nonce.
 */
struct mynacard_plan mynacard_plan_all(void);

/**
 * A plan for the card face alone, without proof: the shortest way to the photo.
 */
struct mynacard_plan mynacard_plan_face_only(void);

/**
 * Frees it; what was read is wiped with its last handle. Null is accepted.
 */
mynacard_result mynacard_reading_free(struct mynacard_reading *reading);

/**
 * What became of a part, one of `enum mynacard_part`: MYNACARD_OK if it was read; else why not.
 * MYNACARD_BOUNDARY_ABSENT: it was not in the plan, or an earlier part made it pointless.
 */
mynacard_result mynacard_reading_status(const struct mynacard_reading *reading,
                                        uint32_t part);

/**
 * A sentence for the log on why a part was not read, with the operation and the card's status word;
 * empty if it was read. Nothing personal is in it. Valid until the reading is freed.
 */
mynacard_result mynacard_reading_log_line(const struct mynacard_reading *reading,
                                          uint32_t part,
                                          struct mynacard_str *out_line);

/**
 * The card face. Free it with mynacard_face_free.
 *
 * Codes: as mynacard_reading_status.
 */
mynacard_result mynacard_reading_face(const struct mynacard_reading *reading,
                                      struct mynacard_face **out_face);

/**
 * The four attributes. Their text is valid until the reading is freed.
 *
 * Codes: as mynacard_reading_status.
 */
mynacard_result mynacard_reading_attributes(const struct mynacard_reading *reading,
                                            struct mynacard_attributes *out_attributes);

/**
 * One of the attributes that was not understood, by its index from 0. Its bytes are valid until the reading is
 * freed. Codes: as mynacard_reading_status; MYNACARD_BOUNDARY_ABSENT also beyond the last.
 */
mynacard_result mynacard_reading_not_understood(const struct mynacard_reading *reading,
                                                size_t index,
                                                struct mynacard_not_understood *out_value);

/**
 * The authentication certificate, X.509 DER. Valid until the reading is freed.
 *
 * Codes: as mynacard_reading_status.
 */
mynacard_result mynacard_reading_certificate(const struct mynacard_reading *reading,
                                             struct mynacard_bytes *out_certificate);

/**
 * What the reading has cost, over all taps.
 */
mynacard_result mynacard_reading_statistics(const struct mynacard_reading *reading,
                                            struct mynacard_statistics *out_statistics);

/**
 * The VERIFY that opened, or did not open, MYNACARD_PART_FACE or MYNACARD_PART_ATTRIBUTES.
 *
 * Codes: MYNACARD_BOUNDARY_ABSENT if there was none, or its answer was lost (the part's status is
 * then MYNACARD_CREDENTIAL_OUTCOME_UNKNOWN: a try may be spent).
 */
mynacard_result mynacard_reading_verification(const struct mynacard_reading *reading,
                                              uint32_t part,
                                              struct mynacard_verification *out_verification);

#if defined(MYNACARD_SIM)
/**
 * Makes a card of a profile (`adult`, `child`, `foreign`, …), or one that is forged (`swapped-photo`,
 * `copied`, `borrowed-name`, …). Free it with mynacard_sim_card_free.
 *
 * Codes: MYNACARD_BOUNDARY_ABSENT if there is neither of that name.
 */
mynacard_result mynacard_sim_card_new(struct mynacard_str profile,
                                      struct mynacard_sim_card **out_card);
#endif

#if defined(MYNACARD_SIM)
/**
 * The card's 照合番号B, fourteen ASCII digits. Codes: MYNACARD_BOUNDARY_ABSENT for a phone.
 */
mynacard_result mynacard_sim_card_number_b(const struct mynacard_sim_card *card,
                                           struct mynacard_bytes *out_digits);
#endif

#if defined(MYNACARD_SIM)
/**
 * Sends a command to the virtual card: a mynacard_transmit_callback whose `userdata` is the card's
 * handle.
 *
 * Codes: MYNACARD_LINK_NO_CARD for another `userdata`, MYNACARD_LINK_TRANSPORT for a buffer that is
 * too small.
 */
mynacard_result mynacard_sim_transmit(void *userdata,
                                      const uint8_t *command,
                                      size_t command_length,
                                      uint8_t *response,
                                      size_t response_capacity,
                                      size_t *response_length);
#endif

#if defined(MYNACARD_SIM)
/**
 * The card's link, for drivers whose commands go to mynacard_sim_transmit. Free it with
 * mynacard_link_free.
 */
mynacard_result mynacard_link_of_sim(const struct mynacard_sim_card *card,
                                     struct mynacard_link **out_link);
#endif

#if defined(MYNACARD_SIM)
/**
 * Takes the card's power away and gives it back: what was selected and verified is forgotten.
 */
mynacard_result mynacard_sim_card_power_cycle(struct mynacard_sim_card *card);
#endif

#if defined(MYNACARD_SIM)
/**
 * How often a secret was presented to the card, by 照合番号B of both applications: what a test
 * compares with the tries it has allowed.
 */
mynacard_result mynacard_sim_card_presentations(const struct mynacard_sim_card *card,
                                                uint64_t *out_count);
#endif

#if defined(MYNACARD_SIM)
/**
 * The roots of the virtual cards. Free them with mynacard_roots_free.
 */
mynacard_result mynacard_sim_roots(struct mynacard_roots **out_roots);
#endif

#if defined(MYNACARD_SIM)
/**
 * Frees a virtual card. Null is accepted.
 */
mynacard_result mynacard_sim_card_free(struct mynacard_sim_card *card);
#endif

/**
 * Gives the answer of a source of invented patients: one patient file, in the form of
 * examples/data/patients. A second one takes the place of the first. The bytes remain the caller's.
 *
 * Codes: MYNACARD_MISUSE_UNEXPECTED_INPUT for the answer of another kind of source, and once another
 * answer was given.
 */
mynacard_result mynacard_answer_give(struct mynacard_answer *answer,
                                     const uint8_t *json,
                                     size_t length);

/**
 * Gives one reply of the eligibility system, in XML; call it for each. They must be about the holder of
 * the card that was read. The bytes remain the caller's, and are personal.
 *
 * Codes: MYNACARD_MISUSE_UNEXPECTED_INPUT for the answer of another kind of source, and once another
 * answer was given.
 */
mynacard_result mynacard_answer_give_reply(struct mynacard_answer *answer,
                                           const uint8_t *xml,
                                           size_t length);

/**
 * Says when the answer was there, in milliseconds since 1970, by the clock that the question's time is
 * from: the permit is checked again by it. Required.
 */
mynacard_result mynacard_answer_given_at(struct mynacard_answer *answer,
                                         uint64_t unix_millis);

/**
 * Answers that there is no medical information. `reason` is one of `enum mynacard_no_records`.
 *
 * Codes: MYNACARD_MISUSE_OUT_OF_RANGE; MYNACARD_MISUSE_UNEXPECTED_INPUT after another answer.
 */
mynacard_result mynacard_answer_give_nothing(struct mynacard_answer *answer,
                                             uint32_t reason);

/**
 * Asks a source of invented patients (架空の傷病者) for medical information, if the permit in force covers
 * it: the only kind that a drill may ask. `out_event` says what goes into the log: 0 if there is
 * something to show, else why the source gave nothing (MYNACARD_EVENT_NO_SIGNAL, …).
 *
 * Codes: MYNACARD_REFUSAL_PERMIT_ENDED and others, with nothing asked; MYNACARD_MEDICAL_…
 */
mynacard_result mynacard_encounter_fetch(struct mynacard_encounter *encounter,
                                         uint32_t scope,
                                         struct mynacard_str crew,
                                         uint64_t now_unix_millis,
                                         void *userdata,
                                         mynacard_source_callback source,
                                         uint32_t *out_event);

/**
 * As mynacard_encounter_fetch, from the eligibility system (オンライン資格確認等システム), which the host
 * reaches. The layout of its replies was read off public code and never verified, and every report
 * says so.
 *
 * Codes: as mynacard_encounter_fetch; MYNACARD_MEDICAL_OTHER_PATIENT for a reply about somebody else
 * than the holder of the card that was read; MYNACARD_MEDICAL_REAL_IN_DRILL.
 */
mynacard_result mynacard_encounter_fetch_service(struct mynacard_encounter *encounter,
                                                 uint32_t scope,
                                                 struct mynacard_str crew,
                                                 uint64_t now_unix_millis,
                                                 void *userdata,
                                                 mynacard_source_callback source,
                                                 uint32_t *out_event);

/**
 * Steps a driver to its end over callbacks, each of which gets `userdata` first. A failure of the
 * link is no failure of this function: the result says what was read before it.
 *
 * A callback may use every other handle, and may cancel or free this driver; another use of this
 * driver gets MYNACARD_BOUNDARY_HANDLE_BUSY.
 */
mynacard_result mynacard_driver_run(struct mynacard_driver *driver,
                                    void *userdata,
                                    const struct mynacard_callbacks *callbacks);

/**
 * Reads a card by a plan through one function that sends commands: makes a driver, runs it, takes
 * its result. Codes and effect on the card: as mynacard_driver_new_read.
 */
mynacard_result mynacard_read_with(void *userdata,
                                   mynacard_transmit_callback transmit,
                                   struct mynacard_link *link,
                                   const struct mynacard_number_b *number,
                                   const struct mynacard_plan *plan,
                                   struct mynacard_reading **out_reading);

/**
 * The roots of cards issued to the public. Those of the card's own certificates are
 * community-sourced: the issuer has never published them.
 */
mynacard_result mynacard_roots_production(struct mynacard_roots **out_roots);

/**
 * The roots of test cards, which are nobody's. For tests and demonstrations only.
 */
mynacard_result mynacard_roots_test_cards(struct mynacard_roots **out_roots);

/**
 * The caller's own roots from a JSON file. Codes: MYNACARD_ROOTS_...
 */
mynacard_result mynacard_roots_from_json(const uint8_t *json,
                                         size_t length,
                                         struct mynacard_roots **out_roots);

/**
 * Frees roots. Null is accepted.
 */
mynacard_result mynacard_roots_free(struct mynacard_roots *roots);

/**
 * Checks everything that was read, and keeps what came of it with the reading: an encounter goes by
 * that, and by nothing else. The report is for looking at; it may be null. Examining again replaces it.
 * Effect on the card: none. Free the report with mynacard_report_free.
 *
 * Codes: MYNACARD_BOUNDARY_ABSENT if the reading was taken out.
 */
mynacard_result mynacard_reading_examine(struct mynacard_reading *reading,
                                         const struct mynacard_roots *roots,
                                         const struct mynacard_clock *clock,
                                         struct mynacard_report **out_report);

/**
 * Frees a report. Null is accepted.
 */
mynacard_result mynacard_report_free(struct mynacard_report *report);

/**
 * The verdict.
 */
mynacard_result mynacard_report_verdict(const struct mynacard_report *report,
                                        enum mynacard_verdict *out_verdict);

/**
 * The verdict in words.
 */
mynacard_result mynacard_report_verdict_statement(const struct mynacard_report *report,
                                                  struct mynacard_statement *out_statement);

/**
 * Whether the chip proved itself live: MYNACARD_BOUNDARY_ABSENT if it did, since there is nothing to
 * say then; else MYNACARD_OK and why not.
 */
mynacard_result mynacard_report_not_live(const struct mynacard_report *report,
                                         struct mynacard_statement *out_statement);

/**
 * What else is to be known, from index 0 on. Codes: MYNACARD_BOUNDARY_ABSENT behind the last.
 */
mynacard_result mynacard_report_finding(const struct mynacard_report *report,
                                        size_t index,
                                        struct mynacard_statement *out_statement);

/**
 * How a value, one of `enum mynacard_value`, was authenticated.
 */
mynacard_result mynacard_report_of(const struct mynacard_report *report,
                                   uint32_t value,
                                   struct mynacard_authenticity *out_authenticity);

/**
 * What every reader can carry: short commands, 256 bytes an answer.
 */
struct mynacard_capabilities mynacard_capabilities_short(void);

/**
 * Extended length up to the standard's bound: most USB readers, and IsoDep where the phone says so.
 */
struct mynacard_capabilities mynacard_capabilities_extended(void);

/**
 * What the crew should do meanwhile, in Japanese; empty for a phase that is not known.
 */
struct mynacard_str mynacard_phase_advice_ja(uint32_t phase);

/**
 * What the crew should do meanwhile, in English; empty for a phase that is not known.
 */
struct mynacard_str mynacard_phase_advice_en(uint32_t phase);

/**
 * The ABI version of the library that is linked; compare it with MYNACARD_ABI_VERSION.
 */
uint32_t mynacard_abi_version(void);

/**
 * The version of the library that is linked, for example `0.1.0`.
 */
struct mynacard_str mynacard_version(void);

/**
 * How many handles are alive: 0 when everything was freed. For tests of leaks.
 */
size_t mynacard_live_handles(void);

/**
 * Overwrites bytes with zeros in a way that no compiler leaves out: for the caller's own copies of
 * digits that somebody typed.
 */
mynacard_result mynacard_wipe(uint8_t *bytes,
                              size_t length);

#ifdef __cplusplus
}  // extern "C"
#endif  // __cplusplus

#endif  /* MYNACARD_H */
