/* Compiled for Microsoft's interface, without any C library, and linked with mynacard.lib. What it
 * passes and gets by value is where compilers could differ. */
#include <mynacard.h>

int start(void)
{
    static const uint8_t digits[] = {'1', '2', '3'};
    mynacard_capabilities link = mynacard_capabilities_extended();
    mynacard_number_b *number = 0;
    if (mynacard_abi_version() != MYNACARD_ABI_VERSION)
        return 1;
    if (link.extended_length != 1 || link.max_command < 261 || link.max_response < 65538)
        return 2;
    if (mynacard_number_b_from_digits(digits, sizeof digits, &number) == MYNACARD_OK || number)
        return 3;
    if (mynacard_result_advice_ja(MYNACARD_LINK_LOST).length == 0)
        return 4;
    return mynacard_live_handles() == 0 ? 0 : 5;
}
