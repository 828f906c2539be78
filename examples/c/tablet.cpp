// The same app as tablet.c, in C++17: see there for its arguments.
#include <mynacard.hpp>

#include <cerrno>
#include <cstdio>
#include <iostream>
#include <memory>
#include <string>
#include <system_error>

#include "app.h"

namespace {

constexpr std::string_view crew = "crew-1";

template <std::size_t Count>
struct random_bytes {
    std::uint8_t bytes[Count];
    random_bytes() { app_random(bytes, Count); }
    ~random_bytes() { mynacard_wipe(bytes, Count); }
};

bool answered_yes(const char *question)
{
    std::string line;
    std::cout << question << " [y/n] " << std::flush;
    return std::getline(std::cin, line) && !line.empty() && line[0] == 'y';
}

/** A drill: an encounter, and the log that keeps up with it. */
class drill {
public:
    explicit drill(const char *path)
        : file_(new_file(path)),
          log_(log_start(), app_now(),
               [this, path](std::string_view line) {
                   if (std::fwrite(line.data(), 1, line.size(), file_.get()) != line.size() ||
                       std::fflush(file_.get()) != 0) // a tablet also calls fsync
                       throw std::system_error(errno, std::generic_category(), path);
               }),
          encounter_(encounter_start(), app_now())
    {
        record();
    }

    void tell(std::uint32_t event)
    {
        encounter_.record(event, crew, app_now());
        happened(event);
    }
    void take_card(mynacard::reading &reading)
    {
        happened(encounter_.card_read(reading, crew, app_now()));
    }
    void see_summary()
    {
        encounter_.request_permit(MYNACARD_SCOPE_SUMMARY, crew, app_now());
        record();
        const auto event =
            encounter_.fetch(MYNACARD_SCOPE_SUMMARY, crew, app_now, [](const mynacard_query &) {
                return std::string(R"({"synthetic":true,"profile":"adult","about":"drill",)"
                                   R"("answer":"not-registered"})");
            });
        if (event != 0)
            happened(event);
    }
    void hand_over()
    {
        std::cout << encounter_.handover(MYNACARD_HANDOVER_SCRIPT, app_now()).text();
        tell(MYNACARD_EVENT_HANDED_OVER);
    }

private:
    void record() { log_.record(encounter_, app_now()); }
    void happened(std::uint32_t event)
    {
        std::cout << "  [" << event << "] " << mynacard::view(mynacard_event_label_ja(event)) << '\n';
        record();
    }
    mynacard_log_start log_start()
    {
        return {1, log_id_.bytes, seal_key_.bytes, mynacard::to_c("tablet-01")};
    }
    mynacard_encounter_start encounter_start()
    {
        return {1, id_.bytes, salt_.bytes, 0, mynacard::to_c(crew)};
    }

    static std::FILE *new_file(const char *path)
    {
        if (auto *file = app_new_file(path))
            return file;
        throw std::system_error(errno, std::generic_category(), path);
    }
    struct closes {
        void operator()(std::FILE *file) const { std::fclose(file); }
    };
    std::unique_ptr<std::FILE, closes> file_;
    random_bytes<16> log_id_, id_;
    random_bytes<32> seal_key_, salt_;
    mynacard::log log_;
    mynacard::encounter encounter_;
};

#if defined(MYNACARD_PCSC)
/** The card on any PC/SC reader, through the library: ten seconds for the crew to place it. */
struct reader : mynacard::pcsc_link {
    reader() : pcsc_link({{nullptr, 0}, 10000, 0, MYNACARD_PCSC_EXTENDED_ASK}) {}
};
#else
/** The card on a reader of the vendor's own. */
class reader {
public:
    reader() : link_(connected()) {}
    ~reader() { app_reader_close(); }
    reader(const reader &) = delete;
    reader &operator=(const reader &) = delete;

    const mynacard::link &link() const { return link_; }
    std::vector<std::uint8_t> transmit(mynacard::bytes command) const
    {
        std::vector<std::uint8_t> answer(65538);
        std::size_t length = 0;
        const auto code = app_reader_transmit(nullptr, command.data, command.size, answer.data(),
                                              answer.size(), &length);
        if (code != MYNACARD_OK)
            throw mynacard::link_failure(code);
        answer.resize(length);
        return answer;
    }

private:
    static mynacard_link *connected()
    {
        mynacard_link *made = nullptr;
        mynacard::check(app_reader_connect(&made));
        return made;
    }
    mynacard::link link_;
};
#endif

mynacard::number_b typed_number()
{
    std::string typed;
    std::cout << "照合番号B (14): " << std::flush;
    std::getline(std::cin, typed);
    auto number = mynacard::number_b::from_digits(typed);
    mynacard::wipe(typed);
    return number;
}

/** What the chip holds in a form that is not understood is shown as unknown, with all the rest. */
void show_patient(const mynacard::attributes &patient)
{
    const std::string_view unknown = "不詳";
    char day[16] = "";
    if (patient.birth_date.year != 0)
        std::snprintf(day, sizeof day, "%04u-%02u-%02u", patient.birth_date.year,
                      patient.birth_date.month, patient.birth_date.day);
    std::cout << "氏名 " << (patient.name.empty() ? unknown : patient.name) << "\n住所 "
              << (patient.address.empty() ? unknown : patient.address) << "\n生年月日 "
              << (day[0] != '\0' ? std::string_view(day) : unknown) << '\n';
}

void run(drill &drill, const mynacard::number_b &number, const mynacard::roots &roots,
         const mynacard::link &link, mynacard::transmit_function transmit)
{
    const random_bytes<32> nonce;
    auto plan = mynacard_plan_all();
    plan.nonce = nonce.bytes;
    plan.nonce_length = sizeof nonce.bytes;
    auto driver = mynacard::driver::read(link, number, plan);
    driver.run(std::move(transmit), nullptr, [](const mynacard::face &face) {
        if (const auto photo = face.picture(MYNACARD_PICTURE_PHOTO))
            std::cout << "顔写真 " << photo->bitmap().width << " x " << photo->bitmap().height << '\n';
        else
            std::cout << "顔写真なし\n";
    });
    auto reading = driver.reading();
    mynacard::check(reading.status(MYNACARD_PART_FACE));
    const mynacard::report report(reading, roots, {MYNACARD_CLOCK_TRUSTED, app_now()});
    std::cout << "真正性 " << report.verdict_statement().ja << '\n';
    if (reading.status(MYNACARD_PART_ATTRIBUTES) == MYNACARD_OK)
        show_patient(reading.attributes());
    drill.take_card(reading);

    if (!answered_yes("顔は一致しますか")) {
        drill.tell(MYNACARD_EVENT_FACE_DIFFERS);
        drill.tell(MYNACARD_EVENT_END_FACE_DIFFERS);
        return;
    }
    drill.tell(MYNACARD_EVENT_FACE_MATCHED);
    if (!answered_yes("本人は同意しましたか")) {
        drill.tell(MYNACARD_EVENT_CONSENT_REFUSED);
        drill.tell(MYNACARD_EVENT_END_REFUSED);
        return;
    }
    drill.tell(MYNACARD_EVENT_CONSENT_BY_PATIENT);
    drill.see_summary();
    drill.hand_over();
}

} // namespace

int main(int argc, char **argv)
{
    if (mynacard_abi_version() != MYNACARD_ABI_VERSION || argc < 2) {
        std::cerr << "usage: tablet-cpp NEW-LOG [--sim PROFILE]\n";
        return 2;
    }
    try {
        drill drill(argv[1]);
#ifdef MYNACARD_SIM
        if (argc == 4 && std::string_view(argv[2]) == "--sim") {
            const mynacard::sim_card card(argv[3]);
            run(drill, card.number(), mynacard::roots::of_virtual_cards(),
                card.link(),
                [&](mynacard::bytes command) { return card.transmit(command); });
            return 0;
        }
#endif
        const reader reader;
        run(drill, typed_number(), mynacard::roots::production(), reader.link(),
            [&](mynacard::bytes command) { return reader.transmit(command); });
    } catch (const mynacard::error &error) {
        std::cout << "! " << error.code() << ' ' << error.advice_ja() << '\n';
        std::cerr << error.what() << '\n';
        return 1;
    } catch (const std::exception &error) {
        std::cerr << error.what() << '\n';
        return 2;
    }
}
