/* mynacard for C++17: the C interface with RAII. Header only.
 *
 * A handle is a value that moves and frees itself. What can fail throws mynacard::error, which carries
 * the result code. A function that the host lends may throw: the exception ends the reading and is
 * thrown again from run(), after everything in between has been freed.
 *
 * Text and bytes are views. They are valid as long as the object that they came from. */
#ifndef MYNACARD_HPP
#define MYNACARD_HPP

#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "mynacard.h"

namespace mynacard {

static_assert(MYNACARD_ABI_VERSION == 1, "mynacard.hpp and mynacard.h are of different versions");

/** Bytes that belong to somebody else. */
struct bytes {
    const std::uint8_t *data = nullptr;
    std::size_t size = 0;

    bytes() = default;
    bytes(const std::uint8_t *first, std::size_t count) : data(first), size(count) {}
    bytes(const mynacard_bytes &from) : data(from.data), size(from.length) {}
    bytes(const std::vector<std::uint8_t> &from) : data(from.data()), size(from.size()) {}
    const std::uint8_t *begin() const { return data; }
    const std::uint8_t *end() const { return data + size; }
};

inline std::string_view view(mynacard_str text) { return {text.data, text.length}; }
inline mynacard_str to_c(std::string_view text) { return {text.data(), text.size()}; }

/** A result code with its row of the error table. */
class error : public std::runtime_error {
public:
    explicit error(mynacard_result code)
        : std::runtime_error(std::string(view(mynacard_result_text(code)))), code_(code) {}

    mynacard_result code() const noexcept { return code_; }
    std::string_view name() const noexcept { return view(mynacard_result_name(code_)); }
    std::string_view advice_ja() const noexcept { return view(mynacard_result_advice_ja(code_)); }
    std::string_view advice_en() const noexcept { return view(mynacard_result_advice_en(code_)); }
    mynacard_actor actor() const noexcept { return mynacard_result_actor(code_); }

private:
    mynacard_result code_;
};

/** Throws unless the code is MYNACARD_OK. */
inline void check(mynacard_result code)
{
    if (code != MYNACARD_OK)
        throw error(code);
}

/** Owns a handle. */
template <typename T, mynacard_result (*Free)(T *)>
class handle {
public:
    handle() = default;
    explicit handle(T *raw) noexcept : raw_(raw) {}
    handle(handle &&other) noexcept : raw_(std::exchange(other.raw_, nullptr)) {}
    handle &operator=(handle &&other) noexcept
    {
        if (this != &other) {
            reset();
            raw_ = std::exchange(other.raw_, nullptr);
        }
        return *this;
    }
    handle(const handle &) = delete;
    handle &operator=(const handle &) = delete;
    ~handle() { reset(); }

    T *get() const noexcept { return raw_; }
    explicit operator bool() const noexcept { return raw_ != nullptr; }
    void reset() noexcept { Free(std::exchange(raw_, nullptr)); }
    T *release() noexcept { return std::exchange(raw_, nullptr); }

private:
    T *raw_ = nullptr;
};

/** The value of a call that writes it, or its error thrown. */
template <typename T, typename Call, typename... Arguments>
T made(Call call, Arguments &&...arguments)
{
    T value{};
    check(call(std::forward<Arguments>(arguments)..., &value));
    return value;
}

/** The value of a call that writes it; none where there is no such value; other errors thrown. */
template <typename T, typename Call, typename... Arguments>
std::optional<T> made_if_there(Call call, Arguments &&...arguments)
{
    T value{};
    const mynacard_result code = call(std::forward<Arguments>(arguments)..., &value);
    if (code == MYNACARD_BOUNDARY_ABSENT)
        return std::nullopt;
    check(code);
    return value;
}

/** 照合番号B, wiped when it goes. */
class number_b {
public:
    /** The fourteen digits as typed. Wipe what you hold of them with mynacard::wipe. */
    static number_b from_digits(std::string_view digits)
    {
        return number_b(made<mynacard_number_b *>(
            mynacard_number_b_from_digits, reinterpret_cast<const std::uint8_t *>(digits.data()),
            digits.size()));
    }
    /** The parts as printed: birth date, expiry, security code. */
    static number_b from_printed(std::string_view birth_date, std::string_view expiry,
                                 std::string_view security_code,
                                 mynacard_birth_year year = MYNACARD_BIRTH_YEAR_AS_PRINTED)
    {
        return number_b(made<mynacard_number_b *>(mynacard_number_b_from_printed, to_c(birth_date),
                                                  to_c(expiry), to_c(security_code), year));
    }
    const mynacard_number_b *get() const noexcept { return handle_.get(); }

private:
    explicit number_b(mynacard_number_b *raw) : handle_(raw) {}
    handle<mynacard_number_b, mynacard_number_b_free> handle_;
};

/** Overwrites what somebody typed. */
inline void wipe(std::string &text)
{
    mynacard_wipe(reinterpret_cast<std::uint8_t *>(text.data()), text.size());
    text.clear();
}

/** Bytes made by the library. */
class buffer {
public:
    explicit buffer(mynacard_buffer *raw) : handle_(raw) {}
    mynacard::bytes bytes() const { return made<mynacard_bytes>(mynacard_buffer_bytes, handle_.get()); }
    std::string_view text() const
    {
        const mynacard::bytes all = bytes();
        return {reinterpret_cast<const char *>(all.data), all.size};
    }

private:
    handle<mynacard_buffer, mynacard_buffer_free> handle_;
};

/** A decoded picture. */
class pixels {
public:
    explicit pixels(mynacard_pixels *raw) : handle_(raw) {}
    mynacard_bitmap bitmap() const
    {
        return made<mynacard_bitmap>(mynacard_pixels_bitmap, handle_.get());
    }
    buffer to_png() const
    {
        return buffer(made<mynacard_buffer *>(mynacard_pixels_to_png, handle_.get()));
    }

private:
    handle<mynacard_pixels, mynacard_pixels_free> handle_;
};

/** A value that the chip holds in a form that is not understood (不詳), as views into its face or reading. */
struct not_understood {
    std::string_view object;
    mynacard_result why;
    bytes said;

    not_understood(const mynacard_not_understood &from)
        : object(view(from.object)), why(from.why), said(from.said)
    {
    }
};

/** All of them, by a call that gives one by its index. */
template <typename Call, typename T>
std::vector<not_understood> all_not_understood(Call call, const T *of)
{
    std::vector<not_understood> all;
    while (auto next = made_if_there<mynacard_not_understood>(call, of, all.size()))
        all.emplace_back(*next);
    return all;
}

/** The card face. */
class face {
public:
    explicit face(mynacard_face *raw) : handle_(raw) {}
    mynacard_face_facts facts() const
    {
        return made<mynacard_face_facts>(mynacard_face_get_facts, handle_.get());
    }
    /** The values that were not understood, and are zeros in the facts. */
    std::vector<mynacard::not_understood> not_understood() const
    {
        return all_not_understood(mynacard_face_not_understood, handle_.get());
    }
    /** A picture; none if this card has no such picture. */
    std::optional<pixels> picture(mynacard_picture which) const
    {
        if (auto raw = made_if_there<mynacard_pixels *>(mynacard_face_pixels, handle_.get(), which))
            return pixels(*raw);
        return std::nullopt;
    }
    /** The picture's file as it stands on the chip; none if this card has no such picture. */
    std::optional<bytes> picture_file(mynacard_picture which) const
    {
        if (auto file =
                made_if_there<mynacard_bytes>(mynacard_face_picture_file, handle_.get(), which))
            return bytes(*file);
        return std::nullopt;
    }

private:
    handle<mynacard_face, mynacard_face_free> handle_;
};

/** The four attributes, as views into their reading; what is not understood is empty. */
struct attributes {
    std::string_view name;
    std::string_view address;
    mynacard_date birth_date;
    mynacard_sex sex;
};

/** What was read from one card. */
class reading {
public:
    explicit reading(mynacard_reading *raw) : handle_(raw) {}
    /** MYNACARD_OK, or why a part was not read. */
    mynacard_result status(mynacard_part part) const noexcept
    {
        return mynacard_reading_status(handle_.get(), part);
    }
    std::string_view log_line(mynacard_part part) const
    {
        return view(made<mynacard_str>(mynacard_reading_log_line, handle_.get(), part));
    }
    mynacard::face face() const
    {
        return mynacard::face(made<mynacard_face *>(mynacard_reading_face, handle_.get()));
    }
    mynacard::attributes attributes() const
    {
        const auto found = made<mynacard_attributes>(mynacard_reading_attributes, handle_.get());
        return {view(found.name), view(found.address), found.birth_date, found.sex};
    }
    /** The attributes that were not understood; none if they were not asked for. */
    std::vector<mynacard::not_understood> not_understood() const
    {
        return all_not_understood(mynacard_reading_not_understood, handle_.get());
    }
    bytes certificate() const
    {
        return made<mynacard_bytes>(mynacard_reading_certificate, handle_.get());
    }
    /** The VERIFY for the face or the attributes; none if there was none. */
    std::optional<mynacard_verification> verification(mynacard_part part) const
    {
        return made_if_there<mynacard_verification>(mynacard_reading_verification, handle_.get(),
                                                    part);
    }
    mynacard_statistics statistics() const
    {
        return made<mynacard_statistics>(mynacard_reading_statistics, handle_.get());
    }
    mynacard_reading *get() const noexcept { return handle_.get(); }

private:
    handle<mynacard_reading, mynacard_reading_free> handle_;
};

/** Roots of trust: make them once. */
class roots {
public:
    static roots production() { return roots(made<mynacard_roots *>(mynacard_roots_production)); }
    static roots test_cards() { return roots(made<mynacard_roots *>(mynacard_roots_test_cards)); }
    static roots from_json(bytes json)
    {
        return roots(made<mynacard_roots *>(mynacard_roots_from_json, json.data, json.size));
    }
#if defined(MYNACARD_SIM)
    static roots of_virtual_cards() { return roots(made<mynacard_roots *>(mynacard_sim_roots)); }
#endif
    const mynacard_roots *get() const noexcept { return handle_.get(); }

private:
    explicit roots(mynacard_roots *raw) : handle_(raw) {}
    handle<mynacard_roots, mynacard_roots_free> handle_;
};

/** Something to tell the crew. */
struct statement {
    std::string_view key;
    std::string_view ja;
    std::string_view en;

    statement(const mynacard_statement &from)
        : key(view(from.key)), ja(view(from.ja)), en(view(from.en))
    {
    }
};

/** What is known about the trust in one card. */
class report {
public:
    /** Examines a reading, which keeps the judgement: an encounter takes both at once. */
    report(const reading &read, const roots &under, mynacard_clock clock)
        : handle_(made<mynacard_report *>(mynacard_reading_examine, read.get(), under.get(), &clock))
    {
    }
    mynacard_verdict verdict() const
    {
        return made<mynacard_verdict>(mynacard_report_verdict, handle_.get());
    }
    statement verdict_statement() const
    {
        return made<mynacard_statement>(mynacard_report_verdict_statement, handle_.get());
    }
    /** Why the chip is not called live; none if it is. */
    std::optional<statement> not_live() const
    {
        if (auto why = made_if_there<mynacard_statement>(mynacard_report_not_live, handle_.get()))
            return statement(*why);
        return std::nullopt;
    }
    std::vector<statement> findings() const
    {
        std::vector<statement> all;
        while (auto next = made_if_there<mynacard_statement>(mynacard_report_finding, handle_.get(),
                                                             all.size()))
            all.emplace_back(*next);
        return all;
    }
    mynacard_authenticity of(mynacard_value value) const
    {
        return made<mynacard_authenticity>(mynacard_report_of, handle_.get(), value);
    }
    const mynacard_report *get() const noexcept { return handle_.get(); }

private:
    handle<mynacard_report, mynacard_report_free> handle_;
};

/** What the eligibility system has answered: its replies in XML, or why there are none. */
using service_answer = std::variant<std::vector<std::string>, mynacard_no_records>;

/** The time, in milliseconds since 1970. */
using clock_function = std::function<std::uint64_t()>;

/** An encounter. Events and times are as in mynacard.h. */
class encounter {
public:
    encounter(const mynacard_encounter_start &start, std::uint64_t now)
        : handle_(made<mynacard_encounter *>(mynacard_encounter_open, &start, now))
    {
    }
    /** Takes what was read and examined; gives the event for the log. */
    std::uint32_t card_read(reading &read, std::string_view crew, std::uint64_t now,
                            mynacard_same_card same = MYNACARD_SAME_CARD_CHIPS_TELL)
    {
        return made<std::uint32_t>(mynacard_encounter_card_read, handle_.get(), read.get(), same,
                                   to_c(crew), now);
    }
    void record(std::uint32_t event, std::string_view crew, std::uint64_t now)
    {
        check(mynacard_encounter_record(handle_.get(), event, to_c(crew), now));
    }
    std::vector<std::uint32_t> allowed_events(std::uint64_t now) const
    {
        std::vector<std::uint32_t> all;
        while (auto next = made_if_there<std::uint32_t>(mynacard_encounter_allowed_event,
                                                        handle_.get(), now, all.size()))
            all.push_back(*next);
        return all;
    }
    /** MYNACARD_OK, or the fact that is missing. */
    mynacard_result would_permit(std::uint64_t now) const noexcept
    {
        return mynacard_encounter_would_permit(handle_.get(), now);
    }
    void request_permit(mynacard_scope scope, std::string_view crew, std::uint64_t now)
    {
        check(mynacard_encounter_request_permit(handle_.get(), scope, to_c(crew), now));
    }
    std::optional<std::uint64_t> permit_until(std::uint64_t now) const
    {
        return made_if_there<std::uint64_t>(mynacard_encounter_permit_until, handle_.get(), now);
    }
    /** Asks a source of invented patients, a function that gives a patient file. The clock is asked before and
     * after: what comes when the permit has ended is not seen. 0, or the event that goes into the log. */
    std::uint32_t fetch(mynacard_scope scope, std::string_view crew, clock_function now,
                        std::function<std::string(const mynacard_query &)> source)
    {
        return ask(mynacard_encounter_fetch, scope, crew, now,
                   [&](const mynacard_query &query, mynacard_answer *answer) {
                       std::string file = source(query);
                       return give(mynacard_answer_give, answer, file);
                   });
    }
    /** Asks the eligibility system, which the function reaches: it gives the replies in XML, or why there
     * are none. 0, or the event that goes into the log. */
    std::uint32_t fetch_service(mynacard_scope scope, std::string_view crew, clock_function now,
                                std::function<service_answer(const mynacard_query &)> source)
    {
        return ask(mynacard_encounter_fetch_service, scope, crew, now,
                   [&](const mynacard_query &query, mynacard_answer *answer) {
                       service_answer all = source(query);
                       if (const auto *reason = std::get_if<mynacard_no_records>(&all))
                           return mynacard_answer_give_nothing(answer, *reason);
                       mynacard_result code = MYNACARD_OK;
                       for (std::string &reply : std::get<std::vector<std::string>>(all)) {
                           const auto given = give(mynacard_answer_give_reply, answer, reply);
                           code = code == MYNACARD_OK ? given : code;
                       }
                       return code;
                   });
    }
    void set_crew_facts(const mynacard_crew_facts &facts)
    {
        check(mynacard_encounter_set_crew_facts(handle_.get(), &facts));
    }
    buffer handover(mynacard_handover_form form, std::uint64_t now) const
    {
        return buffer(
            made<mynacard_buffer *>(mynacard_encounter_handover, handle_.get(), form, now));
    }
    /** How it ended; none while it goes on. */
    std::optional<std::uint32_t> way_out() const
    {
        return made_if_there<std::uint32_t>(mynacard_encounter_way_out, handle_.get());
    }
    mynacard_encounter *get() const noexcept { return handle_.get(); }

private:
    /** Asks through a function that may throw: what it throws is thrown again. */
    template <typename Fetch, typename Source>
    std::uint32_t ask(Fetch fetch, mynacard_scope scope, std::string_view crew,
                      const clock_function &now, Source source)
    {
        struct asking {
            Source source;
            const clock_function &now;
            std::exception_ptr thrown;
        } all{std::move(source), now, nullptr};
        const auto callback = [](void *userdata, const mynacard_query *query,
                                 mynacard_answer *answer) -> mynacard_result {
            auto &mine = *static_cast<asking *>(userdata);
            try {
                const mynacard_result given = mine.source(*query, answer);
                return given == MYNACARD_OK ? mynacard_answer_given_at(answer, mine.now()) : given;
            } catch (...) {
                mine.thrown = std::current_exception();
                return MYNACARD_MEDICAL_SOURCE_FAILED;
            }
        };
        std::uint32_t event = 0;
        const mynacard_result code =
            fetch(handle_.get(), scope, to_c(crew), now(), &all, callback, &event);
        if (all.thrown)
            std::rethrow_exception(all.thrown);
        check(code);
        return event;
    }
    /** Gives a source's answer, and wipes it. */
    template <typename Give>
    static mynacard_result give(Give give, mynacard_answer *answer, std::string &text)
    {
        const mynacard_result code =
            give(answer, reinterpret_cast<const std::uint8_t *>(text.data()), text.size());
        wipe(text);
        return code;
    }
    handle<mynacard_encounter, mynacard_encounter_free> handle_;
};

/** An audit log, whose lines a function stores durably: it throws if it cannot. */
class log {
public:
    using store_function = std::function<void(std::string_view line)>;

    log(const mynacard_log_start &start, std::uint64_t now, store_function store)
        : handle_(made<mynacard_log *>(mynacard_log_create, &start, now)), store_(std::move(store))
    {
        store_next(nullptr, now);
    }
    log(bool drill, bytes state, store_function store)
        : handle_(made<mynacard_log *>(mynacard_log_resume, drill ? 1u : 0u, state.data, state.size)),
          store_(std::move(store))
    {
    }
    /** Stores everything that an encounter has made. A permit among it is in force afterwards. */
    void record(const encounter &from, std::uint64_t now)
    {
        while (store_next(from.get(), now)) {
        }
    }
    /** Stores what encounters have left that are gone. */
    void record_left(std::uint64_t now)
    {
        while (store_next(nullptr, now)) {
        }
    }
    void checkpoint(bytes pkcs8, std::uint64_t now)
    {
        settle(now);
        put(made<mynacard_line>(mynacard_log_checkpoint, handle_.get(), pkcs8.data, pkcs8.size, now),
            nullptr, now);
    }
    void catch_up(std::string_view line) { check(mynacard_log_catch_up(handle_.get(), to_c(line))); }
    buffer state() const
    {
        return buffer(made<mynacard_buffer *>(mynacard_log_state, handle_.get()));
    }

private:
    bool store_next(mynacard_encounter *from, std::uint64_t now)
    {
        settle(now);
        const auto line = made_if_there<mynacard_line>(mynacard_log_next_line, handle_.get(), from);
        if (line)
            put(*line, from, now);
        return line.has_value();
    }
    /** Stores a line and says so; what cannot be stored is dropped by its ticket. */
    void put(const mynacard_line &line, mynacard_encounter *from, std::uint64_t now)
    {
        try {
            store_(view(line.text));
        } catch (...) {
            mynacard_log_discard(handle_.get(), line.ticket);
            throw;
        }
        maker_ = from;
        check(mynacard_log_confirm(handle_.get(), from, line.ticket, now));
    }
    /** Confirms a line that is stored and could not be confirmed: a wrong time, for example. */
    void settle(std::uint64_t now)
    {
        const auto line = made_if_there<mynacard_line>(mynacard_log_pending, handle_.get());
        if (!line)
            return;
        const mynacard_result code = mynacard_log_confirm(handle_.get(), maker_, line->ticket, now);
        // Its encounter is gone: the line stands for itself.
        check(code == MYNACARD_BOUNDARY_STALE_HANDLE
                  ? mynacard_log_confirm(handle_.get(), nullptr, line->ticket, now)
                  : code);
    }
    handle<mynacard_log, mynacard_log_free> handle_;
    store_function store_;
    mynacard_encounter *maker_ = nullptr;
};

/** Sends a command and gives the card's answer. Throws link_failure, or anything else. */
using transmit_function = std::function<std::vector<std::uint8_t>(bytes command)>;

/** What a transmit_function throws when the link fails: one of MYNACARD_LINK_... */
class link_failure : public error {
public:
    using error::error;
};

/** The connection to one card, which one driver at a time has to itself. */
class link {
public:
    /** The link of a reader of your own, by its name (mynacard_link_of_reader): one for each connection. */
    link(std::string_view reader, const mynacard_capabilities &capabilities)
        : handle_(made<mynacard_link *>(mynacard_link_of_reader, to_c(reader), &capabilities))
    {
    }
    explicit link(mynacard_link *raw) : handle_(raw) {}
    mynacard_capabilities capabilities() const
    {
        return made<mynacard_capabilities>(mynacard_link_capabilities, handle_.get());
    }
    /** Forgets what is known of the card, because it was reset or taken away between two drivers. */
    void forget() const { check(mynacard_link_forget(handle_.get())); }
    mynacard_link *get() const noexcept { return handle_.get(); }

private:
    handle<mynacard_link, mynacard_link_free> handle_;
};

/** A reading in progress. */
class driver {
public:
    static driver identify(const link &over)
    {
        return driver(made<mynacard_driver *>(mynacard_driver_new_identify, over.get()));
    }
    static driver tries(const link &over)
    {
        return driver(made<mynacard_driver *>(mynacard_driver_new_tries, over.get()));
    }
    static driver facts(const link &over)
    {
        return driver(made<mynacard_driver *>(mynacard_driver_new_facts, over.get()));
    }
    static driver read(const link &over, const number_b &number,
                       const mynacard_plan &plan = mynacard_plan_all())
    {
        return driver(
            made<mynacard_driver *>(mynacard_driver_new_read, over.get(), number.get(), &plan));
    }

    mynacard_action start() { return made<mynacard_action>(mynacard_driver_start, handle_.get()); }
    mynacard_action go_on() { return made<mynacard_action>(mynacard_driver_continue, handle_.get()); }
    mynacard_action respond(bytes answer)
    {
        return made<mynacard_action>(mynacard_driver_respond, handle_.get(), answer.data,
                                     answer.size);
    }
    mynacard_action link_lost(mynacard_result fault)
    {
        return made<mynacard_action>(mynacard_driver_link_lost, handle_.get(), fault);
    }
    void cancel() const { check(mynacard_driver_cancel(handle_.get())); }

    /** Steps to the end. An exception of a function is thrown again, once the driver has ended. */
    void run(transmit_function transmit,
             std::function<void(const mynacard_progress &)> on_progress = nullptr,
             std::function<void(face)> on_face = nullptr)
    {
        std::exception_ptr thrown;
        const auto guarded = [&thrown](auto &&function) {
            try {
                if (!thrown)
                    function();
            } catch (...) {
                thrown = std::current_exception();
            }
        };
        mynacard_action action = start();
        while (action.kind != MYNACARD_ACTION_DONE) {
            switch (action.kind) {
            case MYNACARD_ACTION_TRANSMIT: {
                std::vector<std::uint8_t> answer;
                mynacard_result fault = MYNACARD_LINK_CANCELLED;
                bool answered = false;
                guarded([&] {
                    try {
                        answer = transmit({action.command, action.command_length});
                        answered = true;
                    } catch (const link_failure &failure) {
                        fault = failure.code();
                    }
                });
                action = answered ? respond(answer) : link_lost(fault);
                mynacard_wipe(answer.data(), answer.size());
                break;
            }
            case MYNACARD_ACTION_PROGRESS:
                if (on_progress)
                    guarded([&] { on_progress(action.progress); });
                action = thrown ? link_lost(MYNACARD_LINK_CANCELLED) : go_on();
                break;
            case MYNACARD_ACTION_FACE:
                if (on_face)
                    guarded([&] {
                        on_face(face(made<mynacard_face *>(mynacard_driver_face, handle_.get())));
                    });
                action = thrown ? link_lost(MYNACARD_LINK_CANCELLED) : go_on();
                break;
            case MYNACARD_ACTION_DONE:
                break;
            }
        }
        if (thrown)
            std::rethrow_exception(thrown);
    }

    /** Goes on with a torn reading, with a new nonce in the plan. */
    static driver resume(const link &over, const number_b &number, const mynacard_plan &plan,
                         class reading &torn)
    {
        return driver(made<mynacard_driver *>(mynacard_driver_new_resume, over.get(), number.get(),
                                              &plan, torn.get()));
    }
    /** MYNACARD_OK if it went on, or why not. */
    mynacard_result resume_status() const noexcept
    {
        return mynacard_driver_resume_status(handle_.get());
    }

    mynacard::reading reading()
    {
        return mynacard::reading(made<mynacard_reading *>(mynacard_driver_reading, handle_.get()));
    }
    mynacard_token token()
    {
        return made<mynacard_token>(mynacard_driver_token, handle_.get());
    }
    mynacard_all_tries all_tries()
    {
        return made<mynacard_all_tries>(mynacard_driver_tries, handle_.get());
    }
    mynacard_card_facts card_facts()
    {
        return made<mynacard_card_facts>(mynacard_driver_facts, handle_.get());
    }
    mynacard_statistics statistics() const
    {
        return made<mynacard_statistics>(mynacard_driver_statistics, handle_.get());
    }

private:
    explicit driver(mynacard_driver *raw) : handle_(raw) {}
    handle<mynacard_driver, mynacard_driver_free> handle_;
};

#if defined(MYNACARD_PCSC)
/** Stops waits and readings from another thread. It stays set: make a new one for each encounter. */
class pcsc_cancellation {
public:
    pcsc_cancellation()
        : handle_(made<mynacard_pcsc_cancellation *>(mynacard_pcsc_cancellation_new))
    {
    }
    void cancel() const { check(mynacard_pcsc_cancel(handle_.get())); }
    const mynacard_pcsc_cancellation *get() const noexcept { return handle_.get(); }

private:
    handle<mynacard_pcsc_cancellation, mynacard_pcsc_cancellation_free> handle_;
};

/** The names of the readers that are connected now. */
inline std::vector<std::string> pcsc_readers()
{
    const handle<mynacard_pcsc_readers, mynacard_pcsc_readers_free> list(
        made<mynacard_pcsc_readers *>(mynacard_pcsc_readers_list));
    std::vector<std::string> names;
    while (auto name =
               made_if_there<mynacard_str>(mynacard_pcsc_readers_name, list.get(), names.size()))
        names.emplace_back(view(*name));
    return names;
}

/** Readers and cards that come and go. */
class pcsc_monitor {
public:
    pcsc_monitor() : pcsc_monitor(nullptr) {}
    explicit pcsc_monitor(const pcsc_cancellation &stop) : pcsc_monitor(stop.get()) {}
    /** The next event, or MYNACARD_PCSC_NOTHING when the time is over. */
    mynacard_pcsc_event next(std::uint64_t timeout_millis = UINT64_MAX)
    {
        return made<mynacard_pcsc_event>(mynacard_pcsc_monitor_next, handle_.get(), timeout_millis);
    }

private:
    explicit pcsc_monitor(const mynacard_pcsc_cancellation *stop)
        : handle_(made<mynacard_pcsc_monitor *>(mynacard_pcsc_monitor_new, stop))
    {
    }
    handle<mynacard_pcsc_monitor, mynacard_pcsc_monitor_free> handle_;
};

/** The link to one card, which loses its power when this goes. */
class pcsc_link {
public:
    /** Waits for a card and connects to it. */
    explicit pcsc_link(const mynacard_pcsc_options &options)
        : handle_(made<mynacard_pcsc_link *>(mynacard_pcsc_connect, &options, nullptr))
    {
    }
    pcsc_link(const mynacard_pcsc_options &options, const pcsc_cancellation &stop)
        : handle_(made<mynacard_pcsc_link *>(mynacard_pcsc_connect, &options, stop.get()))
    {
    }
    /** For drivers whose commands go to this card. */
    mynacard::link link() const
    {
        return mynacard::link(made<mynacard_link *>(mynacard_link_of_pcsc, handle_.get()));
    }
    std::string_view reader() const
    {
        return view(made<mynacard_str>(mynacard_pcsc_link_reader, handle_.get()));
    }
    std::vector<std::uint8_t> transmit(bytes command) const
    {
        std::vector<std::uint8_t> answer(65538);
        std::size_t length = 0;
        const mynacard_result code = mynacard_pcsc_transmit(
            handle_.get(), command.data, command.size, answer.data(), answer.size(), &length);
        if (code != MYNACARD_OK)
            throw link_failure(code);
        answer.resize(length);
        return answer;
    }

private:
    handle<mynacard_pcsc_link, mynacard_pcsc_link_free> handle_;
};
#endif

#if defined(MYNACARD_SIM)
/** A virtual card of an invented person. */
class sim_card {
public:
    explicit sim_card(std::string_view profile = "adult")
        : handle_(made<mynacard_sim_card *>(mynacard_sim_card_new, to_c(profile)))
    {
    }
    number_b number() const
    {
        const auto digits = made<mynacard_bytes>(mynacard_sim_card_number_b, handle_.get());
        return number_b::from_digits(
            {reinterpret_cast<const char *>(digits.data), digits.length});
    }
    /** For drivers whose commands go to this card. */
    mynacard::link link() const
    {
        return mynacard::link(made<mynacard_link *>(mynacard_link_of_sim, handle_.get()));
    }
    std::vector<std::uint8_t> transmit(bytes command) const
    {
        std::vector<std::uint8_t> answer(65538);
        std::size_t length = 0;
        const mynacard_result code = mynacard_sim_transmit(
            handle_.get(), command.data, command.size, answer.data(), answer.size(), &length);
        if (code != MYNACARD_OK)
            throw link_failure(code);
        answer.resize(length);
        return answer;
    }
    std::uint64_t presentations() const
    {
        return made<std::uint64_t>(mynacard_sim_card_presentations, handle_.get());
    }

private:
    handle<mynacard_sim_card, mynacard_sim_card_free> handle_;
};
#endif

} // namespace mynacard

#endif
