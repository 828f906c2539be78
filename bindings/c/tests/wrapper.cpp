// The C++ wrapper: values, errors, moves, and functions that throw.
#include <mynacard.hpp>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <type_traits>

#define CHECK(condition)                                                                  \
    do {                                                                                  \
        if (!(condition)) {                                                               \
            std::fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition);          \
            std::exit(1);                                                                 \
        }                                                                                 \
    } while (0)

static_assert(!std::is_copy_constructible_v<mynacard::reading>, "a handle has one owner");
static_assert(std::is_nothrow_move_constructible_v<mynacard::reading>, "a handle moves");

namespace {

template <typename Function>
mynacard_result code_of(Function function)
{
    try {
        function();
    } catch (const mynacard::error &error) {
        CHECK(!error.name().empty() && !error.advice_ja().empty() && error.what()[0] != '\0');
        return error.code();
    }
    return MYNACARD_OK;
}

void a_card_is_read()
{
    mynacard::sim_card card;
    auto driver = mynacard::driver::read(card.link(), card.number());
    int faces = 0;
    std::size_t reports = 0;
    driver.run([&](mynacard::bytes command) { return card.transmit(command); },
               [&](const mynacard_progress &) { reports++; },
               [&](const mynacard::face &face) {
                   CHECK(face.picture(MYNACARD_PICTURE_PHOTO)->bitmap().width > 100);
                   faces++;
               });
    CHECK(faces == 1 && reports > 5);
    auto first = driver.reading();
    auto reading = std::move(first);
    CHECK(first.get() == nullptr && reading.get() != nullptr); // NOLINT: moved from on purpose
    CHECK(reading.attributes().name == "救急　太郎");
    CHECK(reading.face().facts().birth_date.year == 1985);
    CHECK(reading.face().picture(MYNACARD_PICTURE_NAME)->to_png().bytes().size > 100);
    CHECK(reading.face().picture_file(MYNACARD_PICTURE_PHOTO)->size > 1000);
    CHECK(reading.certificate().size > 500);
    CHECK(reading.verification(MYNACARD_PART_FACE)->left_before == 10);
    CHECK(reading.log_line(MYNACARD_PART_FACE).empty());
    CHECK(reading.statistics().exchanges == driver.statistics().exchanges);
    CHECK(code_of([&] { driver.reading(); }) == MYNACARD_BOUNDARY_ABSENT);
    CHECK(code_of([&] { driver.start(); }) == MYNACARD_MISUSE_ALREADY_DONE);
}

void a_value_that_is_not_there_is_none()
{
    mynacard::sim_card child("child");
    auto driver = mynacard::driver::read(child.link(), child.number(), mynacard_plan_face_only());
    driver.run([&](mynacard::bytes command) { return child.transmit(command); });
    const auto reading = driver.reading();
    CHECK(!reading.face().picture(MYNACARD_PICTURE_PHOTO));
    CHECK(!reading.face().picture_file(MYNACARD_PICTURE_PHOTO));
    CHECK(!reading.verification(MYNACARD_PART_ATTRIBUTES));
    CHECK(code_of([&] { (void)reading.attributes(); }) == MYNACARD_BOUNDARY_ABSENT);
    CHECK(code_of([] { mynacard::sim_card nobody("nobody"); }) == MYNACARD_BOUNDARY_ABSENT);
    CHECK(code_of([] { mynacard::number_b::from_digits("123"); }) == MYNACARD_CREDENTIAL_LENGTH);
}

void a_value_that_is_not_understood_is_there_as_the_chip_has_it()
{
    mynacard::sim_card card;
    auto driver = mynacard::driver::read(card.link(), card.number());
    driver.run([&](mynacard::bytes command) {
        auto answer = card.transmit(command);
        const std::string_view day = "19850503";
        for (auto at = answer.begin();
             (at = std::search(at, answer.end(), day.begin(), day.end())) != answer.end(); ++at)
            at[7] = '0';
        return answer;
    });
    const auto reading = driver.reading();
    const auto face = reading.face();
    CHECK(face.facts().birth_date.year == 0 && face.picture(MYNACARD_PICTURE_PHOTO));
    CHECK(reading.attributes().birth_date.year == 0 && reading.attributes().name == "救急　太郎");
    for (const auto &all : {face.not_understood(), reading.not_understood()}) {
        CHECK(all.size() == 1 && all[0].why == MYNACARD_MALFORMED_BAD_DATE);
        CHECK(all[0].said.size == 8 && all[0].said.data[7] == '0' && !all[0].object.empty());
    }
    mynacard::sim_card whole;
    driver = mynacard::driver::read(whole.link(), whole.number(), mynacard_plan_face_only());
    driver.run([&](mynacard::bytes command) { return whole.transmit(command); });
    const auto understood = driver.reading();
    CHECK(understood.face().not_understood().empty() && understood.not_understood().empty());
}

struct lightning {};

void what_a_function_throws_arrives_and_spends_nothing()
{
    for (int at = 0; at < 4; at++) {
        mynacard::sim_card card;
        auto driver = mynacard::driver::read(card.link(), card.number());
        int calls = 0;
        bool arrived = false;
        try {
            driver.run([&](mynacard::bytes command) {
                if (calls++ == at)
                    throw lightning{};
                return card.transmit(command);
            });
        } catch (const lightning &) {
            arrived = true;
        }
        CHECK(arrived && calls == at + 1 && card.presentations() == 0);
        CHECK(driver.reading().status(MYNACARD_PART_FACE) ==
              (at == 3 ? mynacard_result{MYNACARD_CREDENTIAL_OUTCOME_UNKNOWN}
                       : mynacard_result{MYNACARD_LINK_CANCELLED}));
    }
    mynacard::sim_card card;
    auto driver = mynacard::driver::read(card.link(), card.number());
    bool arrived = false;
    try {
        driver.run([&](mynacard::bytes command) { return card.transmit(command); }, nullptr,
                   [](const mynacard::face &) { throw lightning{}; });
    } catch (const lightning &) {
        arrived = true;
    }
    CHECK(arrived);
    CHECK(driver.reading().status(MYNACARD_PART_FACE) == MYNACARD_OK);
}

void a_link_that_fails_is_in_the_result()
{
    mynacard::sim_card card;
    auto driver = mynacard::driver::read(card.link(), card.number());
    driver.run([&](mynacard::bytes) -> std::vector<std::uint8_t> {
        throw mynacard::link_failure(MYNACARD_LINK_READER_GONE);
    });
    CHECK(driver.reading().status(MYNACARD_PART_FACE) == MYNACARD_LINK_READER_GONE);
    driver = mynacard::driver::identify(card.link());
    driver.run([&](mynacard::bytes command) { return card.transmit(command); });
    CHECK(driver.token().kind == MYNACARD_TOKEN_CARD);
    driver = mynacard::driver::tries(card.link());
    driver.run([&](mynacard::bytes command) { return card.transmit(command); });
    CHECK(driver.all_tries().face_b.left == 10);
    driver = mynacard::driver::facts(card.link());
    driver.run([&](mynacard::bytes command) { return card.transmit(command); });
    CHECK(driver.card_facts().expiry.year == 2035);
}

void a_medical_source_answers_has_nothing_or_throws()
{
    static const std::uint8_t random_bytes[32] = {4, 8, 15, 16, 23, 42};
    const std::uint64_t now = 1795334400000; // 2026-11-22
    const mynacard::clock_function clock = [] { return 1795334400000; };
    const auto name = mynacard::to_c("crew-1");
    mynacard::encounter encounter({0, random_bytes, random_bytes, 0, name}, now);
    mynacard::log log({0, random_bytes, random_bytes, name}, now, [](std::string_view) {});
    mynacard::sim_card card;
    auto driver = mynacard::driver::read(card.link(), card.number());
    driver.run([&](mynacard::bytes command) { return card.transmit(command); });
    auto reading = driver.reading();
    const mynacard::report report(reading, mynacard::roots::of_virtual_cards(),
                                  {MYNACARD_CLOCK_TRUSTED, now});
    CHECK(report.verdict() == MYNACARD_VERDICT_GENUINE_NOT_LIVE);
    encounter.card_read(reading, "crew-1", now);
    encounter.record(MYNACARD_EVENT_FACE_MATCHED, "crew-1", now);
    encounter.record(MYNACARD_EVENT_CONSENT_BY_PATIENT, "crew-1", now);
    encounter.request_permit(MYNACARD_SCOPE_SUMMARY, "crew-1", now);
    log.record(encounter, now);
    const auto ask = [&](const std::function<mynacard::service_answer()> &answer) {
        return encounter.fetch_service(MYNACARD_SCOPE_SUMMARY, "crew-1", clock,
                                       [&](const mynacard_query &) { return answer(); });
    };
    const auto reply = [](const char *birth) {
        const std::string all = std::string("<?xml version=\"1.0\"?><XmlMsg><MessageHeader><QuaInf>"
                                            "<Birth>") + birth +
                                "</Birth><AdmGendCode>1</AdmGendCode></QuaInf></MessageHeader>"
                                "<MessageBody></MessageBody></XmlMsg>";
        return std::vector<std::string>{all, all};
    };
    CHECK(ask([&] { return reply("19850503"); }) == 0);
    CHECK(code_of([&] { ask([&] { return reply("19480101"); }); }) ==
          MYNACARD_MEDICAL_OTHER_PATIENT);
    bool arrived = false;
    try {
        ask([]() -> mynacard::service_answer { throw lightning{}; });
    } catch (const lightning &) {
        arrived = true;
    }
    CHECK(arrived);
    CHECK(code_of([&] {
              encounter.fetch(MYNACARD_SCOPE_SUMMARY, "crew-1", clock,
                              [](const mynacard_query &) { return "no file"; });
          }) == MYNACARD_MEDICAL_BAD_FILE);
    CHECK(ask([] { return MYNACARD_NO_RECORDS_NO_SIGNAL; }) == MYNACARD_EVENT_NO_SIGNAL);
}

void one_driver_at_a_time_has_a_link()
{
    mynacard::sim_card card;
    const auto link = card.link();
    auto driver = mynacard::driver::read(link, card.number());
    driver.start();
    CHECK(code_of([&] { mynacard::driver::tries(link); }) == MYNACARD_MISUSE_LINK_BUSY);
    CHECK(code_of([&] { mynacard::driver::tries(card.link()); }) == MYNACARD_MISUSE_LINK_BUSY);
    driver = mynacard::driver::tries(mynacard::link("another reader", mynacard_capabilities_short()));
    CHECK(code_of([&] { mynacard::driver::tries(link); }) == MYNACARD_OK);
}

void a_line_that_cannot_be_stored_waits()
{
    static const std::uint8_t random_bytes[32] = {4, 8, 15, 16, 23, 42};
    const std::uint64_t now = 1795334400000;
    const auto name = mynacard::to_c("crew-1");
    bool is_full = false;
    std::vector<std::string> lines;
    mynacard::log log({1, random_bytes, random_bytes, name}, now, [&](std::string_view line) {
        if (is_full)
            throw lightning{};
        lines.emplace_back(line);
    });
    mynacard::encounter first({1, random_bytes, random_bytes, 0, name}, now);
    const mynacard::encounter second({1, random_bytes, random_bytes, 0, name}, now);
    is_full = true;
    bool arrived = false;
    try {
        log.record(first, now);
    } catch (const lightning &) {
        arrived = true;
    }
    CHECK(arrived);
    is_full = false;
    log.record(second, now);
    // A time that cannot be: the line is stored, and confirmed later, not stored again.
    CHECK(code_of([&] { log.record(first, UINT64_MAX); }) == MYNACARD_MISUSE_OUT_OF_RANGE);
    log.record(first, now);
    CHECK(lines.size() == 3);
    // What an encounter has left that is gone.
    first.record(MYNACARD_EVENT_END_CREW_OTHER, "crew-1", now);
    first = mynacard::encounter({1, random_bytes, random_bytes, 0, name}, now);
    log.record_left(now);
    CHECK(lines.size() == 4);
}

void typed_digits_are_wiped()
{
    std::string typed = "60050320354819";
    const char *where = typed.data();
    const auto number = mynacard::number_b::from_digits(typed);
    mynacard::wipe(typed);
    CHECK(typed.empty() && where[1] == '\0');
}

} // namespace

int main()
{
    a_card_is_read();
    a_value_that_is_not_there_is_none();
    a_value_that_is_not_understood_is_there_as_the_chip_has_it();
    what_a_function_throws_arrives_and_spends_nothing();
    a_link_that_fails_is_in_the_result();
    a_medical_source_answers_has_nothing_or_throws();
    one_driver_at_a_time_has_a_link();
    a_line_that_cannot_be_stored_waits();
    typed_digits_are_wiped();
    CHECK(mynacard_live_handles() == 0);
}
