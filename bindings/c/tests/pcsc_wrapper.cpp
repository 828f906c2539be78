/* Readers through PC/SC from C++, for the tests of interop/: one card lies on the first of two readers. */
#include <mynacard.hpp>

#include <chrono>
#include <cstdlib>
#include <iostream>
#include <thread>

namespace {

void expect(bool is_so, const char *what)
{
    if (!is_so) {
        std::cerr << "not so: " << what << '\n';
        std::exit(1);
    }
}

void see_the_card(const std::vector<std::string> &readers)
{
    mynacard::pcsc_monitor monitor;
    for (const auto &name : readers) {
        const auto event = monitor.next();
        expect(event.kind == MYNACARD_PCSC_READER_ADDED, "a reader was added");
        expect(mynacard::view(event.reader) == name, "in the order of the list");
    }
    expect(monitor.next().kind == MYNACARD_PCSC_CARD_INSERTED, "a card lies there");
    expect(monitor.next(0).kind == MYNACARD_PCSC_NOTHING, "nothing else");
}

void ask_the_card(const std::string &reader)
{
    const mynacard::pcsc_link link({mynacard::to_c(reader), 0, 0, MYNACARD_PCSC_EXTENDED_ASSUME});
    expect(link.reader() == reader, "on this reader");
    expect(link.link().capabilities().extended_length == 1, "extended, as was asked for");
    auto driver = mynacard::driver::identify(link.link());
    driver.run([&](mynacard::bytes command) { return link.transmit(command); });
    expect(driver.token().kind == MYNACARD_TOKEN_CARD, "a card");
}

void wait_on_the_empty_one(const std::string &reader)
{
    const mynacard::pcsc_cancellation cancellation;
    std::thread stop([&] {
        std::this_thread::sleep_for(std::chrono::milliseconds(300));
        cancellation.cancel();
    });
    mynacard_result code = MYNACARD_OK;
    try {
        const mynacard::pcsc_link none({mynacard::to_c(reader), UINT64_MAX, 0, 0}, cancellation);
    } catch (const mynacard::error &error) {
        code = error.code();
    }
    stop.join();
    expect(code == MYNACARD_LINK_CANCELLED, "cancelled");
    try {
        mynacard::pcsc_monitor(cancellation).next();
        expect(false, "it stays cancelled");
    } catch (const mynacard::error &error) {
        expect(error.code() == MYNACARD_LINK_CANCELLED, "it stays cancelled");
    }
}

} // namespace

int main()
{
    const auto readers = mynacard::pcsc_readers();
    expect(readers.size() == 2, "two readers");
    see_the_card(readers);
    ask_the_card(readers[0]);
    wait_on_the_empty_one(readers[1]);
    expect(mynacard_live_handles() == 0, "everything was freed");
    return 0;
}
