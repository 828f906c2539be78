/* What is read from the virtual cards, value by value. */
#include "check.h"

static mynacard_reading *read_all(mynacard_sim_card *card, mynacard_number_b *number)
{
    static const uint8_t nonce[16] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16};
    mynacard_link *link = new_link(mynacard_capabilities_extended());
    mynacard_plan plan = mynacard_plan_all();
    mynacard_reading *reading = NULL;
    plan.nonce = nonce;
    plan.nonce_length = sizeof nonce;
    CHECK_OK(mynacard_read_with(card, mynacard_sim_transmit, link, number, &plan, &reading));
    CHECK_OK(mynacard_link_free(link));
    return reading;
}

static void an_adults_card_gives_everything(void)
{
    mynacard_sim_card *card = new_card("adult");
    mynacard_number_b *number = number_of(card);
    mynacard_reading *reading = read_all(card, number);
    mynacard_face *face = NULL;
    mynacard_face_facts facts;
    mynacard_pixels *pixels = NULL;
    mynacard_bitmap bitmap;
    mynacard_buffer *png = NULL;
    mynacard_bytes bytes;
    mynacard_attributes attributes;
    mynacard_verification verification;
    mynacard_statistics statistics;
    mynacard_str line;

    CHECK_OK(mynacard_reading_status(reading, MYNACARD_PART_PROOF));
    CHECK_OK(mynacard_reading_face(reading, &face));
    CHECK_OK(mynacard_face_get_facts(face, &facts));
    CHECK(facts.birth_date.year == 1985 && facts.birth_date.month == 5);
    CHECK(facts.birth_date.day == 3 && facts.sex == MYNACARD_SEX_MALE);
    CHECK(facts.expiry.year == 2035);

    CHECK_OK(mynacard_face_pixels(face, MYNACARD_PICTURE_PHOTO, &pixels));
    CHECK_OK(mynacard_pixels_bitmap(pixels, &bitmap));
    CHECK(bitmap.width > 100 && bitmap.height > bitmap.width);
    CHECK(bitmap.length == (size_t)bitmap.width * bitmap.height * bitmap.format);
    CHECK_OK(mynacard_pixels_to_png(pixels, &png));
    CHECK_OK(mynacard_buffer_bytes(png, &bytes));
    CHECK(bytes.length > 8 && memcmp(bytes.data, "\x89PNG\r\n\x1a\n", 8) == 0);
    CHECK_OK(mynacard_buffer_free(png));
    CHECK_OK(mynacard_pixels_free(pixels));
    CHECK_OK(mynacard_face_picture_file(face, MYNACARD_PICTURE_NAME, &bytes));
    CHECK(bytes.length > 8 && memcmp(bytes.data, "\x89PNG\r\n\x1a\n", 8) == 0);

    CHECK_OK(mynacard_reading_attributes(reading, &attributes));
    CHECK(same(attributes.name, "救急　太郎"));
    CHECK(same(attributes.address, "架空県蘇生市命町１－２－３"));
    CHECK(memcmp(&attributes.birth_date, &facts.birth_date, sizeof facts.birth_date) == 0);
    CHECK(attributes.sex == facts.sex);
    CHECK_OK(mynacard_reading_certificate(reading, &bytes));
    CHECK(bytes.length > 500 && bytes.data[0] == 0x30);

    CHECK_OK(mynacard_reading_verification(reading, MYNACARD_PART_FACE, &verification));
    CHECK(verification.outcome == MYNACARD_VERIFY_ACCEPTED && verification.spent == 0);
    CHECK(verification.left_before == 10 && verification.floor == 3);
    CHECK_OK(mynacard_reading_statistics(reading, &statistics));
    CHECK(statistics.exchanges > 10 && statistics.bytes_received > 5000);
    CHECK_OK(mynacard_reading_log_line(reading, MYNACARD_PART_FACE, &line));
    CHECK(line.length == 0);
    CHECK(presentations(card) == 2);

    /* The face outlives the reading that it came from. */
    CHECK_OK(mynacard_reading_free(reading));
    CHECK_OK(mynacard_face_get_facts(face, &facts));
    CHECK_OK(mynacard_face_free(face));
    CHECK_OK(mynacard_number_b_free(number));
    CHECK_OK(mynacard_sim_card_free(card));
}

static void a_small_child_has_no_photo_and_that_is_no_error(void)
{
    mynacard_sim_card *card = new_card("child");
    mynacard_number_b *number = number_of(card);
    mynacard_reading *reading = read_all(card, number);
    mynacard_face *face = NULL;
    mynacard_pixels *pixels = NULL;
    CHECK_OK(mynacard_reading_face(reading, &face));
    CHECK_CODE(MYNACARD_BOUNDARY_ABSENT,
               mynacard_face_pixels(face, MYNACARD_PICTURE_PHOTO, &pixels));
    CHECK(pixels == NULL);
    CHECK_OK(mynacard_face_pixels(face, MYNACARD_PICTURE_NAME, &pixels));
    CHECK_OK(mynacard_pixels_free(pixels));
    CHECK_OK(mynacard_face_free(face));
    CHECK_OK(mynacard_reading_free(reading));
    CHECK_OK(mynacard_number_b_free(number));
    CHECK_OK(mynacard_sim_card_free(card));
}

static void a_wrong_number_costs_one_try_and_says_so(void)
{
    mynacard_sim_card *card = new_card("adult");
    mynacard_sim_card *other = new_card("foreign");
    mynacard_number_b *wrong = number_of(other);
    mynacard_reading *reading = read_all(card, wrong);
    mynacard_face *face = NULL;
    mynacard_verification verification;
    mynacard_str line;
    CHECK_CODE(MYNACARD_CREDENTIAL_REJECTED, mynacard_reading_face(reading, &face));
    CHECK(face == NULL);
    CHECK_OK(mynacard_reading_verification(reading, MYNACARD_PART_FACE, &verification));
    CHECK(verification.outcome == MYNACARD_VERIFY_REJECTED);
    CHECK(verification.spent == 1 && verification.left_before == 10 && verification.left == 9);
    CHECK_CODE(MYNACARD_BOUNDARY_ABSENT,
               mynacard_reading_status(reading, MYNACARD_PART_ATTRIBUTES));
    CHECK_OK(mynacard_reading_log_line(reading, MYNACARD_PART_FACE, &line));
    CHECK(line.length > 0);
    CHECK(presentations(card) == 1);
    CHECK_OK(mynacard_reading_free(reading));
    CHECK_OK(mynacard_number_b_free(wrong));
    CHECK_OK(mynacard_sim_card_free(other));
    CHECK_OK(mynacard_sim_card_free(card));
}

int main(void)
{
    CHECK(mynacard_abi_version() == MYNACARD_ABI_VERSION);
    CHECK(same(mynacard_version(), MYNACARD_VERSION));
    an_adults_card_gives_everything();
    a_small_child_has_no_photo_and_that_is_no_error();
    a_wrong_number_costs_one_try_and_says_so();
    CHECK(mynacard_live_handles() == 0);
    return 0;
}
