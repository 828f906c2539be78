/* The driver as a host steps it: the order of calls, a link that is lost and a reading that is
 * cancelled at every exchange, and use after the end. Never is a try spent that was not allowed. */
#include "check.h"

enum { ANSWER = 65538 };
static uint8_t answer[ANSWER];

/* Sends the command of an action, and gives the answer to the driver. */
static mynacard_result exchange(mynacard_sim_card *card, mynacard_driver *driver,
                                mynacard_action *action)
{
    size_t length = 0;
    CHECK_OK(mynacard_sim_transmit(card, action->command, action->command_length, answer, ANSWER,
                                   &length));
    return mynacard_driver_respond(driver, answer, length, action);
}

/* Steps until the driver has been through so many exchanges, or is done. True if it is not. */
static int step(mynacard_sim_card *card, mynacard_driver *driver, mynacard_action *action,
                int exchanges)
{
    CHECK_OK(mynacard_driver_start(driver, action));
    for (;;) {
        switch (action->kind) {
        case MYNACARD_ACTION_TRANSMIT:
            CHECK(action->command != NULL && action->command_length >= 4);
            if (exchanges-- == 0)
                return 1;
            CHECK_OK(exchange(card, driver, action));
            break;
        case MYNACARD_ACTION_DONE:
            return 0;
        default:
            CHECK(action->command == NULL && action->command_length == 0);
            CHECK_OK(mynacard_driver_continue(driver, action));
        }
    }
}

static mynacard_driver *new_driver(const mynacard_number_b *number)
{
    mynacard_link *link = new_link(mynacard_capabilities_extended());
    mynacard_plan plan = mynacard_plan_all();
    mynacard_driver *driver = NULL;
    CHECK_OK(mynacard_driver_new_read(link, number, &plan, &driver));
    /* A driver keeps what it needs. */
    CHECK_OK(mynacard_link_free(link));
    return driver;
}

static int exchanges_of_a_whole_reading(void)
{
    mynacard_sim_card *card = new_card("adult");
    mynacard_number_b *number = number_of(card);
    mynacard_driver *driver = new_driver(number);
    mynacard_action action;
    mynacard_statistics statistics;
    mynacard_reading *reading = NULL;
    mynacard_reading *again = NULL;
    mynacard_face *early = NULL;
    mynacard_token token;
    CHECK_CODE(MYNACARD_BOUNDARY_ABSENT, mynacard_driver_face(driver, &early));
    CHECK_CODE(MYNACARD_BOUNDARY_ABSENT, mynacard_driver_reading(driver, &reading));
    /* The number may go as soon as the driver is made. */
    CHECK_OK(mynacard_number_b_free(number));
    CHECK(!step(card, driver, &action, 1000));
    CHECK_OK(mynacard_driver_face(driver, &early));
    CHECK_OK(mynacard_driver_statistics(driver, &statistics));
    CHECK_CODE(MYNACARD_BOUNDARY_WRONG_HANDLE, mynacard_driver_token(driver, &token));
    CHECK_OK(mynacard_driver_reading(driver, &reading));
    CHECK_CODE(MYNACARD_BOUNDARY_ABSENT, mynacard_driver_reading(driver, &again));
    CHECK_CODE(MYNACARD_MISUSE_ALREADY_DONE, mynacard_driver_start(driver, &action));
    CHECK_CODE(MYNACARD_MISUSE_ALREADY_DONE,
               mynacard_driver_link_lost(driver, MYNACARD_LINK_LOST, &action));
    CHECK_OK(mynacard_reading_status(reading, MYNACARD_PART_CERTIFICATE));
    CHECK_OK(mynacard_reading_free(reading));
    CHECK_OK(mynacard_face_free(early));
    CHECK_OK(mynacard_driver_free(driver));
    CHECK_OK(mynacard_sim_card_free(card));
    return (int)statistics.exchanges;
}

static void inputs_in_the_wrong_order_change_nothing(void)
{
    const mynacard_result unexpected = MYNACARD_MISUSE_UNEXPECTED_INPUT;
    mynacard_sim_card *card = new_card("adult");
    mynacard_number_b *number = number_of(card);
    mynacard_driver *driver = new_driver(number);
    mynacard_action action;
    static const uint8_t ok[] = {0x90, 0x00};
    CHECK_CODE(unexpected, mynacard_driver_respond(driver, ok, 2, &action));
    CHECK_CODE(unexpected, mynacard_driver_continue(driver, &action));
    CHECK_CODE(MYNACARD_MISUSE_OUT_OF_RANGE, mynacard_driver_link_lost(driver, 3010, &action));
    CHECK_OK(mynacard_driver_start(driver, &action));
    CHECK(action.kind == MYNACARD_ACTION_PROGRESS);
    CHECK(action.progress.phase == MYNACARD_PHASE_UNLOCK_FACE);
    CHECK(mynacard_phase_advice_ja(action.progress.phase).length > 0);
    CHECK(mynacard_phase_advice_ja(99).length == 0);
    CHECK_CODE(unexpected, mynacard_driver_respond(driver, ok, 2, &action));
    CHECK_CODE(unexpected, mynacard_driver_start(driver, &action));
    CHECK_OK(mynacard_driver_continue(driver, &action));
    CHECK(action.kind == MYNACARD_ACTION_TRANSMIT);
    CHECK_CODE(unexpected, mynacard_driver_continue(driver, &action));
    /* An answer that is none ends in a code, not in a crash. */
    CHECK_OK(mynacard_driver_respond(driver, NULL, 0, &action));
    while (action.kind != MYNACARD_ACTION_DONE) {
        CHECK(action.kind != MYNACARD_ACTION_FACE);
        if (action.kind == MYNACARD_ACTION_TRANSMIT)
            CHECK_OK(mynacard_driver_respond(driver, ok, 1, &action));
        else
            CHECK_OK(mynacard_driver_continue(driver, &action));
    }
    CHECK(presentations(card) == 0);
    CHECK_OK(mynacard_driver_free(driver));
    CHECK_OK(mynacard_number_b_free(number));
    CHECK_OK(mynacard_sim_card_free(card));
}

enum ending { LOST, CANCELLED, FREED, ENDINGS };

/* Ends a reading at one exchange. What was read before stays, and no try is spent. */
static void end_at(int exchanges, enum ending ending)
{
    mynacard_sim_card *card = new_card("adult");
    mynacard_number_b *number = number_of(card);
    mynacard_driver *driver = new_driver(number);
    mynacard_reading *reading = NULL;
    mynacard_action action;
    CHECK(step(card, driver, &action, exchanges));
    switch (ending) {
    case LOST:
        CHECK_OK(mynacard_driver_link_lost(driver, MYNACARD_LINK_LOST, &action));
        break;
    case CANCELLED:
        CHECK_OK(mynacard_driver_cancel(driver));
        /* The answer that was under way is taken in; nothing more is sent. */
        CHECK_OK(exchange(card, driver, &action));
        break;
    default:
        break;
    }
    if (ending != FREED) {
        mynacard_result wanted = ending == LOST ? MYNACARD_LINK_LOST : MYNACARD_LINK_CANCELLED;
        int ends_with_it = 0;
        uint32_t part;
        while (action.kind != MYNACARD_ACTION_DONE) {
            CHECK(action.kind != MYNACARD_ACTION_TRANSMIT);
            CHECK_OK(mynacard_driver_continue(driver, &action));
        }
        CHECK_OK(mynacard_driver_reading(driver, &reading));
        for (part = MYNACARD_PART_FACE; part <= MYNACARD_PART_CERTIFICATE; part *= 2) {
            mynacard_result status = mynacard_reading_status(reading, part);
            CHECK(status == MYNACARD_OK || status == wanted || status == MYNACARD_BOUNDARY_ABSENT ||
                  status == MYNACARD_CREDENTIAL_OUTCOME_UNKNOWN);
            ends_with_it |= status != MYNACARD_OK;
        }
        CHECK(ends_with_it || ending == CANCELLED);
        CHECK_OK(mynacard_reading_free(reading));
    }
    CHECK(presentations(card) <= 2);
    CHECK_OK(mynacard_driver_free(driver));
    CHECK_OK(mynacard_number_b_free(number));

    /* The card has all its tries. */
    {
        mynacard_link *link = new_link(mynacard_capabilities_short());
        mynacard_all_tries tries;
        CHECK_OK(mynacard_driver_new_tries(link, &driver));
        CHECK(!step(card, driver, &action, 1000));
        CHECK_OK(mynacard_driver_tries(driver, &tries));
        /* A key that is open does not tell. */
        CHECK(tries.face_b.left == 10 || tries.face_b.left == -1);
        CHECK(tries.text_b.left == 10 || tries.text_b.left == -1);
        CHECK(tries.signature_password.left == 5);
        CHECK_OK(mynacard_driver_free(driver));
        CHECK_OK(mynacard_link_free(link));
    }
    CHECK_OK(mynacard_sim_card_free(card));
}

/* Two drivers that took turns on one card could send the number to a key that the other has selected. */
static void a_link_serves_one_driver_at_a_time(void)
{
    mynacard_sim_card *card = new_card("adult");
    mynacard_number_b *number = number_of(card);
    mynacard_link *link = NULL;
    mynacard_plan plan = mynacard_plan_all();
    mynacard_driver *driver = NULL;
    mynacard_driver *second = NULL;
    mynacard_reading *reading = NULL;
    mynacard_action action;
    CHECK_OK(mynacard_link_of_sim(card, &link));
    CHECK_OK(mynacard_driver_new_read(link, number, &plan, &driver));
    CHECK(step(card, driver, &action, 3));
    CHECK_CODE(MYNACARD_MISUSE_LINK_BUSY, mynacard_driver_new_tries(link, &second));
    CHECK_CODE(MYNACARD_MISUSE_LINK_BUSY, mynacard_driver_new_read(link, number, &plan, &second));
    CHECK_CODE(MYNACARD_MISUSE_LINK_BUSY,
               mynacard_read_with(card, mynacard_sim_transmit, link, number, &plan, &reading));
    CHECK(second == NULL && reading == NULL && presentations(card) == 0);
    /* Let go midway: the next one begins with a SELECT, and reads everything. */
    CHECK_OK(mynacard_driver_free(driver));
    CHECK_OK(mynacard_read_with(card, mynacard_sim_transmit, link, number, &plan, &reading));
    CHECK_OK(mynacard_reading_status(reading, MYNACARD_PART_CERTIFICATE));
    CHECK_OK(mynacard_reading_free(reading));
    CHECK_OK(mynacard_link_free(link));
    CHECK_OK(mynacard_number_b_free(number));
    CHECK_OK(mynacard_sim_card_free(card));
}

static mynacard_link *link_of(const char *reader)
{
    mynacard_capabilities capabilities = mynacard_capabilities_short();
    mynacard_link *link = NULL;
    CHECK_OK(mynacard_link_of_reader(text(reader), &capabilities, &link));
    return link;
}

/* Two parts of a host, each with a wrapper of its own around the reader, get one link by its name. */
static void a_reader_has_one_link_whatever_wraps_it(void)
{
    const mynacard_result busy = MYNACARD_MISUSE_LINK_BUSY;
    mynacard_capabilities extended = mynacard_capabilities_extended();
    mynacard_capabilities found;
    mynacard_link *one = link_of("reader 1");
    mynacard_link *two = NULL;
    mynacard_link *other = link_of("reader 2");
    mynacard_driver *driver = NULL;
    mynacard_driver *second = NULL;
    CHECK_OK(mynacard_link_of_reader(text("reader 1"), &extended, &two));
    CHECK(one != two);
    CHECK_OK(mynacard_link_capabilities(two, &found));
    CHECK(found.max_response == mynacard_capabilities_short().max_response);
    CHECK_OK(mynacard_driver_new_tries(one, &driver));
    CHECK_CODE(busy, mynacard_driver_new_tries(two, &second));
    /* Also when nobody has a handle of it any more but the driver is not done. */
    CHECK_OK(mynacard_link_free(one));
    CHECK_OK(mynacard_link_free(two));
    one = link_of("reader 1");
    CHECK_CODE(busy, mynacard_driver_new_tries(one, &second));
    CHECK(second == NULL);
    /* Another reader is another card. */
    CHECK_OK(mynacard_driver_new_tries(other, &second));
    CHECK_OK(mynacard_driver_free(second));
    CHECK_OK(mynacard_driver_free(driver));
    CHECK_OK(mynacard_driver_new_tries(one, &driver));
    CHECK_OK(mynacard_driver_free(driver));
    /* Nobody has it: the next connection begins from nothing. */
    CHECK_OK(mynacard_link_free(one));
    CHECK_OK(mynacard_link_of_reader(text("reader 1"), &extended, &one));
    CHECK_OK(mynacard_link_capabilities(one, &found));
    CHECK(found.max_response == extended.max_response);
    CHECK_OK(mynacard_link_free(one));
    CHECK_OK(mynacard_link_free(other));
    two = NULL;
    CHECK_CODE(MYNACARD_MISUSE_OUT_OF_RANGE, mynacard_link_of_reader(text(""), &extended, &two));
    CHECK_CODE(MYNACARD_BOUNDARY_NULL_POINTER, mynacard_link_of_reader(text("r"), NULL, &two));
    CHECK_CODE(MYNACARD_BOUNDARY_NULL_POINTER, mynacard_link_of_reader(text("r"), &extended, NULL));
    CHECK(two == NULL);
    /* A name is what the system gives, in whatever encoding. */
    CHECK_OK(mynacard_link_of_reader(text("\x83\x8a\xff"), &extended, &two));
    CHECK_OK(mynacard_link_free(two));
}

/* A reading that ends at the application where it begins. */
static uint64_t exchanges_for_the_certificate(mynacard_sim_card *card, mynacard_link *link)
{
    mynacard_plan plan = {0};
    mynacard_number_b *number = number_of(card);
    mynacard_driver *driver = NULL;
    mynacard_action action;
    mynacard_statistics statistics;
    plan.parts = MYNACARD_PART_CERTIFICATE;
    CHECK_OK(mynacard_driver_new_read(link, number, &plan, &driver));
    CHECK_OK(mynacard_number_b_free(number));
    CHECK(!step(card, driver, &action, 1000));
    CHECK_OK(mynacard_driver_statistics(driver, &statistics));
    CHECK_OK(mynacard_driver_free(driver));
    return statistics.exchanges;
}

static void the_next_driver_knows_what_is_selected_unless_the_card_is_another(void)
{
    mynacard_sim_card *card = new_card("adult");
    mynacard_link *link = link_of("reader 1");
    mynacard_link *again;
    mynacard_driver *driver = NULL;
    mynacard_action action;
    uint64_t from_nothing = exchanges_for_the_certificate(card, link);
    CHECK(exchanges_for_the_certificate(card, link) == from_nothing - 1);
    CHECK_OK(mynacard_link_forget(link));
    CHECK(exchanges_for_the_certificate(card, link) == from_nothing);
    /* A new connection: nothing is known of what lies there. */
    again = link_of("reader 1");
    CHECK(exchanges_for_the_certificate(card, again) == from_nothing);
    CHECK(exchanges_for_the_certificate(card, link) == from_nothing - 1);
    CHECK_OK(mynacard_link_free(again));
    /* A driver that was let go midway leaves nothing known. */
    CHECK_OK(mynacard_driver_new_identify(link, &driver));
    CHECK_OK(mynacard_driver_start(driver, &action));
    CHECK_OK(mynacard_driver_free(driver));
    CHECK(exchanges_for_the_certificate(card, link) == from_nothing);
    CHECK_OK(mynacard_link_free(link));
    CHECK_OK(mynacard_sim_card_free(card));
}

/* A zero-filled plan is a careful one, and digits are checked though the key is open. */
static void a_careless_host_locks_no_card(void)
{
    mynacard_sim_card *card = new_card("adult");
    mynacard_sim_card *other = new_card("foreign");
    mynacard_number_b *number = number_of(card);
    mynacard_number_b *wrong = number_of(other);
    mynacard_link *link = NULL;
    mynacard_plan plan;
    mynacard_reading *reading = NULL;
    mynacard_verification verification;
    int round;
    memset(&plan, 0, sizeof plan);
    plan.parts = MYNACARD_PART_FACE | MYNACARD_PART_ATTRIBUTES;
    CHECK_OK(mynacard_link_of_sim(card, &link));
    CHECK_OK(mynacard_read_with(card, mynacard_sim_transmit, link, number, &plan, &reading));
    CHECK_OK(mynacard_reading_verification(reading, MYNACARD_PART_FACE, &verification));
    CHECK(verification.floor == 3 && verification.allowed_last_tries == 0);
    CHECK_OK(mynacard_reading_free(reading));
    for (round = 0; round < 12; round++) {
        CHECK_OK(mynacard_read_with(card, mynacard_sim_transmit, link, wrong, &plan, &reading));
        CHECK(mynacard_reading_status(reading, MYNACARD_PART_FACE) != MYNACARD_OK);
        CHECK_OK(mynacard_reading_free(reading));
    }
    /* The right number on both keys; then eight wrong ones on the first, which leaves two, and the rest on the second. */
    CHECK(presentations(card) == 2 + 8 + 4);
    plan.face_floor = 1;
    CHECK_CODE(MYNACARD_MISUSE_OUT_OF_RANGE,
               mynacard_read_with(card, mynacard_sim_transmit, link, wrong, &plan, &reading));
    plan.face_floor = 0;
    plan.allow_last_tries = 1;
    CHECK_OK(mynacard_read_with(card, mynacard_sim_transmit, link, number, &plan, &reading));
    CHECK_OK(mynacard_reading_verification(reading, MYNACARD_PART_FACE, &verification));
    CHECK(verification.outcome == MYNACARD_VERIFY_ACCEPTED);
    CHECK(verification.allowed_last_tries == 1 && verification.left_before == 2);
    CHECK_OK(mynacard_reading_free(reading));
    CHECK_OK(mynacard_link_free(link));
    CHECK_OK(mynacard_number_b_free(wrong));
    CHECK_OK(mynacard_number_b_free(number));
    CHECK_OK(mynacard_sim_card_free(other));
    CHECK_OK(mynacard_sim_card_free(card));
}

static void what_lies_on_the_reader(const char *profile, mynacard_token_kind expected)
{
    mynacard_sim_card *card = new_card(profile);
    mynacard_link *link = new_link(mynacard_capabilities_short());
    mynacard_driver *driver = NULL;
    mynacard_action action;
    mynacard_token token;
    CHECK_OK(mynacard_driver_new_identify(link, &driver));
    CHECK(!step(card, driver, &action, 1000));
    CHECK_OK(mynacard_driver_token(driver, &token));
    CHECK(token.kind == expected);
    CHECK(!token.residence_permit && !token.driving_licence);
    CHECK_OK(mynacard_driver_free(driver));
    CHECK_OK(mynacard_link_free(link));
    CHECK_OK(mynacard_sim_card_free(card));
}

static void what_the_card_says_of_itself(void)
{
    mynacard_sim_card *card = new_card("adult");
    mynacard_link *link = new_link(mynacard_capabilities_short());
    mynacard_driver *driver = NULL;
    mynacard_action action;
    mynacard_card_facts facts;
    CHECK_OK(mynacard_driver_new_facts(link, &driver));
    CHECK(!step(card, driver, &action, 1000));
    CHECK_OK(mynacard_driver_facts(driver, &facts));
    CHECK_OK(facts.card_status);
    CHECK(facts.expiry.year == 2035 && strcmp((const char *)facts.municipality, "99101") == 0);
    CHECK_OK(facts.certificates_status);
    CHECK(facts.signature_certificate == 1 && facts.authentication_certificate == 1);
    CHECK_OK(mynacard_driver_free(driver));
    CHECK_OK(mynacard_link_free(link));
    CHECK_OK(mynacard_sim_card_free(card));
}

int main(void)
{
    int exchanges = exchanges_of_a_whole_reading();
    int at;
    int ending;
    inputs_in_the_wrong_order_change_nothing();
    for (at = 0; at < exchanges; at++)
        for (ending = LOST; ending < ENDINGS; ending++)
            end_at(at, (enum ending)ending);
    a_link_serves_one_driver_at_a_time();
    a_reader_has_one_link_whatever_wraps_it();
    the_next_driver_knows_what_is_selected_unless_the_card_is_another();
    a_careless_host_locks_no_card();
    what_lies_on_the_reader("adult", MYNACARD_TOKEN_CARD);
    what_lies_on_the_reader("iphone", MYNACARD_TOKEN_IPHONE);
    what_the_card_says_of_itself();
    CHECK(mynacard_live_handles() == 0);
    return 0;
}
