/* What was found, asked for piece by piece, in the form of the recordings. */
#include "replay.h"

static const struct {
    const char *name;
    uint32_t part;
} parts[] = {
    {"face", MYNACARD_PART_FACE},
    {"attributes", MYNACARD_PART_ATTRIBUTES},
    {"certificate", MYNACARD_PART_CERTIFICATE},
    {"proof", MYNACARD_PART_PROOF},
};
enum { PARTS = sizeof parts / sizeof parts[0], NUMBERED = 2 };

static const struct {
    const char *name;
    uint32_t picture;
} pictures[] = {
    {"photo", MYNACARD_PICTURE_PHOTO},
    {"name", MYNACARD_PICTURE_NAME},
    {"address", MYNACARD_PICTURE_ADDRESS},
    {"security_code", MYNACARD_PICTURE_SECURITY_CODE},
};

static const struct {
    const char *name;
    uint32_t value;
} values[] = {
    {"photo", MYNACARD_VALUE_PHOTO},
    {"face_birth_date", MYNACARD_VALUE_FACE_BIRTH_DATE},
    {"face_sex", MYNACARD_VALUE_FACE_SEX},
    {"name_picture", MYNACARD_VALUE_NAME_PICTURE},
    {"address_picture", MYNACARD_VALUE_ADDRESS_PICTURE},
    {"expiry", MYNACARD_VALUE_EXPIRY},
    {"security_code", MYNACARD_VALUE_SECURITY_CODE},
    {"name", MYNACARD_VALUE_NAME},
    {"address", MYNACARD_VALUE_ADDRESS},
    {"birth_date", MYNACARD_VALUE_BIRTH_DATE},
    {"sex", MYNACARD_VALUE_SEX},
    {"certificate", MYNACARD_VALUE_CERTIFICATE},
};

static void put_str(cJSON *object, const char *name, mynacard_str text)
{
    put_text(object, name, text.data, text.length);
}

/* Empty for a date that was not understood. */
static void put_date(cJSON *object, const char *name, mynacard_date date)
{
    char text[32] = "";
    if (date.year != 0)
        snprintf(text, sizeof text, "%04u-%02u-%02u", date.year, date.month, date.day);
    put_text(object, name, text, strlen(text));
}

/* A new object under a name, or null in its place. */
static cJSON *put_object(cJSON *object, const char *name, int is_there)
{
    cJSON *made = is_there ? cJSON_CreateObject() : cJSON_CreateNull();
    CHECK(made != NULL && cJSON_AddItemToObject(object, name, made));
    return made;
}

static void put_picture(cJSON *object, const char *name, const mynacard_face *face,
                        uint32_t picture)
{
    cJSON *told = put_object(object, name, 1);
    mynacard_bytes file;
    mynacard_pixels *pixels = NULL;
    mynacard_bitmap bitmap;
    mynacard_result code = mynacard_face_pixels(face, picture, &pixels);
    put_number(told, "code", code);
    if (mynacard_face_picture_file(face, picture, &file) == MYNACARD_OK)
        put_sha256(told, "file_sha256", file.data, file.length);
    if (code != MYNACARD_OK)
        return;
    CHECK_OK(mynacard_pixels_bitmap(pixels, &bitmap));
    put_number(told, "width", bitmap.width);
    put_number(told, "height", bitmap.height);
    put_number(told, "format", bitmap.format);
    put_sha256(told, "pixels_sha256", bitmap.data, bitmap.length);
    CHECK_OK(mynacard_pixels_free(pixels));
}

static void put_face(cJSON *object, const mynacard_reading *reading)
{
    mynacard_face *face = NULL;
    mynacard_face_facts facts;
    cJSON *told = put_object(object, "face",
                             mynacard_reading_face(reading, &face) == MYNACARD_OK);
    cJSON *shown;
    size_t at;
    if (face == NULL)
        return;
    CHECK_OK(mynacard_face_get_facts(face, &facts));
    put_date(told, "birth_date", facts.birth_date);
    put_number(told, "sex", facts.sex);
    put_date(told, "expiry", facts.expiry);
    shown = put_object(told, "pictures", 1);
    for (at = 0; at < sizeof pictures / sizeof pictures[0]; at++)
        put_picture(shown, pictures[at].name, face, pictures[at].picture);
    CHECK_OK(mynacard_face_free(face));
}

static void put_attributes(cJSON *object, const mynacard_reading *reading)
{
    mynacard_attributes attributes;
    int is_there = mynacard_reading_attributes(reading, &attributes) == MYNACARD_OK;
    cJSON *told = put_object(object, "attributes", is_there);
    if (!is_there)
        return;
    put_str(told, "name", attributes.name);
    put_str(told, "address", attributes.address);
    put_date(told, "birth_date", attributes.birth_date);
    put_number(told, "sex", attributes.sex);
}

static void put_certificate(cJSON *object, const mynacard_reading *reading)
{
    mynacard_bytes der;
    int is_there = mynacard_reading_certificate(reading, &der) == MYNACARD_OK;
    cJSON *told = put_object(object, "certificate", is_there);
    if (is_there)
        put_sha256(told, "sha256", der.data, der.length);
}

/* Gives the tries that it has cost. */
static uint32_t put_verification(cJSON *object, const char *name, const mynacard_reading *reading,
                                 uint32_t part)
{
    mynacard_verification verification;
    int is_there = mynacard_reading_verification(reading, part, &verification) == MYNACARD_OK;
    cJSON *told = put_object(object, name, is_there);
    if (!is_there)
        return 0;
    put_number(told, "outcome", verification.outcome);
    put_number(told, "left_before", verification.left_before);
    put_number(told, "left", verification.left);
    put_number(told, "spent", verification.spent);
    put_number(told, "floor", verification.floor);
    cJSON_AddBoolToObject(told, "allowed_last_tries", verification.allowed_last_tries != 0);
    return verification.spent;
}

static void put_trust(cJSON *object, const mynacard_report *report)
{
    cJSON *told = put_object(object, "trust", 1);
    cJSON *found = cJSON_AddArrayToObject(told, "findings");
    cJSON *each = put_object(told, "values", 1);
    mynacard_verdict verdict;
    mynacard_statement statement;
    size_t at;
    CHECK_OK(mynacard_report_verdict(report, &verdict));
    put_number(told, "verdict", verdict);
    CHECK_OK(mynacard_report_verdict_statement(report, &statement));
    put_str(told, "key", statement.key);
    if (mynacard_report_not_live(report, &statement) == MYNACARD_OK)
        put_str(told, "not_live", statement.key);
    else
        put_object(told, "not_live", 0);
    for (at = 0; mynacard_report_finding(report, at, &statement) == MYNACARD_OK; at++) {
        cJSON *holder = cJSON_CreateObject();
        put_str(holder, "key", statement.key);
        cJSON_AddItemToArray(found, cJSON_DetachItemFromObject(holder, "key"));
        cJSON_Delete(holder);
    }
    for (at = 0; at < sizeof values / sizeof values[0]; at++) {
        cJSON *value = put_object(each, values[at].name, 1);
        mynacard_authenticity authenticity;
        CHECK_OK(mynacard_report_of(report, values[at].value, &authenticity));
        put_number(value, "status", authenticity.status);
        put_str(value, "why", authenticity.why);
    }
}

cJSON *expect_reading(const mynacard_reading *reading, const mynacard_report *report)
{
    cJSON *told = cJSON_CreateObject();
    cJSON *status = put_object(told, "status", 1);
    cJSON *log = put_object(told, "log", 1);
    cJSON *verification = put_object(told, "verification", 1);
    uint32_t spent = 0;
    int at;
    for (at = 0; at < PARTS; at++) {
        mynacard_str line;
        put_number(status, parts[at].name, mynacard_reading_status(reading, parts[at].part));
        CHECK_OK(mynacard_reading_log_line(reading, parts[at].part, &line));
        put_str(log, parts[at].name, line);
    }
    for (at = 0; at < NUMBERED; at++)
        spent += put_verification(verification, parts[at].name, reading, parts[at].part);
    put_number(told, "tries_spent", spent);
    put_face(told, reading);
    put_attributes(told, reading);
    put_certificate(told, reading);
    put_trust(told, report);
    return told;
}

cJSON *expect_statistics(mynacard_statistics statistics)
{
    cJSON *told = cJSON_CreateObject();
    put_number(told, "exchanges", (double)statistics.exchanges);
    put_number(told, "bytes_sent", (double)statistics.bytes_sent);
    put_number(told, "bytes_received", (double)statistics.bytes_received);
    return told;
}

static cJSON *expect_token(mynacard_driver *driver)
{
    cJSON *told = cJSON_CreateObject();
    mynacard_token token;
    mynacard_result code = mynacard_driver_token(driver, &token);
    put_number(told, "code", code);
    if (code == MYNACARD_OK) {
        put_number(told, "kind", token.kind);
        cJSON_AddBoolToObject(told, "residence_permit", (cJSON_bool)token.residence_permit);
        cJSON_AddBoolToObject(told, "driving_licence", (cJSON_bool)token.driving_licence);
    }
    return told;
}

static void put_tries(cJSON *object, const char *name, mynacard_tries tries)
{
    cJSON *told = put_object(object, name, 1);
    put_number(told, "status", tries.status);
    put_number(told, "left", tries.left);
}

static cJSON *expect_tries(mynacard_driver *driver)
{
    cJSON *told = cJSON_CreateObject();
    mynacard_all_tries report;
    CHECK_OK(mynacard_driver_tries(driver, &report));
    put_tries(told, "face_b", report.face_b);
    put_tries(told, "text_b", report.text_b);
    put_tries(told, "text_pin", report.text_pin);
    put_tries(told, "authentication_pin", report.authentication_pin);
    put_tries(told, "signature_password", report.signature_password);
    return told;
}

static cJSON *expect_facts(mynacard_driver *driver)
{
    cJSON *told = cJSON_CreateObject();
    mynacard_card_facts facts;
    CHECK_OK(mynacard_driver_facts(driver, &facts));
    put_number(told, "card_status", facts.card_status);
    /* Zeros are what was not read, or not understood. */
    if (facts.expiry.year != 0)
        put_date(told, "expiry", facts.expiry);
    else
        put_object(told, "expiry", 0);
    if (facts.municipality[0] != 0)
        put_text(told, "municipality", (const char *)facts.municipality,
                 strlen((const char *)facts.municipality));
    else
        put_object(told, "municipality", 0);
    put_number(told, "certificates_status", facts.certificates_status);
    CHECK(cJSON_AddBoolToObject(told, "signature_certificate", (int)facts.signature_certificate));
    CHECK(cJSON_AddBoolToObject(told, "authentication_certificate",
                                (int)facts.authentication_certificate));
    return told;
}

cJSON *expect_flow(mynacard_driver *driver, const char *flow)
{
    if (strcmp(flow, "identify") == 0)
        return expect_token(driver);
    return strcmp(flow, "tries") == 0 ? expect_tries(driver) : expect_facts(driver);
}
