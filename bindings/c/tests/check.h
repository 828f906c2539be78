/* What the tests share: a check that ends the test with its place, and a virtual card to read. */
#ifndef CHECK_H
#define CHECK_H

#include <mynacard.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CHECK(condition)                                                                  \
    do {                                                                                  \
        if (!(condition)) {                                                               \
            fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition);               \
            exit(1);                                                                      \
        }                                                                                 \
    } while (0)

/* Checks a result code, and says which one came instead. */
#define CHECK_CODE(expected, call)                                                        \
    do {                                                                                  \
        mynacard_result found_ = (call);                                                  \
        if (found_ != (mynacard_result)(expected)) {                                      \
            fprintf(stderr, "%s:%d: %s: %u %.*s\n", __FILE__, __LINE__, #call, found_,    \
                    MYNACARD_STR(mynacard_result_name(found_)));                          \
            exit(1);                                                                      \
        }                                                                                 \
    } while (0)

#define CHECK_OK(call) CHECK_CODE(MYNACARD_OK, call)

static inline mynacard_str text(const char *zero_terminated)
{
    mynacard_str made;
    made.data = zero_terminated;
    made.length = strlen(zero_terminated);
    return made;
}

static inline int same(mynacard_str found, const char *expected)
{
    return found.length == strlen(expected) && memcmp(found.data, expected, found.length) == 0;
}

static inline mynacard_sim_card *new_card(const char *profile)
{
    mynacard_sim_card *card = NULL;
    CHECK_OK(mynacard_sim_card_new(text(profile), &card));
    return card;
}

/* The link of the one reader of these tests, to a card of which nothing is known. */
static inline mynacard_link *new_link(mynacard_capabilities capabilities)
{
    mynacard_link *link = NULL;
    CHECK_OK(mynacard_link_of_reader(text("reader 0"), &capabilities, &link));
    return link;
}

static inline mynacard_number_b *number_of(const mynacard_sim_card *card)
{
    mynacard_bytes digits;
    mynacard_number_b *number = NULL;
    CHECK_OK(mynacard_sim_card_number_b(card, &digits));
    CHECK_OK(mynacard_number_b_from_digits(digits.data, digits.length, &number));
    return number;
}

static inline uint64_t presentations(const mynacard_sim_card *card)
{
    uint64_t count = 0;
    CHECK_OK(mynacard_sim_card_presentations(card, &count));
    return count;
}

#endif
