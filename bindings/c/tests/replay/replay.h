/* What the players of recordings share. conformance/replay/README.md is the form. */
#ifndef REPLAY_H
#define REPLAY_H

#include "../check.h"

#include <cJSON.h>

/* The recording that is being played, for what a failed check says. */
extern const char *playing;
extern int playing_line;

/* Checks, and says where in which recording it was. */
#define CHECK_PLAYED(condition)                                                           \
    do {                                                                                  \
        if (!(condition)) {                                                               \
            fprintf(stderr, "%s, line %d: %s (%s:%d)\n", playing, playing_line,           \
                    #condition, __FILE__, __LINE__);                                      \
            exit(1);                                                                      \
        }                                                                                 \
    } while (0)

/* The lines of a recording, each a JSON object; the header is the first. */
struct recording {
    cJSON **lines;
    int count;
};

struct recording load(const char *folder, const char *name);
void unload(struct recording *recording);

/* A member that must be there. */
const cJSON *member(const cJSON *object, const char *name);
const char *string(const cJSON *object, const char *name);
uint64_t number(const cJSON *object, const char *name);

/* Bytes of a member in hex, freed by the caller. */
uint8_t *bytes(const cJSON *object, const char *name, size_t *length);
/* Whether bytes are those of a member in hex. */
int is_bytes(const cJSON *object, const char *name, const uint8_t *data, size_t length);

/* Members for what was found. */
void put_number(cJSON *object, const char *name, double value);
void put_text(cJSON *object, const char *name, const char *data, size_t length);
void put_hex(cJSON *object, const char *name, const uint8_t *data, size_t length);
void put_sha256(cJSON *object, const char *name, const uint8_t *data, size_t length);
/* Checks what was found against what was recorded, and frees it. */
void compare(const cJSON *recorded, cJSON *found);

/* The roots that a header names. */
mynacard_roots *roots_of(const cJSON *header);

/* Everything that can be asked of a reading, as the recordings have it. */
cJSON *expect_reading(const mynacard_reading *reading, const mynacard_report *report);
/* What a driver without a number has found. */
cJSON *expect_flow(mynacard_driver *driver, const char *flow);
cJSON *expect_statistics(mynacard_statistics statistics);

/* Plays a recorded reading; gives what was read and what is known about the trust in it. */
void play_reading(const char *name, mynacard_reading **out_reading, mynacard_report **out_report);
/* Plays a recorded encounter. */
void play_encounter(const char *name);

#endif
