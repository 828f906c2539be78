/* Readers through PC/SC, one thing at a time, for the tests of interop/ that bring a daemon and a card:
 *
 *   pcsc readers                   the names of the readers
 *   pcsc connect MILLIS [READER]   the code of connecting
 *   pcsc read DIGITS               the codes of a reading
 *   pcsc stop DIGITS               the same, cancelled amid the photo
 *   pcsc watch COUNT               so many events
 *   pcsc cancel                    waits that another thread cancels
 *   pcsc removal READER            waits until the card is gone
 *   pcsc misuse                    handles that are none, and two calls at once */
#include "check.h"

#include <pthread.h>
#include <time.h>

static const uint64_t for_ever = UINT64_MAX;
static const uint64_t patience = 30000;

static mynacard_pcsc_options options_of(uint64_t wait_millis, const char *reader)
{
    mynacard_pcsc_options options = {{NULL, 0}, 0, 0, MYNACARD_PCSC_EXTENDED_ASK};
    options.wait_millis = wait_millis;
    if (reader != NULL)
        options.reader = text(reader);
    return options;
}

static void list_readers(void)
{
    mynacard_pcsc_readers *readers = NULL;
    mynacard_str name;
    size_t at;
    mynacard_result code = mynacard_pcsc_readers_list(&readers);
    for (at = 0; mynacard_pcsc_readers_name(readers, at, &name) == MYNACARD_OK; at++)
        printf("%.*s\n", MYNACARD_STR(name));
    printf("%u, %zu readers\n", code, at);
    CHECK_OK(mynacard_pcsc_readers_free(readers));
}

static void try_to_connect(uint64_t wait_millis, const char *reader)
{
    mynacard_pcsc_options options = options_of(wait_millis, reader);
    mynacard_pcsc_link *link = NULL;
    mynacard_str name;
    mynacard_result code = mynacard_pcsc_connect(&options, NULL, &link);
    printf("connect %u\n", code);
    if (code != MYNACARD_OK) {
        CHECK(link == NULL);
        return;
    }
    CHECK_OK(mynacard_pcsc_link_reader(link, &name));
    printf("on %.*s\n", MYNACARD_STR(name));
    CHECK_OK(mynacard_pcsc_link_free(link));
}

struct stopping {
    mynacard_pcsc_cancellation *cancellation;
    mynacard_pcsc_link *link;
    int stops;
};

static void show_progress(void *userdata, const mynacard_progress *progress)
{
    struct stopping *stopping = userdata;
    if (stopping->stops && progress->bytes_done > 1000)
        CHECK_OK(mynacard_pcsc_cancel(stopping->cancellation));
}

static mynacard_result transmit(void *userdata, const uint8_t *command, size_t command_length,
                                uint8_t *response, size_t response_capacity,
                                size_t *response_length)
{
    struct stopping *stopping = userdata;
    return mynacard_pcsc_transmit(stopping->link, command, command_length, response,
                                  response_capacity, response_length);
}

/* What the link says after a reading: one that has failed repeats its fault, and sends nothing. */
static mynacard_result link_code(mynacard_pcsc_link *link)
{
    static const uint8_t challenge[] = {0x00, 0x84, 0x00, 0x00, 0x08};
    uint8_t answer[258];
    size_t length = 0;
    mynacard_result code = mynacard_pcsc_transmit(link, challenge, sizeof challenge, answer,
                                                  sizeof answer, &length);
    CHECK((length >= 2) == (code == MYNACARD_OK));
    return code;
}

static void read_card(const char *digits, int stops)
{
    mynacard_pcsc_options options = options_of(patience, NULL);
    mynacard_callbacks callbacks = {transmit, show_progress, NULL};
    mynacard_plan plan = mynacard_plan_all();
    mynacard_link *card = NULL;
    mynacard_number_b *number = NULL;
    mynacard_driver *driver = NULL;
    mynacard_reading *reading = NULL;
    struct stopping stopping = {NULL, NULL, stops};
    CHECK_OK(mynacard_pcsc_cancellation_new(&stopping.cancellation));
    CHECK_OK(mynacard_number_b_from_digits((const uint8_t *)digits, strlen(digits), &number));
    CHECK_OK(mynacard_pcsc_connect(&options, stopping.cancellation, &stopping.link));
    CHECK_OK(mynacard_link_of_pcsc(stopping.link, &card));
    CHECK_OK(mynacard_driver_new_read(card, number, &plan, &driver));
    CHECK_OK(mynacard_driver_run(driver, &stopping, &callbacks));
    CHECK_OK(mynacard_driver_reading(driver, &reading));
    printf("face %u, attributes %u, certificate %u, link %u\n",
           mynacard_reading_status(reading, MYNACARD_PART_FACE),
           mynacard_reading_status(reading, MYNACARD_PART_ATTRIBUTES),
           mynacard_reading_status(reading, MYNACARD_PART_CERTIFICATE), link_code(stopping.link));
    CHECK_OK(mynacard_reading_free(reading));
    CHECK_OK(mynacard_driver_free(driver));
    CHECK_OK(mynacard_number_b_free(number));
    CHECK_OK(mynacard_link_free(card));
    CHECK_OK(mynacard_pcsc_link_free(stopping.link));
    CHECK_OK(mynacard_pcsc_cancellation_free(stopping.cancellation));
}

static void watch(int count)
{
    static const char *const names[] = {"nothing", "added", "removed", "card", "mute", "no card"};
    mynacard_pcsc_monitor *monitor = NULL;
    mynacard_pcsc_event event;
    CHECK_OK(mynacard_pcsc_monitor_new(NULL, &monitor));
    for (; count > 0; count--) {
        CHECK_OK(mynacard_pcsc_monitor_next(monitor, patience, &event));
        printf("%s: %.*s, %d, %u\n", names[event.kind], MYNACARD_STR(event.reader),
               (int)event.interface, event.in_use);
        fflush(stdout);
    }
    CHECK_OK(mynacard_pcsc_monitor_next(monitor, 0, &event));
    CHECK(event.kind == MYNACARD_PCSC_NOTHING && event.reader.length == 0);
    CHECK_OK(mynacard_pcsc_monitor_free(monitor));
}

static void wait_a_little(void)
{
    struct timespec time = {0, 300000000};
    nanosleep(&time, NULL);
}

static void *cancel_soon(void *cancellation)
{
    wait_a_little();
    CHECK_OK(mynacard_pcsc_cancel(cancellation));
    return NULL;
}

static mynacard_result wait_in_monitor(const mynacard_pcsc_cancellation *cancellation)
{
    mynacard_pcsc_monitor *monitor = NULL;
    mynacard_pcsc_event event;
    mynacard_result code = mynacard_pcsc_monitor_new(cancellation, &monitor);
    while (code == MYNACARD_OK)
        code = mynacard_pcsc_monitor_next(monitor, for_ever, &event);
    CHECK_OK(mynacard_pcsc_monitor_free(monitor));
    return code;
}

static mynacard_result wait_for_card(const mynacard_pcsc_cancellation *cancellation)
{
    mynacard_pcsc_options options = options_of(for_ever, NULL);
    mynacard_pcsc_link *link = NULL;
    return mynacard_pcsc_connect(&options, cancellation, &link);
}

static void cancel_waits(void)
{
    mynacard_result (*const waits[])(const mynacard_pcsc_cancellation *) = {wait_in_monitor,
                                                                            wait_for_card};
    size_t at;
    for (at = 0; at < sizeof waits / sizeof waits[0]; at++) {
        mynacard_pcsc_cancellation *cancellation = NULL;
        pthread_t thread;
        CHECK_OK(mynacard_pcsc_cancellation_new(&cancellation));
        CHECK(pthread_create(&thread, NULL, cancel_soon, cancellation) == 0);
        CHECK_CODE(MYNACARD_LINK_CANCELLED, waits[at](cancellation));
        CHECK(pthread_join(thread, NULL) == 0);
        /* It stays cancelled. */
        CHECK_CODE(MYNACARD_LINK_CANCELLED, waits[at](cancellation));
        CHECK_OK(mynacard_pcsc_cancellation_free(cancellation));
    }
    puts("cancelled");
}

static void *wait_with(void *monitor)
{
    mynacard_pcsc_event event;
    mynacard_result code = MYNACARD_OK;
    while (code == MYNACARD_OK)
        code = mynacard_pcsc_monitor_next(monitor, for_ever, &event);
    CHECK_CODE(MYNACARD_LINK_CANCELLED, code);
    return NULL;
}

static void misuse(void)
{
    static const uint8_t challenge[] = {0x00, 0x84, 0x00, 0x00, 0x08};
    mynacard_pcsc_options options = options_of(0, NULL);
    mynacard_pcsc_cancellation *cancellation = NULL;
    mynacard_pcsc_monitor *monitor = NULL;
    mynacard_pcsc_link *link = NULL;
    mynacard_pcsc_event event;
    uint8_t answer[258];
    size_t length = 7;
    pthread_t thread;
    CHECK_CODE(MYNACARD_BOUNDARY_NULL_POINTER, mynacard_pcsc_connect(NULL, NULL, &link));
    CHECK_CODE(MYNACARD_BOUNDARY_NULL_POINTER, mynacard_pcsc_connect(&options, NULL, NULL));
    CHECK_CODE(MYNACARD_BOUNDARY_NULL_POINTER, mynacard_pcsc_cancel(NULL));
    CHECK_CODE(MYNACARD_BOUNDARY_NULL_POINTER, mynacard_pcsc_monitor_next(NULL, 0, &event));
    CHECK_CODE(MYNACARD_BOUNDARY_NULL_POINTER,
               mynacard_pcsc_transmit(NULL, challenge, sizeof challenge, answer, sizeof answer,
                                      &length));
    options.shared = 2;
    CHECK_CODE(MYNACARD_MISUSE_OUT_OF_RANGE, mynacard_pcsc_connect(&options, NULL, &link));
    options.shared = 0;
    options.extended_length = 3;
    CHECK_CODE(MYNACARD_MISUSE_OUT_OF_RANGE, mynacard_pcsc_connect(&options, NULL, &link));
    CHECK(link == NULL && length == 7);

    CHECK_OK(mynacard_pcsc_cancellation_new(&cancellation));
    CHECK_OK(mynacard_pcsc_monitor_new(cancellation, &monitor));
    CHECK_CODE(MYNACARD_BOUNDARY_WRONG_HANDLE,
               mynacard_pcsc_transmit(monitor, challenge, sizeof challenge, answer, sizeof answer,
                                      &length));
    CHECK(pthread_create(&thread, NULL, wait_with, monitor) == 0);
    wait_a_little();
    CHECK_CODE(MYNACARD_BOUNDARY_HANDLE_BUSY, mynacard_pcsc_monitor_next(monitor, 0, &event));
    CHECK_OK(mynacard_pcsc_cancel(cancellation));
    CHECK(pthread_join(thread, NULL) == 0);
    CHECK_OK(mynacard_pcsc_cancellation_free(cancellation));
    CHECK_OK(mynacard_pcsc_monitor_free(monitor));
    CHECK_CODE(MYNACARD_BOUNDARY_STALE_HANDLE, mynacard_pcsc_cancel(cancellation));
    CHECK_CODE(MYNACARD_BOUNDARY_STALE_HANDLE, mynacard_pcsc_monitor_next(monitor, 0, &event));
    puts("refused");
}

int main(int argc, char **argv)
{
    const char *command = argc < 2 ? "" : argv[1];
    const char *argument = argc < 3 ? NULL : argv[2];
    if (strcmp(command, "readers") == 0)
        list_readers();
    else if (strcmp(command, "connect") == 0 && argument != NULL)
        try_to_connect(strtoull(argument, NULL, 10), argc < 4 ? NULL : argv[3]);
    else if (strcmp(command, "read") == 0 && argument != NULL)
        read_card(argument, 0);
    else if (strcmp(command, "stop") == 0 && argument != NULL)
        read_card(argument, 1);
    else if (strcmp(command, "watch") == 0 && argument != NULL)
        watch(atoi(argument));
    else if (strcmp(command, "cancel") == 0)
        cancel_waits();
    else if (strcmp(command, "removal") == 0 && argument != NULL)
        printf("removal %u\n", mynacard_pcsc_wait_for_removal(text(argument), patience, NULL));
    else if (strcmp(command, "misuse") == 0)
        misuse();
    else
        CHECK(!"a command");
    CHECK(mynacard_live_handles() == 0);
    return 0;
}
