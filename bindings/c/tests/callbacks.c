/* A host's functions that fail, lie, re-enter, cancel or free: a code each time, never a spent try. */
#include "check.h"

enum mischief {
    NONE,
    FAILS,
    FAILS_ODDLY,
    ANSWERS_TOO_MUCH,
    ANSWERS_NOTHING,
    REENTERS,
    CANCELS,
    FREES,
    KINDS
};

/* A reading of the face alone: SELECT, SELECT the key, its tries, VERIFY, two READs. */
enum { VERIFY = 3, EXCHANGES = 6 };

struct host {
    mynacard_sim_card *card;
    mynacard_driver *driver;
    enum mischief mischief;
    int at;
    int calls;
    int progress;
    int faces;
};

static mynacard_result transmit(void *userdata, const uint8_t *command, size_t command_length,
                                uint8_t *response, size_t response_capacity,
                                size_t *response_length)
{
    struct host *host = userdata;
    mynacard_action action;
    mynacard_reading *reading = NULL;
    if (host->calls++ == host->at) {
        switch (host->mischief) {
        case FAILS:
            return MYNACARD_LINK_READER_GONE;
        case FAILS_ODDLY:
            return 4711;
        case ANSWERS_TOO_MUCH:
            *response_length = response_capacity + 1;
            return MYNACARD_OK;
        case ANSWERS_NOTHING:
            return MYNACARD_OK;
        case REENTERS:
            CHECK_CODE(MYNACARD_BOUNDARY_HANDLE_BUSY, mynacard_driver_start(host->driver, &action));
            CHECK_CODE(MYNACARD_BOUNDARY_HANDLE_BUSY,
                       mynacard_driver_respond(host->driver, command, 2, &action));
            CHECK_CODE(MYNACARD_BOUNDARY_HANDLE_BUSY,
                       mynacard_driver_reading(host->driver, &reading));
            break;
        case CANCELS:
            CHECK_OK(mynacard_driver_cancel(host->driver));
            break;
        case FREES:
            CHECK_OK(mynacard_driver_free(host->driver));
            break;
        default:
            break;
        }
    }
    return mynacard_sim_transmit(host->card, command, command_length, response, response_capacity,
                                 response_length);
}

static void progress(void *userdata, const mynacard_progress *now)
{
    struct host *host = userdata;
    CHECK(now->phase >= 1 && (now->bytes_expected == 0 || now->bytes_done <= now->bytes_expected));
    host->progress++;
}

static void show_face(void *userdata, const mynacard_face *face)
{
    struct host *host = userdata;
    mynacard_pixels *pixels = NULL;
    CHECK_OK(mynacard_face_pixels(face, MYNACARD_PICTURE_PHOTO, &pixels));
    CHECK_OK(mynacard_pixels_free(pixels));
    host->faces++;
}

static const mynacard_callbacks callbacks = {transmit, progress, show_face};

/* The code that a part must have when the callback misbehaves before it was read. */
static mynacard_result code_of(enum mischief mischief)
{
    switch (mischief) {
    case FAILS:
        return MYNACARD_LINK_READER_GONE;
    case FAILS_ODDLY:
    case ANSWERS_TOO_MUCH:
        return MYNACARD_LINK_TRANSPORT;
    case ANSWERS_NOTHING:
        return MYNACARD_LINK_LOST;
    case CANCELS:
        return MYNACARD_LINK_CANCELLED;
    default:
        return MYNACARD_OK;
    }
}

static void misbehave(enum mischief mischief, int at)
{
    mynacard_link *link = new_link(mynacard_capabilities_extended());
    mynacard_plan plan = mynacard_plan_face_only();
    struct host host = {NULL, NULL, mischief, at, 0, 0, 0};
    mynacard_number_b *number;
    mynacard_reading *reading = NULL;
    mynacard_result status;
    host.card = new_card("adult");
    number = number_of(host.card);
    CHECK_OK(mynacard_driver_new_read(link, number, &plan, &host.driver));
    CHECK_OK(mynacard_driver_run(host.driver, &host, &callbacks));
    CHECK(host.calls == EXCHANGES || mischief != NONE);
    if (mischief == FREES) {
        CHECK(host.calls == at + 1);
        CHECK_CODE(MYNACARD_BOUNDARY_STALE_HANDLE,
                   mynacard_driver_reading(host.driver, &reading));
    } else {
        CHECK_CODE(MYNACARD_MISUSE_ALREADY_DONE, mynacard_driver_run(host.driver, &host, &callbacks));
        CHECK_OK(mynacard_driver_reading(host.driver, &reading));
        status = mynacard_reading_status(reading, MYNACARD_PART_FACE);
        /* What interferes with the VERIFY leaves its outcome unknown; what cancels in the last
           exchange comes too late. */
        if (code_of(mischief) != MYNACARD_OK && at == (mischief == CANCELS ? VERIFY - 1 : VERIFY))
            CHECK_CODE(MYNACARD_CREDENTIAL_OUTCOME_UNKNOWN, status);
        else if (mischief == CANCELS && at == EXCHANGES - 1)
            CHECK_OK(status);
        else
            CHECK_CODE(code_of(mischief), status);
        CHECK((status == MYNACARD_OK) == (host.faces == 1));
        CHECK(host.progress > 0);
        CHECK_OK(mynacard_reading_free(reading));
        CHECK_OK(mynacard_driver_free(host.driver));
    }
    CHECK(presentations(host.card) <= 1);
    CHECK_OK(mynacard_number_b_free(number));
    CHECK_OK(mynacard_link_free(link));
    CHECK_OK(mynacard_sim_card_free(host.card));
}

static void the_one_call_form_maps_a_failure_too(void)
{
    mynacard_link *link = new_link(mynacard_capabilities_extended());
    mynacard_plan plan = mynacard_plan_face_only();
    struct host host = {NULL, NULL, FAILS, 0, 0, 0, 0};
    mynacard_number_b *number;
    mynacard_reading *reading = NULL;
    host.card = new_card("adult");
    number = number_of(host.card);
    CHECK_OK(mynacard_read_with(&host, transmit, link, number, &plan, &reading));
    CHECK_CODE(MYNACARD_LINK_READER_GONE, mynacard_reading_status(reading, MYNACARD_PART_FACE));
    CHECK_OK(mynacard_reading_free(reading));
    CHECK_OK(mynacard_number_b_free(number));
    CHECK_OK(mynacard_link_free(link));
    CHECK_OK(mynacard_sim_card_free(host.card));
}

int main(void)
{
    int mischief;
    int at;
    for (mischief = NONE; mischief < KINDS; mischief++)
        for (at = 0; at < EXCHANGES; at++)
            misbehave((enum mischief)mischief, at);
    the_one_call_form_maps_a_failure_too();
    CHECK(mynacard_live_handles() == 0);
    return 0;
}
