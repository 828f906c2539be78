/* A host with its log, its encounter and a reader, as the tests need one. */
#ifndef HOST_H
#define HOST_H

#include "check.h"

static const uint8_t random_bytes[32] = {7,  1, 8, 2, 8, 1, 8, 2, 8, 4, 5, 9, 0, 4, 5, 2,
                                         3,  5, 3, 6, 0, 2, 8, 7, 4, 7, 1, 3, 5, 2, 6, 6};
static const uint64_t now = 1795334400000; /* 2026-11-22 */

/* What the host keeps of the log. */
struct store {
    mynacard_log *log;
    char text[65536];
    size_t length;
    int lines;
};

static inline mynacard_str crew(void) { return text("crew-1"); }

/* Stores the next line, as a file would. */
static inline mynacard_result store_next(struct store *store, mynacard_encounter *encounter)
{
    mynacard_line line;
    mynacard_str text;
    char begins[32];
    mynacard_result code = mynacard_log_next_line(store->log, encounter, &line);
    if (code != MYNACARD_OK)
        return code;
    text = line.text;
    CHECK(text.length > 0 && text.data[text.length - 1] == '\n');
    CHECK(store->length + text.length < sizeof store->text);
    memcpy(store->text + store->length, text.data, text.length);
    store->length += text.length;
    store->text[store->length] = '\0';
    snprintf(begins, sizeof begins, "{\"seq\":%d,", store->lines);
    CHECK(text.length > strlen(begins) && memcmp(text.data, begins, strlen(begins)) == 0);
    store->lines++;
    return mynacard_log_confirm(store->log, encounter, line.ticket, now);
}

static inline void open_log(struct store *store, uint32_t drill)
{
    mynacard_log_start start = {drill, random_bytes, random_bytes, {NULL, 0}};
    start.device = text("tablet-01");
    memset(store, 0, sizeof *store);
    CHECK_OK(mynacard_log_create(&start, now, &store->log));
    CHECK_OK(store_next(store, NULL));
    CHECK_CODE(MYNACARD_BOUNDARY_ABSENT, store_next(store, NULL));
}

static inline mynacard_encounter *open_encounter(uint32_t drill)
{
    mynacard_encounter_start start = {drill, random_bytes, random_bytes, 0, {NULL, 0}};
    mynacard_encounter *encounter = NULL;
    start.crew = crew();
    CHECK_OK(mynacard_encounter_open(&start, now, &encounter));
    return encounter;
}

static inline void tell(struct store *store, mynacard_encounter *encounter, uint32_t event)
{
    CHECK_OK(mynacard_encounter_record(encounter, event, crew(), now));
    CHECK_OK(store_next(store, encounter));
}

/* Reads a virtual card that lies on the reader by a plan with a nonce, and examines what was read. */
static inline mynacard_reading *examined_by(mynacard_sim_card *card, mynacard_plan plan,
                                            mynacard_report **out_report)
{
    mynacard_number_b *number = number_of(card);
    mynacard_link *link = new_link(mynacard_capabilities_extended());
    mynacard_clock clock = {MYNACARD_CLOCK_TRUSTED, 1795334400000};
    mynacard_reading *reading = NULL;
    mynacard_roots *roots = NULL;
    plan.nonce = random_bytes;
    plan.nonce_length = sizeof random_bytes;
    CHECK_OK(mynacard_read_with(card, mynacard_sim_transmit, link, number, &plan, &reading));
    CHECK_OK(mynacard_sim_roots(&roots));
    CHECK_OK(mynacard_reading_examine(reading, roots, &clock, out_report));
    CHECK_OK(mynacard_roots_free(roots));
    CHECK_OK(mynacard_number_b_free(number));
    CHECK_OK(mynacard_link_free(link));
    return reading;
}

/* Reads the parts of a virtual card, all of them for 0, and examines them. */
static inline mynacard_reading *examined(mynacard_sim_card *card, uint32_t parts,
                                         mynacard_report **out_report)
{
    mynacard_plan plan = mynacard_plan_all();
    if (parts != 0)
        plan.parts = parts;
    return examined_by(card, plan, out_report);
}

/* Lays a new card of this profile on the reader, and tells the encounter; gives the event. */
static inline uint32_t take_card(mynacard_encounter *encounter, const char *profile, uint32_t parts,
                                 uint32_t same_card)
{
    mynacard_sim_card *card = new_card(profile);
    mynacard_reading *reading = examined(card, parts, NULL);
    uint32_t event = 0;
    CHECK_OK(mynacard_encounter_card_read(encounter, reading, same_card, crew(), now, &event));
    CHECK_OK(mynacard_reading_free(reading));
    CHECK_OK(mynacard_sim_card_free(card));
    return event;
}

/* Records that the face is the patient's and that the patient agrees. */
static inline void face_and_consent(mynacard_encounter *encounter)
{
    CHECK_OK(mynacard_encounter_record(encounter, MYNACARD_EVENT_FACE_MATCHED, crew(), now));
    CHECK_OK(mynacard_encounter_record(encounter, MYNACARD_EVENT_CONSENT_BY_PATIENT, crew(), now));
}

/* Stores everything that waits. */
static inline void store_all(struct store *store, mynacard_encounter *encounter)
{
    mynacard_result code;
    while ((code = store_next(store, encounter)) == MYNACARD_OK)
        ;
    CHECK_CODE(MYNACARD_BOUNDARY_ABSENT, code);
}

#endif
