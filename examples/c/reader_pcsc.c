/* A reader call that belongs to the vendor: PC/SC, through winscard on Windows and pcsc-lite elsewhere.
 * The library never sees a reader. reader_library.c does the same with the library's own. */
#include "app.h"

#include <stdlib.h>
#include <string.h>
#include <winscard.h>

static SCARDCONTEXT context;
static SCARDHANDLE card;
static DWORD protocol;

/* What a PC/SC code means to the library. */
static mynacard_result link_of(LONG code)
{
    switch ((DWORD)code) {
    case (DWORD)SCARD_S_SUCCESS:
        return MYNACARD_OK;
    case (DWORD)SCARD_W_REMOVED_CARD:
    case (DWORD)SCARD_E_NOT_TRANSACTED:
        return MYNACARD_LINK_LOST;
    case (DWORD)SCARD_W_RESET_CARD:
        return MYNACARD_LINK_RESET;
    case (DWORD)SCARD_E_NO_SMARTCARD:
        return MYNACARD_LINK_NO_CARD;
    case (DWORD)SCARD_W_UNRESPONSIVE_CARD:
    case (DWORD)SCARD_W_UNPOWERED_CARD:
        return MYNACARD_LINK_MUTE;
    case (DWORD)SCARD_E_SHARING_VIOLATION:
        return MYNACARD_LINK_BUSY;
    case (DWORD)SCARD_E_READER_UNAVAILABLE:
    case (DWORD)SCARD_E_UNKNOWN_READER:
        return MYNACARD_LINK_READER_GONE;
    case (DWORD)SCARD_E_NO_READERS_AVAILABLE:
        return MYNACARD_LINK_NO_READER;
    case (DWORD)SCARD_E_NO_SERVICE:
    case (DWORD)SCARD_E_SERVICE_STOPPED:
        return MYNACARD_LINK_NO_SERVICE;
    case (DWORD)SCARD_E_TIMEOUT:
        return MYNACARD_LINK_TIMEOUT;
    case (DWORD)SCARD_E_CANCELLED:
        return MYNACARD_LINK_CANCELLED;
    default:
        return MYNACARD_LINK_TRANSPORT;
    }
}

mynacard_result app_reader_connect(mynacard_link **out_link)
{
    mynacard_capabilities capabilities;
    DWORD length = 0;
    char *names;
    const char *name;
    LONG code = SCardEstablishContext(SCARD_SCOPE_SYSTEM, NULL, NULL, &context);
    if (code != SCARD_S_SUCCESS)
        return link_of(code);
    code = SCardListReaders(context, NULL, NULL, &length);
    if (code != SCARD_S_SUCCESS)
        return link_of(code);
    names = calloc(1, length + 2);
    if (names == NULL)
        return MYNACARD_LINK_TRANSPORT;
    code = SCardListReaders(context, NULL, names, &length);
    /* One name after the other, each with its zero; an empty one ends them. */
    for (name = names; code == SCARD_S_SUCCESS && *name != '\0'; name += strlen(name) + 1) {
        code = SCardConnect(context, name, SCARD_SHARE_EXCLUSIVE,
                            SCARD_PROTOCOL_T0 | SCARD_PROTOCOL_T1, &card, &protocol);
        if (code == SCARD_S_SUCCESS) {
            mynacard_str reader = {name, strlen(name)};
            mynacard_result made;
            capabilities = mynacard_capabilities_extended();
            made = mynacard_link_of_reader(reader, &capabilities, out_link);
            free(names);
            return made;
        }
        if (name[strlen(name) + 1] != '\0')
            code = SCARD_S_SUCCESS;
    }
    free(names);
    return code == SCARD_S_SUCCESS ? (mynacard_result)MYNACARD_LINK_NO_READER : link_of(code);
}

mynacard_result app_reader_transmit(void *userdata, const uint8_t *command, size_t command_length,
                                    uint8_t *response, size_t response_capacity,
                                    size_t *response_length)
{
    DWORD length = (DWORD)response_capacity;
    const SCARD_IO_REQUEST *how = protocol == SCARD_PROTOCOL_T0 ? SCARD_PCI_T0 : SCARD_PCI_T1;
    LONG code = SCardTransmit(card, how, command, (DWORD)command_length, NULL, response, &length);
    (void)userdata;
    if (code != SCARD_S_SUCCESS)
        return link_of(code);
    /* A card that is being pulled can give success and nothing. */
    if (length < 2)
        return MYNACARD_LINK_LOST;
    *response_length = length;
    return MYNACARD_OK;
}

void app_reader_close(void)
{
    if (card != 0)
        SCardDisconnect(card, SCARD_RESET_CARD);
    if (context != 0)
        SCardReleaseContext(context);
    card = 0;
    context = 0;
}
