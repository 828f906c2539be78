/* What both apps need of the system, in C: random numbers, the time, a new file, and a card through PC/SC. */
#ifndef APP_H
#define APP_H

#include <mynacard.h>
#include <stdio.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Bytes from the system's cryptographic generator; ends the app if there are none. */
void app_random(uint8_t *bytes, size_t count);

/** Milliseconds since 1970. */
uint64_t app_now(void);

/** Makes a file for its owner alone (on Windows with the access rights of its folder), to be written. NULL,
 * and errno, if it cannot be made, or if anything is there already: also a link, which is not followed. */
FILE *app_new_file(const char *path);

/** Connects to the card on the first reader that has one, and makes the link to it, which the caller frees.
 * MYNACARD_OK, or one of MYNACARD_LINK_... */
mynacard_result app_reader_connect(mynacard_link **out_link);

/** Sends a command to that card: a mynacard_transmit_callback. */
mynacard_result app_reader_transmit(void *userdata, const uint8_t *command, size_t command_length,
                                    uint8_t *response, size_t response_capacity,
                                    size_t *response_length);

/** Lets go of the card. */
void app_reader_close(void);

#ifdef __cplusplus
}
#endif

#endif
