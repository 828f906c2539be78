/* What threads may share: everything, but a driver by one call at a time; cancelling is always free. */
#include "check.h"

#include <pthread.h>
#include <stdatomic.h>

enum { THREADS = 4, ROUNDS = 20 };

static mynacard_face *shared_face;
static mynacard_reading *shared_reading;

static void *look(void *unused)
{
    int round;
    (void)unused;
    for (round = 0; round < ROUNDS; round++) {
        mynacard_face *face = NULL;
        mynacard_face_facts facts;
        mynacard_bytes file;
        CHECK_OK(mynacard_face_get_facts(shared_face, &facts));
        CHECK_OK(mynacard_reading_face(shared_reading, &face));
        CHECK_OK(mynacard_face_picture_file(face, MYNACARD_PICTURE_PHOTO, &file));
        CHECK(file.length > 1000);
        CHECK_OK(mynacard_face_free(face));
    }
    return NULL;
}

static void a_reading_and_a_face_are_shared(void)
{
    mynacard_sim_card *card = new_card("adult");
    mynacard_number_b *number = number_of(card);
    mynacard_link *link = new_link(mynacard_capabilities_extended());
    mynacard_plan plan = mynacard_plan_face_only();
    pthread_t threads[THREADS];
    int at;
    CHECK_OK(
        mynacard_read_with(card, mynacard_sim_transmit, link, number, &plan, &shared_reading));
    CHECK_OK(mynacard_reading_face(shared_reading, &shared_face));
    for (at = 0; at < THREADS; at++)
        CHECK(pthread_create(&threads[at], NULL, look, NULL) == 0);
    for (at = 0; at < THREADS; at++)
        CHECK(pthread_join(threads[at], NULL) == 0);
    CHECK_OK(mynacard_face_free(shared_face));
    CHECK_OK(mynacard_reading_free(shared_reading));
    CHECK_OK(mynacard_number_b_free(number));
    CHECK_OK(mynacard_link_free(link));
    CHECK_OK(mynacard_sim_card_free(card));
}

struct reader {
    mynacard_sim_card *card;
    mynacard_driver *driver;
    atomic_int inside;
    atomic_int go_on;
};

/* Waits inside the first exchange until the other thread has said so. */
static mynacard_result slow_transmit(void *userdata, const uint8_t *command, size_t command_length,
                                     uint8_t *response, size_t response_capacity,
                                     size_t *response_length)
{
    struct reader *reader = userdata;
    atomic_store(&reader->inside, 1);
    while (!atomic_load(&reader->go_on))
        ;
    return mynacard_sim_transmit(reader->card, command, command_length, response, response_capacity,
                                 response_length);
}

static void *read_card(void *userdata)
{
    struct reader *reader = userdata;
    static const mynacard_callbacks callbacks = {slow_transmit, NULL, NULL};
    CHECK_OK(mynacard_driver_run(reader->driver, reader, &callbacks));
    return NULL;
}

static void a_driver_is_used_by_one_call_and_cancelled_from_anywhere(void)
{
    mynacard_link *link = new_link(mynacard_capabilities_extended());
    mynacard_plan plan = mynacard_plan_all();
    struct reader reader;
    mynacard_number_b *number;
    mynacard_action action;
    mynacard_reading *reading = NULL;
    pthread_t thread;
    reader.card = new_card("adult");
    atomic_init(&reader.inside, 0);
    atomic_init(&reader.go_on, 0);
    number = number_of(reader.card);
    CHECK_OK(mynacard_driver_new_read(link, number, &plan, &reader.driver));
    CHECK(pthread_create(&thread, NULL, read_card, &reader) == 0);
    while (!atomic_load(&reader.inside))
        ;
    CHECK_CODE(MYNACARD_BOUNDARY_HANDLE_BUSY, mynacard_driver_start(reader.driver, &action));
    CHECK_CODE(MYNACARD_BOUNDARY_HANDLE_BUSY, mynacard_driver_reading(reader.driver, &reading));
    CHECK_OK(mynacard_driver_cancel(reader.driver));
    atomic_store(&reader.go_on, 1);
    CHECK(pthread_join(thread, NULL) == 0);
    CHECK_OK(mynacard_driver_reading(reader.driver, &reading));
    CHECK_CODE(MYNACARD_LINK_CANCELLED, mynacard_reading_status(reading, MYNACARD_PART_FACE));
    CHECK(presentations(reader.card) == 0);
    CHECK_OK(mynacard_reading_free(reading));
    CHECK_OK(mynacard_driver_free(reader.driver));
    CHECK_OK(mynacard_number_b_free(number));
    CHECK_OK(mynacard_link_free(link));
    CHECK_OK(mynacard_sim_card_free(reader.card));
}

int main(void)
{
    a_reading_and_a_face_are_shared();
    a_driver_is_used_by_one_call_and_cancelled_from_anywhere();
    CHECK(mynacard_live_handles() == 0);
    return 0;
}
