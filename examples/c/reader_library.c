/* The reader call that the library brings, where it is built with MYNACARD_PCSC. */
#include "app.h"

#include <stddef.h>

static mynacard_pcsc_link *card;

mynacard_result app_reader_connect(mynacard_link **out_link)
{
    /* Any reader, ten seconds for the crew to place the card, nobody listening in. */
    mynacard_pcsc_options options = {{NULL, 0}, 10000, 0, MYNACARD_PCSC_EXTENDED_ASK};
    mynacard_result code = mynacard_pcsc_connect(&options, NULL, &card);
    return code == MYNACARD_OK ? mynacard_link_of_pcsc(card, out_link) : code;
}

mynacard_result app_reader_transmit(void *userdata, const uint8_t *command, size_t command_length,
                                    uint8_t *response, size_t response_capacity,
                                    size_t *response_length)
{
    (void)userdata;
    return mynacard_pcsc_transmit(card, command, command_length, response, response_capacity,
                                  response_length);
}

void app_reader_close(void)
{
    mynacard_pcsc_link_free(card);
    card = NULL;
}
