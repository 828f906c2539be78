/* A whole encounter over virtual cards: trust, consent, permit, summary, hand-over and audit log, and
 * the order in which none of it may be had. */
#include "host.h"

/* Reads a card and tells the encounter; gives the event that was logged. */
static uint32_t read_card(struct store *store, mynacard_encounter *encounter, const char *profile)
{
    mynacard_sim_card *card = new_card(profile);
    mynacard_number_b *number = number_of(card);
    mynacard_link *link = new_link(mynacard_capabilities_extended());
    mynacard_plan plan = mynacard_plan_all();
    mynacard_clock clock = {MYNACARD_CLOCK_TRUSTED, 1795334400000};
    mynacard_reading *reading = NULL;
    mynacard_roots *roots = NULL;
    mynacard_report *report = NULL;
    mynacard_verdict verdict;
    mynacard_statement statement;
    mynacard_authenticity photo;
    mynacard_authenticity expiry;
    uint32_t event = 0;
    plan.nonce = random_bytes;
    plan.nonce_length = sizeof random_bytes;
    CHECK_OK(mynacard_read_with(card, mynacard_sim_transmit, link, number, &plan, &reading));
    CHECK_OK(mynacard_sim_roots(&roots));
    /* What nobody has examined is not taken. */
    CHECK_CODE(MYNACARD_BOUNDARY_NOT_EXAMINED,
               mynacard_encounter_card_read(encounter, reading, MYNACARD_SAME_CARD_CHIPS_TELL, crew(), now,
                                            &event));
    CHECK_OK(mynacard_reading_examine(reading, roots, &clock, &report));
    CHECK_OK(mynacard_report_verdict(report, &verdict));
    CHECK(verdict == MYNACARD_VERDICT_GENUINE_LIVE);
    CHECK_OK(mynacard_report_verdict_statement(report, &statement));
    CHECK(same(statement.key, "genuine-live") && statement.ja.length > 0);
    CHECK_CODE(MYNACARD_BOUNDARY_ABSENT, mynacard_report_not_live(report, &statement));
    CHECK_CODE(MYNACARD_BOUNDARY_ABSENT, mynacard_report_finding(report, 99, &statement));
    CHECK_OK(mynacard_report_of(report, MYNACARD_VALUE_PHOTO, &photo));
    CHECK(photo.status == MYNACARD_AUTHENTICITY_GENUINE && photo.why.length > 0);
    CHECK_OK(mynacard_report_of(report, MYNACARD_VALUE_EXPIRY, &expiry));
    CHECK(expiry.status == MYNACARD_AUTHENTICITY_UNSIGNED);
    CHECK_CODE(MYNACARD_MISUSE_OUT_OF_RANGE, mynacard_report_of(report, 99, &expiry));
    CHECK_OK(mynacard_encounter_card_read(encounter, reading, MYNACARD_SAME_CARD_CHIPS_TELL, crew(), now,
                                          &event));
    CHECK_OK(store_next(store, encounter));
    /* The encounter has it now. */
    CHECK_CODE(MYNACARD_BOUNDARY_ABSENT, mynacard_reading_status(reading, MYNACARD_PART_FACE));
    CHECK_CODE(MYNACARD_BOUNDARY_ABSENT,
               mynacard_encounter_card_read(encounter, reading, MYNACARD_SAME_CARD_CHIPS_TELL, crew(), now,
                                            &event));
    CHECK_OK(mynacard_report_free(report));
    CHECK_OK(mynacard_roots_free(roots));
    CHECK_OK(mynacard_reading_free(reading));
    CHECK_OK(mynacard_number_b_free(number));
    CHECK_OK(mynacard_link_free(link));
    CHECK_OK(mynacard_sim_card_free(card));
    return event;
}

static const char patient[] =
    "{\"synthetic\":true,\"profile\":\"adult\",\"about\":\"test\",\"answer\":\"no-signal\"}";

struct source {
    mynacard_encounter *encounter;
    const char *json;
    mynacard_result code;
    int asked;
    mynacard_answer *kept;
    /* How long the answer takes, in milliseconds. */
    uint64_t after;
};

static mynacard_result ask(void *userdata, const mynacard_query *query, mynacard_answer *answer)
{
    struct source *source = userdata;
    source->asked++;
    source->kept = answer;
    CHECK(query->scope == MYNACARD_SCOPE_SUMMARY && query->unix_millis == now);
    CHECK_CODE(MYNACARD_BOUNDARY_HANDLE_BUSY,
               mynacard_encounter_would_permit(source->encounter, now));
    CHECK_OK(mynacard_answer_given_at(answer, now + source->after));
    if (source->json != NULL)
        CHECK_OK(mynacard_answer_give(answer, (const uint8_t *)source->json, strlen(source->json)));
    return source->code;
}

static int may_report(const mynacard_encounter *encounter, uint32_t event)
{
    uint32_t allowed;
    size_t index;
    for (index = 0; mynacard_encounter_allowed_event(encounter, now, index, &allowed) == MYNACARD_OK;
         index++)
        if (allowed == event)
            return 1;
    return 0;
}

/* Reads a file of the repository. */
static char *whole_file(const char *path)
{
    FILE *file = fopen(path, "rb");
    char *content = calloc(1, 1 << 20);
    CHECK(file != NULL && content != NULL);
    CHECK(fread(content, 1, (1 << 20) - 1, file) > 0);
    fclose(file);
    return content;
}

static void a_whole_encounter(const char *patient_file)
{
    struct store store;
    mynacard_encounter *encounter = open_encounter(1);
    struct source source = {NULL, NULL, MYNACARD_OK, 0, NULL, 0};
    mynacard_crew_facts facts = {{NULL, 0}, {NULL, 0}, {NULL, 0}, 152, 88, 96, -1, 97, -1};
    mynacard_buffer *report = NULL;
    mynacard_buffer *state = NULL;
    mynacard_bytes bytes;
    mynacard_log *resumed = NULL;
    char *file = whole_file(patient_file);
    uint64_t until = 0;
    uint32_t event = 99;
    open_log(&store, 1);
    CHECK_OK(store_next(&store, encounter));
    CHECK_CODE(MYNACARD_BOUNDARY_ABSENT, store_next(&store, encounter));
    source.encounter = encounter;

    /* Nothing without card, identity and basis. */
    CHECK_CODE(MYNACARD_REFUSAL_NO_CARD, mynacard_encounter_would_permit(encounter, now));
    CHECK(read_card(&store, encounter, "adult") == MYNACARD_EVENT_CARD_ACCEPTABLE);
    CHECK_CODE(MYNACARD_REFUSAL_FACE_NOT_CHECKED, mynacard_encounter_would_permit(encounter, now));
    CHECK(may_report(encounter, MYNACARD_EVENT_FACE_MATCHED));
    CHECK(!may_report(encounter, MYNACARD_EVENT_PERMIT_SUMMARY));
    tell(&store, encounter, MYNACARD_EVENT_FACE_MATCHED);
    CHECK_CODE(MYNACARD_REFUSAL_NOT_ASKED,
               mynacard_encounter_request_permit(encounter, MYNACARD_SCOPE_SUMMARY, crew(), now));
    tell(&store, encounter, MYNACARD_EVENT_CONSENT_BY_PATIENT);
    CHECK_OK(mynacard_encounter_request_permit(encounter, MYNACARD_SCOPE_SUMMARY, crew(), now));

    /* Asked for is not recorded, and not recorded is not in force. */
    CHECK_CODE(MYNACARD_BOUNDARY_ABSENT, mynacard_encounter_permit_until(encounter, now, &until));
    CHECK_CODE(MYNACARD_REFUSAL_PERMIT_ENDED,
               mynacard_encounter_fetch(encounter, MYNACARD_SCOPE_SUMMARY, crew(), now, &source, ask,
                                        &event));
    CHECK(source.asked == 0 && event == 99);
    CHECK_OK(store_next(&store, encounter));
    CHECK_OK(mynacard_encounter_permit_until(encounter, now, &until));
    CHECK(until == now + 3600000);
    CHECK(strstr(store.text, "\"event\":\"permit/summary\"") != NULL);

    /* A source that fails, and one that answers; a permit for the summary is none for everything. */
    source.code = 4711;
    CHECK_CODE(MYNACARD_MEDICAL_SOURCE_FAILED,
               mynacard_encounter_fetch(encounter, MYNACARD_SCOPE_SUMMARY, crew(), now, &source, ask,
                                        &event));
    source.code = MYNACARD_OK;
    source.json = "not a file";
    CHECK_CODE(MYNACARD_MEDICAL_BAD_FILE,
               mynacard_encounter_fetch(encounter, MYNACARD_SCOPE_SUMMARY, crew(), now, &source, ask,
                                        &event));
    CHECK_CODE(MYNACARD_REFUSAL_OUT_OF_SCOPE,
               mynacard_encounter_fetch(encounter, MYNACARD_SCOPE_FULL, crew(), now, &source, ask,
                                        &event));
    CHECK(source.asked == 2 && event == 99);
    source.json = file;
    /* An answer that comes when the permit has ended is not seen. */
    source.after = 3600001;
    CHECK_CODE(MYNACARD_REFUSAL_PERMIT_EXPIRED,
               mynacard_encounter_fetch(encounter, MYNACARD_SCOPE_SUMMARY, crew(), now, &source, ask,
                                        &event));
    CHECK(source.asked == 3 && event == 99);
    source.after = 0;
    CHECK_OK(mynacard_encounter_fetch(encounter, MYNACARD_SCOPE_SUMMARY, crew(), now, &source, ask,
                                      &event));
    CHECK(source.asked == 4 && event == 0);
    CHECK_CODE(MYNACARD_BOUNDARY_STALE_HANDLE,
               mynacard_answer_give(source.kept, (const uint8_t *)"", 0));

    /* The report for the hospital, in three forms. */
    facts.complaint = text("胸が痛い");
    CHECK_OK(mynacard_encounter_set_crew_facts(encounter, &facts));
    CHECK_OK(mynacard_encounter_handover(encounter, MYNACARD_HANDOVER_SCRIPT, now, &report));
    CHECK_OK(mynacard_buffer_bytes(report, &bytes));
    {
        char *copy = calloc(1, bytes.length + 1);
        CHECK(copy != NULL);
        memcpy(copy, bytes.data, bytes.length);
        CHECK(strstr(copy, "救急") != NULL && strstr(copy, "胸が痛い") != NULL);
        free(copy);
    }
    CHECK_OK(mynacard_buffer_free(report));
    CHECK_OK(mynacard_encounter_handover(encounter, MYNACARD_HANDOVER_PAGE, now, &report));
    CHECK_OK(mynacard_buffer_free(report));
    CHECK_OK(mynacard_encounter_handover(encounter, MYNACARD_HANDOVER_JSON, now, &report));
    CHECK_OK(mynacard_buffer_bytes(report, &bytes));
    CHECK(bytes.length > 100 && bytes.data[0] == '{');
    CHECK_OK(mynacard_buffer_free(report));
    report = NULL;
    CHECK_CODE(MYNACARD_MISUSE_OUT_OF_RANGE,
               mynacard_encounter_handover(encounter, 9, now, &report));
    facts.oxygen = 999;
    CHECK_CODE(MYNACARD_MISUSE_OUT_OF_RANGE,
               mynacard_encounter_set_crew_facts(encounter, &facts));

    /* A second card takes the place of the first: identity and basis are gone, and so is the permit. */
    CHECK(read_card(&store, encounter, "long-name") == MYNACARD_EVENT_SECOND_CARD_ACCEPTABLE);
    CHECK_CODE(MYNACARD_BOUNDARY_ABSENT, mynacard_encounter_permit_until(encounter, now, &until));
    CHECK_CODE(MYNACARD_REFUSAL_FACE_NOT_CHECKED, mynacard_encounter_would_permit(encounter, now));

    /* The end, and the log after it. */
    CHECK_CODE(MYNACARD_BOUNDARY_ABSENT, mynacard_encounter_way_out(encounter, &event));
    tell(&store, encounter, MYNACARD_EVENT_HANDED_OVER);
    CHECK_OK(mynacard_encounter_way_out(encounter, &event));
    CHECK(event == MYNACARD_EVENT_HANDED_OVER);
    CHECK(same(mynacard_event_name(event), "handed-over"));
    CHECK(mynacard_event_label_ja(event).length > 0 && mynacard_event_name(99999).length == 0);
    CHECK_CODE(MYNACARD_REFUSAL_ENDED,
               mynacard_encounter_record(encounter, MYNACARD_EVENT_FACE_MATCHED, crew(), now));
    CHECK_OK(mynacard_encounter_free(encounter));

    CHECK_OK(mynacard_log_state(store.log, &state));
    CHECK_OK(mynacard_buffer_bytes(state, &bytes));
    CHECK_CODE(MYNACARD_AUDIT_WRONG_KIND, mynacard_log_resume(0, bytes.data, bytes.length, &resumed));
    CHECK_CODE(MYNACARD_AUDIT_BAD_STATE, mynacard_log_resume(1, bytes.data, 3, &resumed));
    CHECK_OK(mynacard_log_resume(1, bytes.data, bytes.length, &resumed));
    CHECK_CODE(MYNACARD_AUDIT_NOT_NEXT, mynacard_log_catch_up(resumed, text("no line")));
    CHECK_OK(mynacard_log_free(resumed));
    CHECK_OK(mynacard_buffer_free(state));
    CHECK_OK(mynacard_log_free(store.log));
    CHECK(store.lines == 8 && strstr(store.text, "救急") == NULL);
    free(file);
}

static void a_source_without_signal_is_an_event(void)
{
    struct store store;
    mynacard_encounter *encounter = open_encounter(1);
    struct source source = {NULL, patient, MYNACARD_OK, 0, NULL, 0};
    uint32_t event = 0;
    source.encounter = encounter;
    open_log(&store, 1);
    CHECK_OK(store_next(&store, encounter));
    read_card(&store, encounter, "adult");
    tell(&store, encounter, MYNACARD_EVENT_FACE_MATCHED);
    tell(&store, encounter, MYNACARD_EVENT_UNCONSCIOUS);
    CHECK_OK(mynacard_encounter_request_permit(encounter, MYNACARD_SCOPE_FULL, crew(), now));
    CHECK_OK(store_next(&store, encounter));
    CHECK_OK(mynacard_encounter_fetch(encounter, MYNACARD_SCOPE_SUMMARY, crew(), now, &source, ask,
                                      &event));
    CHECK(event == MYNACARD_EVENT_NO_SIGNAL);
    CHECK_OK(store_next(&store, encounter));
    tell(&store, encounter, MYNACARD_EVENT_END_NO_SIGNAL);
    CHECK_OK(mynacard_encounter_free(encounter));
    CHECK_OK(mynacard_log_free(store.log));
}

/* What the eligibility system has answered the host. */
struct service {
    const char *reply;
    uint32_t nothing;
};

#define REPLY(birth)                                                                               \
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?><XmlMsg><MessageHeader><QuaInf><Birth>" birth          \
    "</Birth><AdmGendCode>1</AdmGendCode></QuaInf></MessageHeader><MessageBody></MessageBody></XmlMsg>"

static mynacard_result ask_service(void *userdata, const mynacard_query *query,
                                   mynacard_answer *answer)
{
    const struct service *service = userdata;
    const uint8_t *reply = (const uint8_t *)service->reply;
    CHECK(query->scope == MYNACARD_SCOPE_SUMMARY && query->unix_millis == now);
    CHECK_OK(mynacard_answer_given_at(answer, now));
    CHECK_CODE(MYNACARD_MISUSE_OUT_OF_RANGE, mynacard_answer_give_nothing(answer, 99));
    CHECK_CODE(MYNACARD_MISUSE_UNEXPECTED_INPUT, mynacard_answer_give(answer, reply, 0));
    if (service->nothing != 0) {
        CHECK_OK(mynacard_answer_give_nothing(answer, service->nothing));
        CHECK_CODE(MYNACARD_MISUSE_UNEXPECTED_INPUT, mynacard_answer_give_reply(answer, reply, 0));
    }
    if (service->reply != NULL) {
        CHECK_OK(mynacard_answer_give_reply(answer, reply, strlen(service->reply)));
        CHECK_OK(mynacard_answer_give_reply(answer, reply, strlen(service->reply)));
        CHECK_CODE(MYNACARD_MISUSE_UNEXPECTED_INPUT,
                   mynacard_answer_give_nothing(answer, MYNACARD_NO_RECORDS_DOWN));
    }
    return MYNACARD_OK;
}

static mynacard_result not_asked(void *userdata, const mynacard_query *query,
                                 mynacard_answer *answer)
{
    (void)userdata, (void)query, (void)answer;
    CHECK(!"a drill asks no real source");
    return MYNACARD_OK;
}

static mynacard_result fetch_service(mynacard_encounter *encounter, struct service *service,
                                     uint32_t *event)
{
    return mynacard_encounter_fetch_service(encounter, MYNACARD_SCOPE_SUMMARY, crew(), now, service,
                                            ask_service, event);
}

static void the_eligibility_system_answers_for_the_holder_and_for_nobody_else(void)
{
    struct store store;
    mynacard_encounter *encounter = NULL;
    struct service service = {NULL, 0};
    mynacard_buffer *report = NULL;
    mynacard_bytes bytes;
    char *copy;
    uint32_t drill, event = 99;
    for (drill = 0; drill < 2; drill++) {
        encounter = open_encounter(drill);
        open_log(&store, drill);
        CHECK_OK(store_next(&store, encounter));
        read_card(&store, encounter, "adult");
        tell(&store, encounter, MYNACARD_EVENT_FACE_MATCHED);
        tell(&store, encounter, MYNACARD_EVENT_CONSENT_BY_PATIENT);
        CHECK_OK(mynacard_encounter_request_permit(encounter, MYNACARD_SCOPE_SUMMARY, crew(), now));
        CHECK_OK(store_next(&store, encounter));
        if (drill)
            break;
        CHECK_CODE(MYNACARD_MEDICAL_SOURCE_FAILED, fetch_service(encounter, &service, &event));
        service.reply = REPLY("19480101");
        CHECK_CODE(MYNACARD_MEDICAL_OTHER_PATIENT, fetch_service(encounter, &service, &event));
        CHECK(event == 99);
        service.reply = REPLY("19850503");
        CHECK_OK(fetch_service(encounter, &service, &event));
        CHECK(event == 0);
        CHECK_OK(mynacard_encounter_handover(encounter, MYNACARD_HANDOVER_JSON, now, &report));
        CHECK_OK(mynacard_buffer_bytes(report, &bytes));
        copy = calloc(1, bytes.length + 1);
        CHECK(copy != NULL);
        memcpy(copy, bytes.data, bytes.length);
        CHECK(strstr(copy, "unverified_layout") != NULL);
        free(copy);
        CHECK_OK(mynacard_buffer_free(report));
        service.reply = NULL;
        service.nothing = MYNACARD_NO_RECORDS_DOWN;
        CHECK_OK(fetch_service(encounter, &service, &event));
        CHECK(event == MYNACARD_EVENT_SOURCE_DOWN);
        CHECK_OK(mynacard_encounter_free(encounter));
        CHECK_OK(mynacard_log_free(store.log));
    }
    CHECK_CODE(MYNACARD_MEDICAL_REAL_IN_DRILL,
               mynacard_encounter_fetch_service(encounter, MYNACARD_SCOPE_SUMMARY, crew(), now, NULL,
                                                not_asked, &event));
    CHECK_OK(mynacard_encounter_free(encounter));
    CHECK_OK(mynacard_log_free(store.log));
}

static void asking_moves_no_time_and_a_correction_is_recorded(void)
{
    struct store store;
    mynacard_encounter *encounter = open_encounter(1);
    uint64_t until;
    open_log(&store, 1);
    CHECK_OK(store_next(&store, encounter));
    read_card(&store, encounter, "adult");
    tell(&store, encounter, MYNACARD_EVENT_FACE_MATCHED);
    CHECK_OK(mynacard_encounter_record(encounter, MYNACARD_EVENT_CONSENT_BY_PATIENT, crew(), now));
    CHECK_OK(store_next(&store, encounter));
    (void)mynacard_encounter_would_permit(encounter, now + 86400000);
    (void)mynacard_encounter_permit_until(encounter, now + 86400000, &until);
    CHECK_OK(mynacard_encounter_would_permit(encounter, now));
    CHECK_OK(mynacard_encounter_record(encounter, MYNACARD_EVENT_FACE_MATCHED, crew(), now + 86400000));
    CHECK_CODE(MYNACARD_REFUSAL_CLOCK_WENT_BACK, mynacard_encounter_would_permit(encounter, now));
    CHECK_OK(mynacard_encounter_record(encounter, MYNACARD_EVENT_CLOCK_CORRECTED, crew(), now));
    CHECK_OK(mynacard_encounter_would_permit(encounter, now));
    CHECK_OK(mynacard_encounter_free(encounter));
    CHECK_OK(mynacard_log_free(store.log));
}

static void what_is_not_the_hosts_to_report_is_refused(void)
{
    mynacard_encounter *encounter = open_encounter(0);
    mynacard_encounter_start start = {0, NULL, random_bytes, 0, {NULL, 0}};
    CHECK_CODE(MYNACARD_MISUSE_OUT_OF_RANGE,
               mynacard_encounter_record(encounter, MYNACARD_EVENT_CARD_ACCEPTABLE, crew(), now));
    CHECK_CODE(MYNACARD_MISUSE_OUT_OF_RANGE,
               mynacard_encounter_record(encounter, MYNACARD_EVENT_PERMIT_FULL, crew(), now));
    CHECK_CODE(MYNACARD_MISUSE_OUT_OF_RANGE,
               mynacard_encounter_record(encounter, MYNACARD_EVENT_FACE_MATCHED,
                                               text("救急 太郎"), now));
    CHECK_CODE(MYNACARD_MISUSE_OUT_OF_RANGE,
               mynacard_encounter_record(encounter, MYNACARD_EVENT_FACE_MATCHED, crew(),
                                               UINT64_MAX));
    CHECK_CODE(MYNACARD_BOUNDARY_NULL_POINTER,
               mynacard_encounter_record(NULL, MYNACARD_EVENT_FACE_MATCHED, crew(), now));
    CHECK_CODE(MYNACARD_BOUNDARY_NULL_POINTER,
               mynacard_encounter_fetch(encounter, MYNACARD_SCOPE_SUMMARY, crew(), now, NULL, NULL,
                                        (uint32_t[]){0}));
    CHECK_OK(mynacard_encounter_free(encounter));
    CHECK_CODE(MYNACARD_BOUNDARY_STALE_HANDLE, mynacard_encounter_free(encounter));
    encounter = NULL;
    start.crew = crew();
    CHECK_CODE(MYNACARD_BOUNDARY_NULL_POINTER, mynacard_encounter_open(&start, now, &encounter));
    start.id = random_bytes;
    start.permit_millis = 24 * 3600000;
    CHECK_CODE(MYNACARD_MISUSE_OUT_OF_RANGE, mynacard_encounter_open(&start, now, &encounter));
    CHECK(encounter == NULL);
}

static void a_torn_tap_is_resumed_on_the_same_card_only(void)
{
    mynacard_sim_card *card = new_card("adult");
    mynacard_sim_card *other = new_card("long-name");
    mynacard_number_b *number = number_of(card);
    mynacard_link *link = new_link(mynacard_capabilities_short());
    mynacard_plan plan = mynacard_plan_all();
    mynacard_driver *driver = NULL;
    mynacard_reading *reading = NULL;
    mynacard_action action;
    mynacard_callbacks callbacks = {mynacard_sim_transmit, NULL, NULL};
    static uint8_t answer[65538];
    size_t length;
    int exchanges = 12;

    /* Torn while the photo is being read. */
    plan.nonce = random_bytes;
    plan.nonce_length = sizeof random_bytes;
    CHECK_OK(mynacard_driver_new_read(link, number, &plan, &driver));
    CHECK_OK(mynacard_driver_start(driver, &action));
    while (action.kind != MYNACARD_ACTION_DONE) {
        if (action.kind != MYNACARD_ACTION_TRANSMIT) {
            CHECK_OK(mynacard_driver_continue(driver, &action));
        } else if (exchanges-- == 0) {
            CHECK_OK(mynacard_driver_link_lost(driver, MYNACARD_LINK_LOST, &action));
        } else {
            CHECK_OK(mynacard_sim_transmit(card, action.command, action.command_length, answer,
                                           sizeof answer, &length));
            CHECK_OK(mynacard_driver_respond(driver, answer, length, &action));
        }
    }
    CHECK_OK(mynacard_driver_reading(driver, &reading));
    CHECK_CODE(MYNACARD_LINK_LOST, mynacard_reading_status(reading, MYNACARD_PART_FACE));
    CHECK_OK(mynacard_driver_free(driver));

    /* Another card: found out before any number is presented to it; the reading is given back. */
    plan.nonce = random_bytes + 8;
    plan.nonce_length = 24;
    CHECK_OK(mynacard_driver_new_resume(link, number, &plan, reading, &driver));
    CHECK_CODE(MYNACARD_BOUNDARY_ABSENT, mynacard_driver_resume_status(driver));
    CHECK_OK(mynacard_reading_free(reading));
    CHECK_OK(mynacard_driver_run(driver, other, &callbacks));
    CHECK_CODE(MYNACARD_CARD_OTHER_CARD, mynacard_driver_resume_status(driver));
    CHECK(presentations(other) == 0);
    CHECK_OK(mynacard_driver_reading(driver, &reading));
    CHECK_OK(mynacard_driver_free(driver));
    /* The other card is taken off. */
    CHECK_OK(mynacard_link_forget(link));

    /* The same card: it goes on to the end. */
    CHECK_OK(mynacard_driver_new_resume(link, number, &plan, reading, &driver));
    CHECK_OK(mynacard_reading_free(reading));
    CHECK_OK(mynacard_driver_run(driver, card, &callbacks));
    CHECK_OK(mynacard_driver_resume_status(driver));
    CHECK_OK(mynacard_driver_reading(driver, &reading));
    CHECK_OK(mynacard_reading_status(reading, MYNACARD_PART_FACE));
    CHECK_OK(mynacard_reading_status(reading, MYNACARD_PART_CERTIFICATE));
    CHECK_OK(mynacard_driver_free(driver));

    /* What was not torn is not resumed, and stays. */
    driver = NULL;
    CHECK_CODE(MYNACARD_LINK_BEGIN_ANEW,
               mynacard_driver_new_resume(link, number, &plan, reading, &driver));
    CHECK_OK(mynacard_reading_status(reading, MYNACARD_PART_FACE));
    CHECK_OK(mynacard_reading_free(reading));
    CHECK_OK(mynacard_number_b_free(number));
    CHECK_OK(mynacard_sim_card_free(card));
    CHECK_OK(mynacard_link_free(link));
    CHECK_OK(mynacard_sim_card_free(other));
}

int main(void)
{
    a_whole_encounter(PATIENT_FILE);
    a_source_without_signal_is_an_event();
    the_eligibility_system_answers_for_the_holder_and_for_nobody_else();
    asking_moves_no_time_and_a_correction_is_recorded();
    what_is_not_the_hosts_to_report_is_refused();
    a_torn_tap_is_resumed_on_the_same_card_only();
    CHECK(mynacard_live_handles() == 0);
    return 0;
}
