/* In the place of reader_pcsc.c where there is no PC/SC to build with: virtual cards only. */
#include "app.h"

mynacard_result app_reader_connect(mynacard_link **out_link)
{
    (void)out_link;
    return MYNACARD_LINK_NO_SERVICE;
}

mynacard_result app_reader_transmit(void *userdata, const uint8_t *command, size_t command_length,
                                    uint8_t *response, size_t response_capacity,
                                    size_t *response_length)
{
    (void)userdata;
    (void)command;
    (void)command_length;
    (void)response;
    (void)response_capacity;
    (void)response_length;
    return MYNACARD_LINK_NO_SERVICE;
}

void app_reader_close(void) {}
