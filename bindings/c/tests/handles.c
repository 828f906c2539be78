/* Null pointers, handles that were freed, are of another type or were made up: refused, and no
 * out-parameter is touched. */
#include "check.h"

static char untouched_;
#define UNTOUCHED ((void *)&untouched_)

static void null_is_refused_everywhere(void)
{
    const mynacard_result null = MYNACARD_BOUNDARY_NULL_POINTER;
    mynacard_sim_card *card = new_card("adult");
    mynacard_number_b *number = number_of(card);
    mynacard_link *link = new_link(mynacard_capabilities_short());
    mynacard_plan plan = mynacard_plan_face_only();
    mynacard_driver *driver = UNTOUCHED;
    mynacard_reading *reading = UNTOUCHED;
    mynacard_action action;
    mynacard_callbacks callbacks = {NULL, NULL, NULL};
    uint8_t byte = 0;

    CHECK_CODE(null, mynacard_number_b_from_digits(NULL, 14, &number));
    CHECK_CODE(null, mynacard_number_b_from_digits(&byte, 1, NULL));
    CHECK_CODE(null, mynacard_number_b_from_ocr_lines(NULL, 1, 0, &number));
    CHECK_CODE(null, mynacard_driver_new_identify(NULL, &driver));
    CHECK_CODE(null, mynacard_driver_new_identify(link, NULL));
    CHECK_CODE(null, mynacard_driver_new_tries(NULL, &driver));
    CHECK_CODE(null, mynacard_driver_new_facts(NULL, &driver));
    CHECK_CODE(null, mynacard_driver_new_read(NULL, number, &plan, &driver));
    CHECK_CODE(null, mynacard_driver_new_read(link, NULL, &plan, &driver));
    CHECK_CODE(null, mynacard_driver_new_read(link, number, NULL, &driver));
    CHECK_CODE(null, mynacard_driver_new_read(link, number, &plan, NULL));
    CHECK(driver == UNTOUCHED);
    CHECK_CODE(null, mynacard_read_with(card, NULL, link, number, &plan, &reading));
    CHECK_CODE(null, mynacard_read_with(card, mynacard_sim_transmit, NULL, number, &plan, &reading));
    CHECK_CODE(null, mynacard_read_with(card, mynacard_sim_transmit, link, NULL, &plan, &reading));
    CHECK_CODE(null, mynacard_read_with(card, mynacard_sim_transmit, link, number, NULL, &reading));
    CHECK_CODE(null, mynacard_read_with(card, mynacard_sim_transmit, link, number, &plan, NULL));
    CHECK(reading == UNTOUCHED);

    CHECK_OK(mynacard_driver_new_read(link, number, &plan, &driver));
    CHECK_CODE(null, mynacard_driver_start(driver, NULL));
    CHECK_CODE(null, mynacard_driver_start(NULL, &action));
    CHECK_CODE(null, mynacard_driver_run(driver, card, NULL));
    CHECK_CODE(null, mynacard_driver_run(driver, card, &callbacks));
    CHECK_CODE(null, mynacard_driver_reading(NULL, &reading));
    CHECK_CODE(null, mynacard_driver_cancel(NULL));
    /* None of this has begun it. */
    CHECK_OK(mynacard_driver_start(driver, &action));
    CHECK_CODE(null, mynacard_driver_respond(driver, NULL, 2, &action));
    CHECK_OK(mynacard_driver_free(driver));

    CHECK_CODE(null, mynacard_reading_face(NULL, NULL));
    CHECK_CODE(null, mynacard_reading_status(NULL, MYNACARD_PART_FACE));
    CHECK_CODE(null, mynacard_face_pixels(NULL, MYNACARD_PICTURE_PHOTO, NULL));
    CHECK_CODE(null, mynacard_pixels_bitmap(NULL, NULL));
    CHECK_CODE(null, mynacard_buffer_bytes(NULL, NULL));
    CHECK_CODE(null, mynacard_wipe(NULL, 1));
    CHECK_OK(mynacard_wipe(NULL, 0));

    /* Freeing nothing is allowed, as with free(). */
    CHECK_OK(mynacard_number_b_free(NULL));
    CHECK_OK(mynacard_driver_free(NULL));
    CHECK_OK(mynacard_reading_free(NULL));
    CHECK_OK(mynacard_face_free(NULL));
    CHECK_OK(mynacard_pixels_free(NULL));
    CHECK_OK(mynacard_buffer_free(NULL));

    CHECK(presentations(card) == 0);
    CHECK_OK(mynacard_number_b_free(number));
    CHECK_OK(mynacard_link_free(link));
    CHECK_OK(mynacard_sim_card_free(card));
}

static void what_was_freed_is_refused(void)
{
    const mynacard_result stale = MYNACARD_BOUNDARY_STALE_HANDLE;
    mynacard_sim_card *card = new_card("adult");
    mynacard_number_b *number = number_of(card);
    mynacard_link *link = new_link(mynacard_capabilities_extended());
    mynacard_plan plan = mynacard_plan_face_only();
    mynacard_reading *reading = NULL;
    mynacard_face *face = NULL;
    mynacard_pixels *pixels = NULL;
    mynacard_driver *driver = NULL;
    mynacard_driver *another = NULL;
    mynacard_action action;
    mynacard_bitmap bitmap;
    memset(&action, 0x5a, sizeof action);

    CHECK_OK(mynacard_driver_new_read(link, number, &plan, &driver));
    CHECK_OK(mynacard_driver_free(driver));
    CHECK_CODE(stale, mynacard_driver_free(driver));
    CHECK_CODE(stale, mynacard_driver_start(driver, &action));
    CHECK(((const unsigned char *)&action)[0] == 0x5a);
    CHECK_CODE(stale, mynacard_driver_cancel(driver));
    /* A new object never answers to an old handle. */
    CHECK_OK(mynacard_driver_new_read(link, number, &plan, &another));
    CHECK(another != driver);
    CHECK_CODE(stale, mynacard_driver_free(driver));
    CHECK_OK(mynacard_driver_free(another));

    CHECK_OK(mynacard_read_with(card, mynacard_sim_transmit, link, number, &plan, &reading));
    CHECK_OK(mynacard_reading_face(reading, &face));
    CHECK_OK(mynacard_face_pixels(face, MYNACARD_PICTURE_PHOTO, &pixels));
    CHECK_OK(mynacard_pixels_free(pixels));
    CHECK_CODE(stale, mynacard_pixels_bitmap(pixels, &bitmap));
    CHECK_CODE(stale, mynacard_pixels_free(pixels));
    CHECK_OK(mynacard_face_free(face));
    CHECK_CODE(stale, mynacard_face_pixels(face, MYNACARD_PICTURE_PHOTO, &pixels));
    CHECK_OK(mynacard_reading_free(reading));
    CHECK_CODE(stale, mynacard_reading_status(reading, MYNACARD_PART_FACE));
    CHECK_OK(mynacard_number_b_free(number));
    CHECK_CODE(stale, mynacard_driver_new_read(link, number, &plan, &driver));
    CHECK_OK(mynacard_link_free(link));
    CHECK_OK(mynacard_sim_card_free(card));
}

static void another_type_and_made_up_handles_are_refused(void)
{
    mynacard_sim_card *card = new_card("adult");
    mynacard_number_b *number = number_of(card);
    mynacard_action action;
    int local = 0;
    CHECK_CODE(MYNACARD_BOUNDARY_WRONG_HANDLE,
               mynacard_driver_start((mynacard_driver *)number, &action));
    CHECK_CODE(MYNACARD_BOUNDARY_WRONG_HANDLE, mynacard_reading_free((mynacard_reading *)number));
    CHECK_CODE(MYNACARD_BOUNDARY_WRONG_HANDLE, mynacard_number_b_free((mynacard_number_b *)card));
    CHECK_CODE(MYNACARD_BOUNDARY_STALE_HANDLE, mynacard_number_b_free((mynacard_number_b *)&local));
    CHECK_CODE(MYNACARD_BOUNDARY_STALE_HANDLE,
               mynacard_driver_start((mynacard_driver *)(uintptr_t)12345, &action));
    CHECK_OK(mynacard_number_b_free(number));
    CHECK_OK(mynacard_sim_card_free(card));
}

static void values_out_of_range_are_refused(void)
{
    mynacard_sim_card *card = new_card("adult");
    mynacard_number_b *number = number_of(card);
    mynacard_number_b *made = NULL;
    mynacard_link *link = new_link(mynacard_capabilities_short());
    mynacard_plan plan = mynacard_plan_all();
    mynacard_driver *driver = NULL;
    static const uint8_t zeros[32];
    const uint8_t latin[] = {0xe9, '1', '2'};
    mynacard_str not_text;
    not_text.data = (const char *)latin;
    not_text.length = sizeof latin;

    plan.parts = 0x100;
    CHECK_CODE(MYNACARD_MISUSE_OUT_OF_RANGE,
               mynacard_driver_new_read(link, number, &plan, &driver));
    plan = mynacard_plan_all();
    plan.nonce = zeros;
    plan.nonce_length = sizeof zeros;
    CHECK_CODE(MYNACARD_MISUSE_OUT_OF_RANGE,
               mynacard_driver_new_read(link, number, &plan, &driver));
    CHECK_CODE(MYNACARD_MISUSE_OUT_OF_RANGE,
               mynacard_number_b_from_printed(text("平成元年1月8日"), text("2035"), text("1234"), 7,
                                              &made));
    CHECK_CODE(MYNACARD_BOUNDARY_NOT_TEXT,
               mynacard_number_b_from_printed(not_text, text("2035"), text("1234"), 0, &made));
    CHECK_CODE(MYNACARD_CREDENTIAL_CALENDAR_UNDECIDED,
               mynacard_number_b_from_printed(text("1992年11月8日"), text("2035"), text("1234"), 0,
                                              &made));
    CHECK_CODE(MYNACARD_CREDENTIAL_LENGTH,
               mynacard_number_b_from_digits((const uint8_t *)"123", 3, &made));
    CHECK(made == NULL && driver == NULL);
    CHECK_OK(mynacard_number_b_from_printed(text("平成元年1月8日"), text("2035年2月1日まで有効"),
                                            text("1234"), 0, &made));
    CHECK_OK(mynacard_number_b_free(made));
    CHECK_OK(mynacard_number_b_free(number));
    CHECK_OK(mynacard_link_free(link));
    CHECK_OK(mynacard_sim_card_free(card));
}

int main(void)
{
    null_is_refused_everywhere();
    what_was_freed_is_refused();
    another_type_and_made_up_handles_are_refused();
    values_out_of_range_are_refused();
    CHECK(mynacard_live_handles() == 0);
    return 0;
}
