/* The audit log as a host keeps it: what a line's ticket confirms, and what it does not. */
#include "host.h"

/* A confirmation names its line; another line waits; a line that could not be stored is dropped by name. */
static void lines_are_stored_one_at_a_time_and_by_name(void)
{
    struct store store;
    mynacard_encounter *encounter = open_encounter(1);
    mynacard_encounter *other = open_encounter(1);
    mynacard_line line;
    mynacard_line again;
    open_log(&store, 1);
    CHECK_CODE(MYNACARD_AUDIT_NOT_PENDING, mynacard_log_confirm(store.log, NULL, 0, now));
    CHECK_CODE(MYNACARD_AUDIT_NOT_PENDING, mynacard_log_discard(store.log, 0));
    CHECK_CODE(MYNACARD_BOUNDARY_ABSENT, mynacard_log_pending(store.log, &line));
    CHECK_OK(mynacard_log_next_line(store.log, encounter, &line));
    CHECK_CODE(MYNACARD_AUDIT_LINE_PENDING, mynacard_log_next_line(store.log, other, &again));
    CHECK_CODE(MYNACARD_AUDIT_NOT_PENDING, mynacard_log_confirm(store.log, other, line.ticket, now));
    CHECK_CODE(MYNACARD_AUDIT_NOT_PENDING, mynacard_log_confirm(store.log, encounter, line.ticket + 1, now));
    CHECK_CODE(MYNACARD_AUDIT_NOT_PENDING, mynacard_log_confirm(store.log, encounter, 0, now));
    CHECK_CODE(MYNACARD_AUDIT_NOT_PENDING, mynacard_log_confirm(store.log, NULL, line.ticket, now));
    CHECK_CODE(MYNACARD_AUDIT_NOT_PENDING, mynacard_log_discard(store.log, line.ticket + 1));
    CHECK_OK(mynacard_log_pending(store.log, &again));
    CHECK(again.ticket == line.ticket);
    CHECK_OK(mynacard_log_discard(store.log, line.ticket));
    CHECK_CODE(MYNACARD_AUDIT_NOT_PENDING, mynacard_log_confirm(store.log, encounter, line.ticket, now));
    CHECK_OK(store_next(&store, other));
    CHECK_OK(store_next(&store, encounter));
    CHECK(store.lines == 3);
    CHECK_OK(mynacard_encounter_free(other));
    CHECK_OK(mynacard_encounter_free(encounter));
    CHECK_OK(mynacard_log_free(store.log));
}

/* What a store that was slow says of a discarded line is not taken for the line that came in its place. */
static void the_ticket_of_a_discarded_line_never_comes_again(void)
{
    struct store store;
    mynacard_encounter *encounter = open_encounter(1);
    mynacard_encounter *other = open_encounter(1);
    mynacard_line discarded;
    mynacard_line line;
    uint64_t first;
    open_log(&store, 1);
    CHECK_OK(mynacard_log_next_line(store.log, encounter, &discarded));
    first = discarded.ticket;
    CHECK_OK(mynacard_log_discard(store.log, first));
    CHECK_CODE(MYNACARD_AUDIT_NOT_PENDING, mynacard_log_discard(store.log, first));
    CHECK_OK(mynacard_log_next_line(store.log, encounter, &line));
    CHECK(line.ticket != first);
    CHECK_CODE(MYNACARD_AUDIT_NOT_PENDING, mynacard_log_confirm(store.log, encounter, first, now));
    CHECK_OK(mynacard_log_discard(store.log, line.ticket));
    CHECK_OK(mynacard_log_next_line(store.log, other, &line));
    CHECK(line.ticket != first);
    CHECK_CODE(MYNACARD_AUDIT_NOT_PENDING, mynacard_log_confirm(store.log, other, first, now));
    CHECK_CODE(MYNACARD_AUDIT_NOT_PENDING, mynacard_log_discard(store.log, first));
    CHECK_OK(mynacard_log_confirm(store.log, other, line.ticket, now));
    CHECK_CODE(MYNACARD_AUDIT_NOT_PENDING, mynacard_log_confirm(store.log, other, line.ticket, now));
    CHECK_OK(mynacard_encounter_free(other));
    CHECK_OK(mynacard_encounter_free(encounter));
    CHECK_OK(mynacard_log_free(store.log));
}

static void an_entry_lies_in_one_log_and_its_ticket_means_nothing_to_another(void)
{
    struct store store;
    mynacard_log_start start = {1, random_bytes + 16, random_bytes, {NULL, 0}};
    mynacard_log *log = NULL;
    mynacard_encounter *encounter = open_encounter(1);
    mynacard_line header;
    mynacard_line line;
    open_log(&store, 1);
    start.device = text("tablet-02");
    CHECK_OK(mynacard_log_create(&start, now, &log));
    CHECK_OK(mynacard_log_next_line(log, NULL, &header));
    CHECK_OK(mynacard_log_next_line(store.log, encounter, &line));
    CHECK_CODE(MYNACARD_AUDIT_NOT_PENDING, mynacard_log_confirm(log, NULL, line.ticket, now));
    CHECK_CODE(MYNACARD_AUDIT_NOT_PENDING, mynacard_log_confirm(log, encounter, line.ticket, now));
    CHECK_CODE(MYNACARD_AUDIT_NOT_PENDING, mynacard_log_discard(log, line.ticket));
    CHECK_CODE(MYNACARD_AUDIT_NOT_PENDING,
               mynacard_log_confirm(store.log, encounter, header.ticket, now));
    CHECK_OK(mynacard_log_confirm(log, NULL, header.ticket, now));
    CHECK_CODE(MYNACARD_AUDIT_OTHER_LOG, mynacard_log_next_line(log, encounter, &header));
    CHECK_OK(mynacard_log_confirm(store.log, encounter, line.ticket, now));
    CHECK_CODE(MYNACARD_BOUNDARY_ABSENT, mynacard_log_next_line(log, encounter, &header));
    CHECK_OK(mynacard_encounter_free(encounter));
    CHECK_OK(mynacard_log_free(log));
    CHECK_OK(mynacard_log_free(store.log));
}

/* A crash of a screen, or a new patient: the host has let the encounter go before all of it was stored. */
static void what_a_freed_encounter_left_is_stored_next(void)
{
    struct store store;
    mynacard_encounter *encounter = open_encounter(1);
    mynacard_encounter *next = open_encounter(1);
    mynacard_line line;
    open_log(&store, 1);
    CHECK_OK(mynacard_log_next_line(store.log, encounter, &line));
    take_card(encounter, "adult", 0, MYNACARD_SAME_CARD_CHIPS_TELL);
    face_and_consent(encounter);
    CHECK_OK(mynacard_encounter_free(encounter));
    /* The line that was pending is confirmed without it, once. */
    CHECK_CODE(MYNACARD_BOUNDARY_STALE_HANDLE,
               mynacard_log_confirm(store.log, encounter, line.ticket, now));
    CHECK_OK(mynacard_log_confirm(store.log, NULL, line.ticket, now));
    CHECK_CODE(MYNACARD_AUDIT_NOT_PENDING, mynacard_log_confirm(store.log, NULL, line.ticket, now));
    store.lines++;
    /* The next one without an encounter, the others before those of the next encounter. */
    CHECK_OK(store_next(&store, NULL));
    CHECK(strstr(store.text, "\"event\":\"card-read/acceptable\"") != NULL);
    CHECK_OK(store_next(&store, next));
    CHECK(strstr(store.text, "\"event\":\"face-matched\"") != NULL);
    CHECK_OK(store_next(&store, next));
    CHECK(strstr(store.text, "\"event\":\"consent-given/patient\"") != NULL);
    CHECK(strstr(store.text, "\"event\":\"encounter-opened\"") == NULL);
    CHECK_OK(store_next(&store, next));
    CHECK(strstr(store.text, "\"event\":\"encounter-opened\"") != NULL);
    CHECK_CODE(MYNACARD_BOUNDARY_ABSENT, store_next(&store, next));
    CHECK_CODE(MYNACARD_BOUNDARY_ABSENT, store_next(&store, NULL));
    CHECK_OK(mynacard_encounter_free(next));
    CHECK_OK(mynacard_log_free(store.log));
}

/* Both were opened with the same identifiers, and nothing in their lines tells them apart. */
static void a_stored_line_releases_one_permit(void)
{
    struct store store;
    mynacard_encounter *one = open_encounter(1);
    mynacard_encounter *two = open_encounter(1);
    mynacard_encounter *both[2];
    mynacard_line line;
    uint64_t until;
    int at;
    both[0] = one;
    both[1] = two;
    open_log(&store, 1);
    for (at = 0; at < 2; at++) {
        take_card(both[at], "adult", 0, MYNACARD_SAME_CARD_CHIPS_TELL);
        face_and_consent(both[at]);
        store_all(&store, both[at]);
        CHECK_OK(mynacard_encounter_request_permit(both[at], MYNACARD_SCOPE_SUMMARY, crew(), now));
    }
    CHECK_OK(mynacard_log_next_line(store.log, one, &line));
    CHECK_CODE(MYNACARD_AUDIT_NOT_PENDING, mynacard_log_confirm(store.log, two, line.ticket, now));
    CHECK_CODE(MYNACARD_BOUNDARY_ABSENT, mynacard_encounter_permit_until(one, now, &until));
    CHECK_CODE(MYNACARD_BOUNDARY_ABSENT, mynacard_encounter_permit_until(two, now, &until));
    CHECK_OK(mynacard_log_confirm(store.log, one, line.ticket, now));
    CHECK_OK(mynacard_encounter_permit_until(one, now, &until));
    CHECK_CODE(MYNACARD_AUDIT_NOT_PENDING, mynacard_log_confirm(store.log, two, line.ticket, now));
    CHECK_CODE(MYNACARD_BOUNDARY_ABSENT, mynacard_encounter_permit_until(two, now, &until));
    CHECK_OK(mynacard_encounter_free(two));
    CHECK_OK(mynacard_encounter_free(one));
    CHECK_OK(mynacard_log_free(store.log));
}

static void a_permit_whose_facts_change_before_it_is_recorded_opens_nothing(void)
{
    struct store store;
    mynacard_encounter *encounter = open_encounter(1);
    mynacard_line line;
    uint64_t until;
    open_log(&store, 1);
    CHECK_OK(store_next(&store, encounter));
    take_card(encounter, "adult", 0, MYNACARD_SAME_CARD_CHIPS_TELL);
    face_and_consent(encounter);
    store_all(&store, encounter);
    CHECK_OK(mynacard_encounter_request_permit(encounter, MYNACARD_SCOPE_SUMMARY, crew(), now));
    CHECK_OK(mynacard_encounter_record(encounter, MYNACARD_EVENT_CONSENT_WITHDRAWN, crew(), now));
    CHECK_CODE(MYNACARD_REFUSAL_WITHDRAWN, store_next(&store, encounter));
    CHECK_OK(store_next(&store, encounter));
    CHECK_CODE(MYNACARD_BOUNDARY_ABSENT, mynacard_encounter_permit_until(encounter, now, &until));
    CHECK_CODE(MYNACARD_BOUNDARY_ABSENT, mynacard_log_next_line(store.log, encounter, &line));
    CHECK_CODE(MYNACARD_AUDIT_NOT_PENDING,
               mynacard_log_confirm(store.log, encounter, 0, now));
    CHECK_OK(mynacard_encounter_free(encounter));
    CHECK_OK(mynacard_log_free(store.log));
}

static void a_drill_fits_no_real_log(void)
{
    struct store store;
    mynacard_encounter *drill = open_encounter(1);
    mynacard_line line;
    open_log(&store, 0);
    CHECK_CODE(MYNACARD_AUDIT_WRONG_KIND, mynacard_log_next_line(store.log, drill, &line));
    CHECK_CODE(MYNACARD_AUDIT_WRONG_KIND, mynacard_log_next_line(store.log, drill, &line));
    CHECK_OK(mynacard_encounter_free(drill));
    CHECK_OK(mynacard_log_free(store.log));
}

int main(void)
{
    lines_are_stored_one_at_a_time_and_by_name();
    the_ticket_of_a_discarded_line_never_comes_again();
    an_entry_lies_in_one_log_and_its_ticket_means_nothing_to_another();
    what_a_freed_encounter_left_is_stored_next();
    a_stored_line_releases_one_permit();
    a_permit_whose_facts_change_before_it_is_recorded_opens_nothing();
    a_drill_fits_no_real_log();
    CHECK(mynacard_live_handles() == 0);
    return 0;
}
