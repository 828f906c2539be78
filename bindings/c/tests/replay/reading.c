/* Plays a recorded reading: the driver must send what was recorded, and come to the same. */
#include "replay.h"

/* A reading that is being played. */
struct play {
    struct recording recording;
    const cJSON *header;
    mynacard_roots *roots;
    mynacard_number_b *number;
    mynacard_driver *driver;
    mynacard_reading *reading;
    mynacard_report *report;
    mynacard_action action;
    /* Whether the driver goes on with an earlier reading. */
    int is_resumed;
};

static mynacard_capabilities capabilities_of(const cJSON *header)
{
    const cJSON *told = member(header, "capabilities");
    mynacard_capabilities made;
    made.max_command = (size_t)number(told, "max_command");
    made.max_response = (size_t)number(told, "max_response");
    made.extended_length = cJSON_IsTrue(member(told, "extended_length"));
    return made;
}

/* The plan with a nonce, which the caller keeps alive. */
static mynacard_plan plan_of(const cJSON *header, const uint8_t *nonce, size_t length)
{
    const cJSON *told = member(header, "plan");
    mynacard_plan made = mynacard_plan_all();
    made.allow_last_tries = (uint8_t)cJSON_IsTrue(member(told, "allow_last_tries"));
    made.without_text_proof = (uint8_t)cJSON_IsTrue(member(told, "without_text_proof"));
    made.parts = (uint32_t)number(told, "parts");
    made.face_floor = (uint8_t)number(told, "face_floor");
    made.text_floor = (uint8_t)number(told, "text_floor");
    made.nonce = nonce;
    made.nonce_length = length;
    return made;
}

static void make_driver(struct play *play)
{
    const char *flow = string(play->header, "flow");
    mynacard_link *link = new_link(capabilities_of(play->header));
    if (strcmp(flow, "read") == 0) {
        const char *digits = string(play->header, "number");
        const cJSON *told = member(play->header, "plan");
        size_t length = 0;
        uint8_t *nonce = NULL;
        mynacard_plan plan;
        if (cJSON_IsString(member(told, "nonce")))
            nonce = bytes(told, "nonce", &length);
        plan = plan_of(play->header, nonce, length);
        CHECK_OK(mynacard_number_b_from_digits((const uint8_t *)digits, strlen(digits),
                                               &play->number));
        CHECK_OK(mynacard_driver_new_read(link, play->number, &plan, &play->driver));
        free(nonce);
    } else if (strcmp(flow, "identify") == 0) {
        CHECK_OK(mynacard_driver_new_identify(link, &play->driver));
    } else if (strcmp(flow, "tries") == 0) {
        CHECK_OK(mynacard_driver_new_tries(link, &play->driver));
    } else {
        CHECK_PLAYED(strcmp(flow, "facts") == 0);
        CHECK_OK(mynacard_driver_new_facts(link, &play->driver));
    }
    CHECK_OK(mynacard_link_free(link));
    CHECK_OK(mynacard_driver_start(play->driver, &play->action));
}

/* A new tap. */
static void resume(struct play *play, const cJSON *told)
{
    mynacard_link *link = new_link(capabilities_of(play->header));
    mynacard_result refused = (mynacard_result)number(told, "refused");
    size_t length;
    uint8_t *nonce = bytes(told, "nonce", &length);
    mynacard_plan plan = plan_of(play->header, nonce, length);
    CHECK_PLAYED(play->action.kind == MYNACARD_ACTION_DONE);
    CHECK_OK(mynacard_driver_free(play->driver));
    play->driver = NULL;
    CHECK_CODE(refused, mynacard_driver_new_resume(link, play->number, &plan, play->reading,
                                                   &play->driver));
    CHECK_OK(mynacard_link_free(link));
    free(nonce);
    play->is_resumed = refused == MYNACARD_OK;
    if (!play->is_resumed)
        return;
    CHECK_OK(mynacard_reading_free(play->reading));
    play->reading = NULL;
    CHECK_OK(mynacard_driver_start(play->driver, &play->action));
}

static void examine(struct play *play)
{
    const cJSON *told = member(play->header, "clock");
    mynacard_clock clock;
    clock.kind = (uint32_t)number(told, "kind");
    clock.unix_millis = number(told, "unix_millis");
    CHECK_OK(mynacard_report_free(play->report));
    play->report = NULL;
    CHECK_OK(mynacard_reading_examine(play->reading, play->roots, &clock, &play->report));
}

/* Compares what has come out with what was recorded. */
static void expect(struct play *play, cJSON *recorded)
{
    const char *flow = string(play->header, "flow");
    cJSON *found = cJSON_CreateObject();
    mynacard_statistics statistics;
    CHECK_PLAYED(play->action.kind == MYNACARD_ACTION_DONE);
    if (strcmp(flow, "read") == 0) {
        const cJSON *reading = member(recorded, "reading");
        cJSON *certificate = cJSON_GetObjectItemCaseSensitive(reading, "certificate");
        /* What an X.509 parser would find: this interface has none. */
        cJSON_DeleteItemFromObject(certificate, "serial");
        cJSON_DeleteItemFromObject(certificate, "not_before_unix_millis");
        cJSON_DeleteItemFromObject(certificate, "not_after_unix_millis");
        if (play->is_resumed)
            put_number(found, "resumed", mynacard_driver_resume_status(play->driver));
        if (play->reading == NULL)
            CHECK_OK(mynacard_driver_reading(play->driver, &play->reading));
        examine(play);
        cJSON_AddItemToObject(found, "reading", expect_reading(play->reading, play->report));
        CHECK_OK(mynacard_reading_statistics(play->reading, &statistics));
    } else {
        const char *name = strcmp(flow, "identify") == 0 ? "token" : flow;
        CHECK_OK(mynacard_driver_statistics(play->driver, &statistics));
        cJSON_AddItemToObject(found, name, expect_flow(play->driver, flow));
    }
    cJSON_AddItemToObject(found, "statistics", expect_statistics(statistics));
    compare(recorded, found);
}

static void send(struct play *play, const cJSON *line)
{
    const cJSON *link = cJSON_GetObjectItemCaseSensitive(line, "link");
    size_t length;
    uint8_t *answer;
    CHECK_PLAYED(play->action.kind == MYNACARD_ACTION_TRANSMIT);
    CHECK_PLAYED(is_bytes(line, "command", play->action.command, play->action.command_length));
    if (link != NULL) {
        CHECK_OK(mynacard_driver_link_lost(play->driver, (mynacard_result)number(line, "link"),
                                           &play->action));
        return;
    }
    answer = bytes(line, "response", &length);
    CHECK_OK(mynacard_driver_respond(play->driver, answer, length, &play->action));
    free(answer);
}

static void show_progress(struct play *play, const cJSON *told)
{
    const mynacard_progress *progress = &play->action.progress;
    CHECK_PLAYED(play->action.kind == MYNACARD_ACTION_PROGRESS);
    CHECK_PLAYED(progress->phase == cJSON_GetArrayItem(told, 0)->valuedouble);
    CHECK_PLAYED(progress->bytes_done == cJSON_GetArrayItem(told, 1)->valuedouble);
    CHECK_PLAYED(progress->bytes_expected == cJSON_GetArrayItem(told, 2)->valuedouble);
    CHECK_OK(mynacard_driver_continue(play->driver, &play->action));
}

static void play_line(struct play *play, const cJSON *line)
{
    const char *kind = line->child->string;
    cJSON *told = line->child;
    if (strcmp(kind, "command") == 0) {
        send(play, line);
    } else if (strcmp(kind, "progress") == 0) {
        show_progress(play, told);
    } else if (strcmp(kind, "face") == 0) {
        CHECK_PLAYED(play->action.kind == MYNACARD_ACTION_FACE);
        CHECK_OK(mynacard_driver_continue(play->driver, &play->action));
    } else if (strcmp(kind, "resume") == 0) {
        resume(play, told);
    } else {
        CHECK_PLAYED(strcmp(kind, "expect") == 0);
        expect(play, told);
    }
}

void play_reading(const char *name, mynacard_reading **out_reading, mynacard_report **out_report)
{
    struct play play;
    int at;
    memset(&play, 0, sizeof play);
    play.recording = load("readings", name);
    play.header = play.recording.lines[0];
    play.roots = roots_of(play.header);
    make_driver(&play);
    for (at = 1; at < play.recording.count; at++) {
        playing_line = at + 1;
        play_line(&play, play.recording.lines[at]);
    }
    CHECK_OK(mynacard_driver_free(play.driver));
    CHECK_OK(mynacard_number_b_free(play.number));
    CHECK_OK(mynacard_roots_free(play.roots));
    unload(&play.recording);
    *out_reading = play.reading;
    *out_report = play.report;
}
