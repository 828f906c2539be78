/* What a card is taken for: forged ones, one that is known by its certificate only, and one that holds what
 * nobody foresaw. */
#include "host.h"

enum { FACE = MYNACARD_PART_FACE, CERTIFICATE = MYNACARD_PART_CERTIFICATE };

static int has_finding(const mynacard_report *report, const char *key)
{
    mynacard_statement statement;
    size_t at;
    for (at = 0; mynacard_report_finding(report, at, &statement) == MYNACARD_OK; at++)
        if (same(statement.key, key))
            return 1;
    return 0;
}

static mynacard_verdict verdict_of(const mynacard_report *report)
{
    mynacard_verdict verdict;
    CHECK_OK(mynacard_report_verdict(report, &verdict));
    return verdict;
}

/* The variable with the genuine card's report is of no use to the forged one. */
static void a_forged_card_is_judged_by_its_own_examination(void)
{
    mynacard_encounter *encounter = open_encounter(1);
    mynacard_sim_card *forged_card = new_card("swapped-photo");
    mynacard_sim_card *genuine_card = new_card("adult");
    mynacard_report *report = NULL;
    mynacard_reading *forged = examined(forged_card, 0, &report);
    mynacard_reading *genuine;
    uint32_t event = 0;
    CHECK(verdict_of(report) == MYNACARD_VERDICT_FORGED);
    CHECK_OK(mynacard_report_free(report));
    genuine = examined(genuine_card, 0, &report);
    CHECK(verdict_of(report) == MYNACARD_VERDICT_GENUINE_LIVE);
    CHECK_OK(mynacard_encounter_card_read(encounter, forged, MYNACARD_SAME_CARD_CHIPS_TELL, crew(), now,
                                          &event));
    CHECK(event == MYNACARD_EVENT_CARD_FORGED);
    face_and_consent(encounter);
    CHECK_CODE(MYNACARD_REFUSAL_CARD_FORGED,
               mynacard_encounter_request_permit(encounter, MYNACARD_SCOPE_SUMMARY, crew(), now));
    CHECK_OK(mynacard_report_free(report));
    CHECK_OK(mynacard_reading_free(genuine));
    CHECK_OK(mynacard_reading_free(forged));
    CHECK_OK(mynacard_sim_card_free(genuine_card));
    CHECK_OK(mynacard_sim_card_free(forged_card));
    CHECK_OK(mynacard_encounter_free(encounter));
}

/* The face of one card beside the name of another whose holder has the same birth date and sex. */
static void a_borrowed_name_is_never_called_live(void)
{
    mynacard_sim_card *borrowed = new_card("borrowed-name");
    mynacard_sim_card *adult = new_card("adult");
    mynacard_plan plan = mynacard_plan_all();
    mynacard_report *report = NULL;
    uint8_t without;
    for (without = 0; without < 2; without++) {
        plan.without_text_proof = without;
        CHECK_OK(mynacard_reading_free(examined_by(borrowed, plan, &report)));
        CHECK(verdict_of(report) != MYNACARD_VERDICT_GENUINE_LIVE);
        CHECK(has_finding(report, "text-not-live"));
        CHECK_OK(mynacard_report_free(report));
    }
    CHECK_OK(mynacard_reading_free(examined_by(adult, plan, &report)));
    CHECK(verdict_of(report) == MYNACARD_VERDICT_GENUINE_NOT_LIVE);
    CHECK(has_finding(report, "text-not-live"));
    CHECK_OK(mynacard_report_free(report));
    /* It proves itself by default. */
    CHECK_OK(mynacard_reading_free(examined(adult, 0, &report)));
    CHECK(verdict_of(report) == MYNACARD_VERDICT_GENUINE_LIVE);
    CHECK(!has_finding(report, "text-not-live"));
    CHECK_OK(mynacard_report_free(report));
    CHECK_OK(mynacard_sim_card_free(adult));
    CHECK_OK(mynacard_sim_card_free(borrowed));
}

/* The face of this forgery is genuine by itself when it is read without what contradicts it. */
static void what_was_forged_in_an_encounter_stays_forged_in_it(void)
{
    const uint32_t chips = MYNACARD_SAME_CARD_CHIPS_TELL;
    mynacard_encounter *encounter = open_encounter(1);
    CHECK(take_card(encounter, "swapped-photo", 0, chips) == MYNACARD_EVENT_CARD_FORGED);
    CHECK(take_card(encounter, "long-name", 0, chips) == MYNACARD_EVENT_SECOND_CARD_ACCEPTABLE);
    CHECK(take_card(encounter, "adult", FACE, chips) == MYNACARD_EVENT_SECOND_CARD_FORGED);
    face_and_consent(encounter);
    CHECK_CODE(MYNACARD_REFUSAL_CARD_FORGED, mynacard_encounter_would_permit(encounter, now));
    CHECK_OK(mynacard_encounter_free(encounter));
}

static void one_chip_is_one_card_and_where_it_cannot_be_known_the_crew_is_asked(void)
{
    const uint32_t chips = MYNACARD_SAME_CARD_CHIPS_TELL;
    const uint32_t crew_says_same = MYNACARD_SAME_CARD_CREW_SAYS_SAME;
    mynacard_encounter *encounter = open_encounter(1);
    mynacard_sim_card *card = new_card("adult");
    mynacard_reading *by_certificate;
    uint32_t event = 99;
    CHECK(take_card(encounter, "adult", 0, chips) == MYNACARD_EVENT_CARD_ACCEPTABLE);
    CHECK(take_card(encounter, "adult", CERTIFICATE, chips) == MYNACARD_EVENT_CARD_DOUBTFUL);
    CHECK_OK(mynacard_encounter_free(encounter));

    encounter = open_encounter(1);
    take_card(encounter, "adult", FACE, chips);
    by_certificate = examined(card, CERTIFICATE, NULL);
    CHECK_CODE(MYNACARD_REFUSAL_CARD_UNCLEAR,
               mynacard_encounter_card_read(encounter, by_certificate, chips, crew(), now, &event));
    CHECK(event == 99);
    CHECK_OK(mynacard_reading_status(by_certificate, CERTIFICATE));
    CHECK_OK(mynacard_encounter_card_read(encounter, by_certificate, crew_says_same, crew(), now, &event));
    CHECK(event == MYNACARD_EVENT_CARD_DOUBTFUL);
    CHECK_OK(mynacard_reading_free(by_certificate));
    CHECK_OK(mynacard_encounter_free(encounter));

    /* What the chips tell, nobody has to say. */
    encounter = open_encounter(1);
    take_card(encounter, "adult", 0, chips);
    CHECK(take_card(encounter, "long-name", 0, crew_says_same) == MYNACARD_EVENT_SECOND_CARD_ACCEPTABLE);
    CHECK_OK(mynacard_encounter_free(encounter));
    CHECK_OK(mynacard_sim_card_free(card));
}

/* A chip that holds other bytes than the virtual card. */
static mynacard_result transmit_rewritten(void *userdata, const uint8_t *command, size_t command_length,
                                          uint8_t *response, size_t response_capacity,
                                          size_t *response_length)
{
    static const struct {
        const char *from;
        const char *to;
        size_t length;
    } rewritten[] = {
        {"19850503", "19850500", 8},         /* only the month is known */
        {"\xdf\x23\x01" "1", "\xdf\x23\x01" "3", 4}, /* the sex on the face */
        {"救", "\xff\xff\xff", 3},          /* the name in another encoding */
    };
    size_t at, which;
    mynacard_result code = mynacard_sim_transmit(userdata, command, command_length, response,
                                                 response_capacity, response_length);
    for (which = 0; code == MYNACARD_OK && which < sizeof rewritten / sizeof rewritten[0]; which++)
        for (at = 0; at + rewritten[which].length <= *response_length; at++)
            if (memcmp(response + at, rewritten[which].from, rewritten[which].length) == 0)
                memcpy(response + at, rewritten[which].to, rewritten[which].length);
    return code;
}

static int is_said(const mynacard_not_understood *value, const char *object, mynacard_result why,
                   const char *said, size_t length)
{
    return value->object.length > strlen(object) &&
           memcmp(value->object.data, object, strlen(object)) == 0 && value->why == why &&
           value->said.length >= length && memcmp(value->said.data, said, length) == 0;
}

static void a_value_that_is_not_understood_costs_itself_and_is_there_as_the_chip_has_it(void)
{
    mynacard_sim_card *card = new_card("adult");
    mynacard_number_b *number = number_of(card);
    mynacard_link *link = new_link(mynacard_capabilities_extended());
    mynacard_plan plan = mynacard_plan_all();
    mynacard_reading *reading = NULL;
    mynacard_face *face = NULL;
    mynacard_face_facts facts;
    mynacard_pixels *photo = NULL;
    mynacard_attributes attributes;
    mynacard_not_understood value;
    CHECK_OK(mynacard_read_with(card, transmit_rewritten, link, number, &plan, &reading));
    CHECK_OK(mynacard_reading_face(reading, &face));
    CHECK_OK(mynacard_face_get_facts(face, &facts));
    CHECK(facts.birth_date.year == 0 && facts.birth_date.month == 0 && facts.birth_date.day == 0);
    CHECK(facts.sex == MYNACARD_SEX_NOT_UNDERSTOOD);
    CHECK(facts.expiry.year == 2035);
    CHECK_OK(mynacard_face_pixels(face, MYNACARD_PICTURE_PHOTO, &photo));
    CHECK_OK(mynacard_pixels_free(photo));
    CHECK_OK(mynacard_face_not_understood(face, 0, &value));
    CHECK(is_said(&value, "face/DF22 ", MYNACARD_MALFORMED_BAD_DATE, "19850500", 8));
    CHECK_OK(mynacard_face_not_understood(face, 1, &value));
    CHECK(is_said(&value, "face/DF23 ", MYNACARD_MALFORMED_BAD_VALUE, "3", 1));
    CHECK_CODE(MYNACARD_BOUNDARY_ABSENT, mynacard_face_not_understood(face, 2, &value));

    CHECK_OK(mynacard_reading_attributes(reading, &attributes));
    CHECK(attributes.name.length == 0 && attributes.birth_date.year == 0);
    CHECK(attributes.sex == MYNACARD_SEX_MALE && same(attributes.address, "架空県蘇生市命町１－２－３"));
    CHECK_OK(mynacard_reading_not_understood(reading, 0, &value));
    CHECK(is_said(&value, "text/DF22 ", MYNACARD_MALFORMED_BAD_TEXT, "\xff\xff\xff", 3));
    CHECK_OK(mynacard_reading_not_understood(reading, 1, &value));
    CHECK(is_said(&value, "text/DF24 ", MYNACARD_MALFORMED_BAD_DATE, "19850500", 8));
    CHECK_CODE(MYNACARD_BOUNDARY_ABSENT, mynacard_reading_not_understood(reading, 2, &value));

    CHECK_OK(mynacard_face_free(face));
    CHECK_OK(mynacard_reading_free(reading));
    CHECK_CODE(MYNACARD_BOUNDARY_STALE_HANDLE, mynacard_face_not_understood(face, 0, &value));
    CHECK_CODE(MYNACARD_BOUNDARY_STALE_HANDLE, mynacard_reading_not_understood(reading, 0, &value));
    CHECK_OK(mynacard_link_free(link));
    CHECK_OK(mynacard_number_b_free(number));
    CHECK_OK(mynacard_sim_card_free(card));
}

int main(void)
{
    a_forged_card_is_judged_by_its_own_examination();
    a_borrowed_name_is_never_called_live();
    what_was_forged_in_an_encounter_stays_forged_in_it();
    one_chip_is_one_card_and_where_it_cannot_be_known_the_crew_is_asked();
    a_value_that_is_not_understood_costs_itself_and_is_there_as_the_chip_has_it();
    CHECK(mynacard_live_handles() == 0);
    return 0;
}
