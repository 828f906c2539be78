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

/** The card face. */
class face {
public:
    explicit face(mynacard_face *raw) : handle_(raw) {}
    mynacard_face_facts facts() const
    {
        return made<mynacard_face_facts>(mynacard_face_get_facts, handle_.get());
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

/** The four attributes, as views into their reading. */
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

/** Sends a command and gives the card's answer. Throws link_failure, or anything else. */
using transmit_function = std::function<std::vector<std::uint8_t>(bytes command)>;

/** What a transmit_function throws when the link fails: one of MYNACARD_LINK_... */
class link_failure : public error {
public:
    using error::error;
};

/** A reading in progress. */
class driver {
public:
    static driver identify(mynacard_capabilities link)
    {
        return driver(made<mynacard_driver *>(mynacard_driver_new_identify, &link));
    }
    static driver tries(mynacard_capabilities link)
    {
        return driver(made<mynacard_driver *>(mynacard_driver_new_tries, &link));
    }
    static driver facts(mynacard_capabilities link)
    {
        return driver(made<mynacard_driver *>(mynacard_driver_new_facts, &link));
    }
    static driver read(mynacard_capabilities link, const number_b &number,
                       const mynacard_plan &plan = mynacard_plan_all())
    {
        return driver(
            made<mynacard_driver *>(mynacard_driver_new_read, &link, number.get(), &plan));
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

    mynacard::reading reading()
    {
        return mynacard::reading(made<mynacard_reading *>(mynacard_driver_reading, handle_.get()));
    }
    mynacard_token_kind token()
    {
        return made<mynacard_token_kind>(mynacard_driver_token, handle_.get());
    }
    mynacard_tries_report tries_report()
    {
        return made<mynacard_tries_report>(mynacard_driver_tries, handle_.get());
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
