/* A vendor's tablet app, for a terminal: a drill from the card to the hand-over.
 *
 * LOG is a new file: the log of one run, its owner's alone. Nothing else is written.
 *
 *   tablet LOG                   the card on the PC/SC reader, its digits from standard input
 *   tablet LOG --sim PROFILE     a virtual card (a library built with MYNACARD_SIM)
 *
 * Questions are answered on standard input with y or n. */
#include "app.h"

#include <stdlib.h>
#include <string.h>

#define CREW (text("crew-1"))

struct app {
    FILE *log_file;
    mynacard_log *log;
    mynacard_encounter *encounter;
    mynacard_transmit_callback transmit;
    void *card;
    mynacard_link *link;
    int face_shown;
};

static mynacard_str text(const char *zero_terminated)
{
    mynacard_str made = {zero_terminated, strlen(zero_terminated)};
    return made;
}

/* Says what a code means to the crew, and ends the app; the system takes everything back. */
static void expect(mynacard_result code)
{
    if (code == MYNACARD_OK)
        return;
    printf("! %u %.*s\n", code, MYNACARD_STR(mynacard_result_advice_ja(code)));
    fprintf(stderr, "%.*s\n", MYNACARD_STR(mynacard_result_text(code)));
    app_reader_close();
    exit(1);
}

static int answered_yes(const char *question)
{
    char line[16] = "";
    printf("%s [y/n] ", question);
    fflush(stdout);
    return fgets(line, sizeof line, stdin) != NULL && line[0] == 'y';
}

/* Stores what has happened, one line after the other; a permit is in force once its line is stored. */
static void record(struct app *app)
{
    mynacard_line line;
    while (mynacard_log_next_line(app->log, app->encounter, &line) == MYNACARD_OK) {
        if (fwrite(line.text.data, 1, line.text.length, app->log_file) != line.text.length ||
            fflush(app->log_file) != 0)
            exit(2); /* nothing that is not recorded may be seen; a tablet also calls fsync */
        expect(mynacard_log_confirm(app->log, app->encounter, line.ticket, app_now()));
        if (app->encounter == NULL)
            break;
    }
}

static void tell(struct app *app, uint32_t event)
{
    expect(mynacard_encounter_record(app->encounter, event, CREW, app_now()));
    printf("  [%u] %.*s\n", event, MYNACARD_STR(mynacard_event_label_ja(event)));
    record(app);
}

static void open_drill(struct app *app)
{
    uint8_t id[16], log_id[16], salt[32], seal_key[32];
    mynacard_log_start log = {1, log_id, seal_key, {NULL, 0}};
    mynacard_encounter_start start = {1, id, salt, 0, {NULL, 0}};
    app_random(id, sizeof id);
    app_random(log_id, sizeof log_id);
    app_random(salt, sizeof salt);
    app_random(seal_key, sizeof seal_key); /* a real tablet sends it to the office first */
    log.device = text("tablet-01");
    start.crew = CREW;
    expect(mynacard_log_create(&log, app_now(), &app->log));
    record(app);
    expect(mynacard_encounter_open(&start, app_now(), &app->encounter));
    record(app);
    expect(mynacard_wipe(salt, sizeof salt));
    expect(mynacard_wipe(seal_key, sizeof seal_key));
}

static mynacard_number_b *typed_number(void)
{
    mynacard_number_b *number = NULL;
    char typed[64] = "";
    printf("照合番号B (14): ");
    fflush(stdout);
    if (fgets(typed, sizeof typed, stdin) == NULL)
        exit(1);
    typed[strcspn(typed, "\r\n")] = '\0';
    expect(mynacard_number_b_from_digits((const uint8_t *)typed, strlen(typed), &number));
    expect(mynacard_wipe((uint8_t *)typed, sizeof typed));
    return number;
}

/* The face is shown as soon as it is there; here as its size, since this is a terminal. */
static void show_face(void *userdata, const mynacard_face *face)
{
    struct app *app = userdata;
    mynacard_pixels *photo = NULL;
    mynacard_bitmap bitmap;
    if (mynacard_face_pixels(face, MYNACARD_PICTURE_PHOTO, &photo) != MYNACARD_OK) {
        puts("顔写真なし");
        return;
    }
    expect(mynacard_pixels_bitmap(photo, &bitmap));
    printf("顔写真 %u x %u\n", bitmap.width, bitmap.height);
    expect(mynacard_pixels_free(photo));
    app->face_shown = 1;
}

static mynacard_result transmit(void *userdata, const uint8_t *command, size_t command_length,
                                uint8_t *response, size_t response_capacity,
                                size_t *response_length)
{
    struct app *app = userdata;
    return app->transmit(app->card, command, command_length, response, response_capacity,
                         response_length);
}

static mynacard_reading *read_card(struct app *app, mynacard_number_b *number)
{
    static const mynacard_callbacks callbacks = {transmit, NULL, show_face};
    mynacard_plan plan = mynacard_plan_all();
    mynacard_driver *driver = NULL;
    mynacard_reading *reading = NULL;
    uint8_t nonce[32];
    app_random(nonce, sizeof nonce);
    plan.nonce = nonce;
    plan.nonce_length = sizeof nonce;
    expect(mynacard_driver_new_read(app->link, number, &plan, &driver));
    expect(mynacard_driver_run(driver, app, &callbacks));
    expect(mynacard_driver_reading(driver, &reading));
    expect(mynacard_driver_free(driver));
    return reading;
}

/* What the chip holds in a form that is not understood is shown as unknown, with all the rest. */
static void show_patient(const mynacard_attributes *patient)
{
    const mynacard_str unknown = text("不詳");
    const mynacard_date *day = &patient->birth_date;
    printf("氏名 %.*s\n", MYNACARD_STR(patient->name.length > 0 ? patient->name : unknown));
    printf("住所 %.*s\n", MYNACARD_STR(patient->address.length > 0 ? patient->address : unknown));
    if (day->year != 0)
        printf("生年月日 %04u-%02u-%02u\n", day->year, day->month, day->day);
    else
        printf("生年月日 %.*s\n", MYNACARD_STR(unknown));
}

/* Shows what was read, and tells the encounter. */
static void take_card(struct app *app, mynacard_reading *reading, mynacard_roots *roots)
{
    mynacard_clock clock = {MYNACARD_CLOCK_TRUSTED, 0};
    mynacard_report *report = NULL;
    mynacard_statement verdict;
    mynacard_attributes patient;
    uint32_t event = 0;
    clock.unix_millis = app_now();
    expect(mynacard_reading_status(reading, MYNACARD_PART_FACE));
    expect(mynacard_reading_examine(reading, roots, &clock, &report));
    expect(mynacard_report_verdict_statement(report, &verdict));
    printf("真正性 %.*s\n", MYNACARD_STR(verdict.ja));
    if (mynacard_reading_attributes(reading, &patient) == MYNACARD_OK)
        show_patient(&patient);
    expect(mynacard_encounter_card_read(app->encounter, reading, MYNACARD_SAME_CARD_CHIPS_TELL, CREW, app_now(),
                                        &event));
    printf("  [%u] %.*s\n", event, MYNACARD_STR(mynacard_event_label_ja(event)));
    record(app);
    expect(mynacard_report_free(report));
    expect(mynacard_reading_free(reading));
}

/* A source would ask the service; in a drill the patient is invented. */
static mynacard_result ask_source(void *userdata, const mynacard_query *query,
                                  mynacard_answer *answer)
{
    static const char none[] = "{\"synthetic\":true,\"profile\":\"adult\",\"about\":\"drill\","
                               "\"answer\":\"not-registered\"}";
    mynacard_result code = mynacard_answer_given_at(answer, app_now());
    (void)userdata;
    (void)query;
    return code != MYNACARD_OK ? code : mynacard_answer_give(answer, (const uint8_t *)none, sizeof none - 1);
}

static void see_summary(struct app *app)
{
    uint32_t event = 0;
    expect(mynacard_encounter_request_permit(app->encounter, MYNACARD_SCOPE_SUMMARY, CREW,
                                             app_now()));
    record(app);
    expect(mynacard_encounter_fetch(app->encounter, MYNACARD_SCOPE_SUMMARY, CREW, app_now(), NULL,
                                    ask_source, &event));
    if (event != 0)
        printf("  [%u] %.*s\n", event, MYNACARD_STR(mynacard_event_label_ja(event)));
    record(app);
}

static void hand_over(struct app *app)
{
    mynacard_buffer *script = NULL;
    mynacard_bytes bytes;
    expect(mynacard_encounter_handover(app->encounter, MYNACARD_HANDOVER_SCRIPT, app_now(), &script));
    expect(mynacard_buffer_bytes(script, &bytes));
    printf("%.*s", MYNACARD_STR(bytes));
    expect(mynacard_buffer_free(script));
    tell(app, MYNACARD_EVENT_HANDED_OVER);
}

int main(int argc, char **argv)
{
    struct app app = {NULL, NULL, NULL, app_reader_transmit, NULL, NULL, 0};
    mynacard_number_b *number = NULL;
    mynacard_roots *roots = NULL;
    if (mynacard_abi_version() != MYNACARD_ABI_VERSION || argc < 2) {
        fprintf(stderr, "usage: tablet NEW-LOG [--sim PROFILE]\n");
        return 2;
    }
    app.log_file = app_new_file(argv[1]);
    if (app.log_file == NULL) {
        perror(argv[1]);
        return 2;
    }
    open_drill(&app);
#ifdef MYNACARD_SIM
    if (argc == 4 && strcmp(argv[2], "--sim") == 0) {
        mynacard_sim_card *card = NULL;
        mynacard_bytes digits;
        expect(mynacard_sim_card_new(text(argv[3]), &card));
        expect(mynacard_sim_card_number_b(card, &digits));
        expect(mynacard_number_b_from_digits(digits.data, digits.length, &number));
        expect(mynacard_sim_roots(&roots));
        app.card = card;
        app.transmit = mynacard_sim_transmit;
        expect(mynacard_link_of_sim(card, &app.link));
    }
#endif
    if (number == NULL) {
        expect(app_reader_connect(&app.link));
        expect(mynacard_roots_production(&roots));
        number = typed_number();
    }

    take_card(&app, read_card(&app, number), roots);
    if (!answered_yes("顔は一致しますか")) {
        tell(&app, MYNACARD_EVENT_FACE_DIFFERS);
        tell(&app, MYNACARD_EVENT_END_FACE_DIFFERS);
    } else {
        tell(&app, MYNACARD_EVENT_FACE_MATCHED);
        if (answered_yes("本人は同意しましたか")) {
            tell(&app, MYNACARD_EVENT_CONSENT_BY_PATIENT);
            see_summary(&app);
            hand_over(&app);
        } else {
            tell(&app, MYNACARD_EVENT_CONSENT_REFUSED);
            tell(&app, MYNACARD_EVENT_END_REFUSED);
        }
    }

    expect(mynacard_number_b_free(number));
    expect(mynacard_roots_free(roots));
    expect(mynacard_encounter_free(app.encounter));
    expect(mynacard_log_free(app.log));
    expect(mynacard_link_free(app.link));
#ifdef MYNACARD_SIM
    expect(mynacard_sim_card_free(app.card));
#endif
    app_reader_close();
    fclose(app.log_file);
    return mynacard_live_handles() == 0 ? 0 : 4;
}
