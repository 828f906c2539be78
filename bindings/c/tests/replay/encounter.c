/* Plays a recorded encounter: every call must give the recorded code, line and report. */
#include "replay.h"

struct play {
    mynacard_log *log;
    mynacard_encounter *encounter;
    mynacard_str crew;
    /* The tickets of the lines handed out, in order; a recording hands out at most one line a step. */
    uint64_t *tickets;
    size_t lines;
};

/* What a source is to give, and whether it was asked. */
struct source {
    const char *answer;
    /* How long it takes, in milliseconds. */
    uint64_t after;
    int asked;
};

static mynacard_result ask(void *userdata, const mynacard_query *query, mynacard_answer *answer)
{
    struct source *source = userdata;
    source->asked = 1;
    CHECK_OK(mynacard_answer_given_at(answer, query->unix_millis + source->after));
    if (source->answer == NULL)
        return MYNACARD_MEDICAL_SOURCE_FAILED;
    return mynacard_answer_give(answer, (const uint8_t *)source->answer, strlen(source->answer));
}

static void begin(struct play *play, const cJSON *header)
{
    uint32_t drill = (uint32_t)cJSON_IsTrue(member(header, "drill"));
    uint64_t at = number(header, "at");
    size_t length;
    uint8_t *log_id = bytes(header, "log_id", &length);
    uint8_t *seal_key = bytes(header, "seal_key", &length);
    uint8_t *id = bytes(header, "encounter_id", &length);
    uint8_t *salt = bytes(header, "salt", &length);
    mynacard_log_start log = {drill, log_id, seal_key, {NULL, 0}};
    mynacard_encounter_start start = {drill, id, salt, number(header, "permit_millis"), {NULL, 0}};
    play->crew = text(string(header, "crew"));
    log.device = text(string(header, "device"));
    start.crew = play->crew;
    CHECK_OK(mynacard_log_create(&log, at, &play->log));
    CHECK_OK(mynacard_encounter_open(&start, at, &play->encounter));
    free(log_id);
    free(seal_key);
    free(id);
    free(salt);
}

static mynacard_result put_line(struct play *play, cJSON *then, mynacard_result code,
                                const mynacard_line *line)
{
    if (code != MYNACARD_OK)
        return code;
    play->tickets[play->lines++] = line->ticket;
    put_text(then, "text", line->text.data, line->text.length);
    return code;
}

static mynacard_result next_line(struct play *play, cJSON *then, mynacard_line *line)
{
    return put_line(play, then, mynacard_log_next_line(play->log, play->encounter, line), line);
}

/* The ticket of the line that a recording names; 0 for one that was not handed out. */
static uint64_t ticket_of(const struct play *play, const cJSON *line)
{
    uint64_t which = number(line, "line");
    return which < play->lines ? play->tickets[which] : 0;
}

static mynacard_result store(struct play *play, uint64_t at, cJSON *then)
{
    mynacard_line line;
    mynacard_result code = next_line(play, then, &line);
    if (code == MYNACARD_OK)
        put_number(then, "confirmed",
                   mynacard_log_confirm(play->log, play->encounter, line.ticket, at));
    return code;
}

static mynacard_result confirm(struct play *play, uint64_t at, const cJSON *line)
{
    int is_own = cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(line, "own"));
    return mynacard_log_confirm(play->log, is_own ? NULL : play->encounter, ticket_of(play, line), at);
}

static mynacard_result checkpoint(struct play *play, uint64_t at, const cJSON *line, cJSON *then)
{
    mynacard_line pending;
    size_t length;
    uint8_t *key = bytes(line, "pkcs8", &length);
    mynacard_result code =
        put_line(play, then, mynacard_log_checkpoint(play->log, key, length, at, &pending), &pending);
    free(key);
    if (code == MYNACARD_OK)
        put_number(then, "confirmed", mynacard_log_confirm(play->log, NULL, pending.ticket, at));
    return code;
}

static mynacard_result state(struct play *play, cJSON *then)
{
    mynacard_buffer *buffer = NULL;
    mynacard_bytes bytes;
    mynacard_result code = mynacard_log_state(play->log, &buffer);
    if (code != MYNACARD_OK)
        return code;
    CHECK_OK(mynacard_buffer_bytes(buffer, &bytes));
    put_hex(then, "state", bytes.data, bytes.length);
    return mynacard_buffer_free(buffer);
}

static mynacard_result tap(struct play *play, uint64_t at, const cJSON *line, cJSON *then)
{
    const char *name = playing;
    int where = playing_line;
    mynacard_reading *reading = NULL;
    mynacard_report *report = NULL;
    uint32_t event = 0;
    mynacard_result code;
    play_reading(string(line, "reading"), &reading, &report);
    playing = name;
    playing_line = where;
    code = mynacard_encounter_card_read(play->encounter, reading, (uint32_t)number(line, "same_card"),
                                        play->crew, at, &event);
    if (code == MYNACARD_OK)
        put_number(then, "event", event);
    CHECK_OK(mynacard_report_free(report));
    CHECK_OK(mynacard_reading_free(reading));
    return code;
}

static mynacard_result allowed(struct play *play, uint64_t at, cJSON *then)
{
    cJSON *events = cJSON_AddArrayToObject(then, "events");
    uint32_t event;
    size_t index;
    for (index = 0; mynacard_encounter_allowed_event(play->encounter, at, index, &event) ==
                    MYNACARD_OK; index++)
        cJSON_AddItemToArray(events, cJSON_CreateNumber(event));
    return MYNACARD_OK;
}

static mynacard_result permit_until(struct play *play, uint64_t at, cJSON *then)
{
    uint64_t until;
    mynacard_result code = mynacard_encounter_permit_until(play->encounter, at, &until);
    if (code == MYNACARD_OK)
        put_number(then, "until", (double)until);
    return code;
}

static mynacard_result fetch(struct play *play, uint64_t at, const cJSON *line, cJSON *then)
{
    uint32_t event = 0;
    const cJSON *after = cJSON_GetObjectItemCaseSensitive(line, "after");
    struct source source = {member(line, "answer")->valuestring,
                            after == NULL ? 0 : (uint64_t)after->valuedouble, 0};
    mynacard_result code =
        mynacard_encounter_fetch(play->encounter, (uint32_t)number(line, "scope"), play->crew, at,
                                 &source, ask, &event);
    cJSON_AddBoolToObject(then, "asked", source.asked);
    if (code == MYNACARD_OK)
        put_number(then, "event", event);
    return code;
}

static mynacard_result note_crew_facts(struct play *play, const cJSON *told)
{
    mynacard_crew_facts facts;
    facts.unit = text(string(told, "unit"));
    facts.complaint = text(string(told, "complaint"));
    facts.consciousness = text(string(told, "consciousness"));
    facts.systolic = member(told, "systolic")->valueint;
    facts.diastolic = member(told, "diastolic")->valueint;
    facts.pulse = member(told, "pulse")->valueint;
    facts.breaths = member(told, "breaths")->valueint;
    facts.oxygen = member(told, "oxygen")->valueint;
    facts.temperature_tenths = member(told, "temperature_tenths")->valueint;
    return mynacard_encounter_set_crew_facts(play->encounter, &facts);
}

static mynacard_result hand_over(struct play *play, uint64_t at, const cJSON *line, cJSON *then)
{
    mynacard_buffer *report = NULL;
    mynacard_bytes bytes;
    mynacard_result code = mynacard_encounter_handover(
        play->encounter, (uint32_t)number(line, "form"), at, &report);
    if (code != MYNACARD_OK)
        return code;
    CHECK_OK(mynacard_buffer_bytes(report, &bytes));
    put_text(then, "text", (const char *)bytes.data, bytes.length);
    return mynacard_buffer_free(report);
}

static mynacard_result way_out(struct play *play, cJSON *then)
{
    uint32_t event;
    mynacard_result code = mynacard_encounter_way_out(play->encounter, &event);
    if (code == MYNACARD_OK)
        put_number(then, "event", event);
    return code;
}

static mynacard_result act(struct play *play, const cJSON *line, cJSON *then)
{
    const char *what = string(line, "do");
    mynacard_line pending;
    uint64_t at = number(line, "at");
    if (strcmp(what, "store") == 0)
        return store(play, at, then);
    if (strcmp(what, "checkpoint") == 0)
        return checkpoint(play, at, line, then);
    if (strcmp(what, "state") == 0)
        return state(play, then);
    if (strcmp(what, "tap") == 0)
        return tap(play, at, line, then);
    if (strcmp(what, "line") == 0)
        return next_line(play, then, &pending);
    if (strcmp(what, "confirm") == 0)
        return confirm(play, at, line);
    if (strcmp(what, "discard") == 0)
        return mynacard_log_discard(play->log, ticket_of(play, line));
    if (strcmp(what, "record") == 0)
        return mynacard_encounter_record(play->encounter, (uint32_t)number(line, "event"), play->crew, at);
    if (strcmp(what, "allowed") == 0)
        return allowed(play, at, then);
    if (strcmp(what, "may-permit") == 0)
        return mynacard_encounter_would_permit(play->encounter, at);
    if (strcmp(what, "permit") == 0)
        return mynacard_encounter_request_permit(play->encounter, (uint32_t)number(line, "scope"),
                                                 play->crew, at);
    if (strcmp(what, "permit-until") == 0)
        return permit_until(play, at, then);
    if (strcmp(what, "fetch") == 0)
        return fetch(play, at, line, then);
    if (strcmp(what, "crew-facts") == 0)
        return note_crew_facts(play, member(line, "facts"));
    if (strcmp(what, "handover") == 0)
        return hand_over(play, at, line, then);
    CHECK_PLAYED(strcmp(what, "way-out") == 0);
    return way_out(play, then);
}

void play_encounter(const char *name)
{
    struct play play = {NULL, NULL, {NULL, 0}, NULL, 0};
    struct recording recording = load("encounters", name);
    int at;
    play.tickets = calloc((size_t)recording.count, sizeof *play.tickets);
    CHECK(play.tickets != NULL);
    begin(&play, recording.lines[0]);
    for (at = 1; at < recording.count; at++) {
        cJSON *then = cJSON_CreateObject();
        playing_line = at + 1;
        put_number(then, "code", act(&play, recording.lines[at], then));
        compare(member(recording.lines[at], "then"), then);
    }
    CHECK_OK(mynacard_encounter_free(play.encounter));
    CHECK_OK(mynacard_log_free(play.log));
    free(play.tickets);
    unload(&recording);
}
