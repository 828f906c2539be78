/* The error table: every code of the header has words for people; unknown codes have none. */
#include "check.h"

int main(void)
{
    CHECK(same(mynacard_result_name(MYNACARD_LINK_LOST), "LinkFault::Lost"));
    CHECK(same(mynacard_result_advice_en(MYNACARD_LINK_LOST),
               "The card moved away. Hold it still on the reader."));
    CHECK(mynacard_result_advice_ja(MYNACARD_CREDENTIAL_BLOCKED).length > 0);
    CHECK(mynacard_result_text(MYNACARD_BOUNDARY_PANICKED).length > 0);
    CHECK(mynacard_result_actor(MYNACARD_LINK_LOST) == MYNACARD_ACTOR_CREW);
    CHECK(mynacard_result_actor(MYNACARD_CREDENTIAL_BLOCKED) == MYNACARD_ACTOR_HOLDER);
    CHECK(mynacard_result_actor(MYNACARD_BOUNDARY_NULL_POINTER) == MYNACARD_ACTOR_INTEGRATOR);
    CHECK(mynacard_result_actor(MYNACARD_LINK_NO_SERVICE) == MYNACARD_ACTOR_OPERATOR);
    CHECK(mynacard_result_name(MYNACARD_OK).length == 0);
    CHECK(mynacard_result_name(65536 + MYNACARD_LINK_LOST).length == 0);
    CHECK(mynacard_result_advice_ja(4294967295u).length == 0);
    CHECK(mynacard_result_advice_ja(4294967295u).data != NULL);
    CHECK(mynacard_result_actor(1) == MYNACARD_ACTOR_NONE);
    return 0;
}
