#include "events/canonical_time.hpp"

#include <array>
#include <bit>
#include <cstdint>
#include <cstring>

namespace bytebasket::events {
namespace {

constexpr std::string_view shape = "0000-00-00T00:00:00.000Z";
static_assert(shape.size() == canonical_time_size);

/// `00`, `01`, …, `99`: two digits for one division.
constexpr auto digit_pairs = [] {
  std::array<char, 200> pairs{};
  for (std::size_t i = 0; i < 100; ++i) {
    pairs[2 * i] = static_cast<char>('0' + i / 10);
    pairs[2 * i + 1] = static_cast<char>('0' + i % 10);
  }
  return pairs;
}();

void put_pair(char* at, unsigned value) {
  std::memcpy(at, &digit_pairs[std::size_t{2} * value], 2);
}

/// Eight bytes of a time with those of the shape taken off: digits from 0 to 9 in the place of its
/// zeros, and zeros elsewhere.
class Offsets {
 public:
  /// Of the bytes from `at` on, a multiple of eight.
  Offsets(std::string_view text, std::size_t at) {
    static_assert(std::endian::native == std::endian::little);
    std::uint64_t wanted = 0;
    std::memcpy(&wanted, shape.data() + at, sizeof(wanted));
    std::memcpy(&word_, text.data() + at, sizeof(word_));
    word_ ^= wanted;
  }
  /// False where there is anything else than digits, or not zeros in the bytes `separators` (FF
  /// each). A digit is at most 9, so it has no high bits, neither by itself nor with 6 added.
  [[nodiscard]] bool fit(std::uint64_t separators) const {
    constexpr std::uint64_t high_bits = 0xF0F0'F0F0'F0F0'F0F0;
    constexpr std::uint64_t sixes = 0x0606'0606'0606'0606;
    return (((word_ | (word_ + sixes)) & high_bits) | (word_ & separators)) == 0;
  }
  [[nodiscard]] unsigned digit(unsigned i) const {
    return static_cast<unsigned>(word_ >> 8 * i & 0xFF);
  }
  /// The number of two digits that begins at byte `i`. All of them cost one multiplication.
  [[nodiscard]] unsigned pair(unsigned i) const {
    return static_cast<unsigned>((word_ * 10 + (word_ >> 8)) >> 8 * i & 0xFF);
  }

 private:
  std::uint64_t word_ = 0;
};

}  // namespace

char* write_canonical_time(char* at, Timestamp time) {
  const auto days = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(days);
  const auto year = static_cast<unsigned>(static_cast<int>(date.year()));
  const auto ms = static_cast<unsigned>((time - days).count());
  std::memcpy(at, shape.data(), shape.size());
  put_pair(at, year / 100 % 100);
  put_pair(at + 2, year % 100);
  put_pair(at + 5, static_cast<unsigned>(date.month()));
  put_pair(at + 8, static_cast<unsigned>(date.day()));
  put_pair(at + 11, ms / 3'600'000);
  put_pair(at + 14, ms / 60'000 % 60);
  put_pair(at + 17, ms / 1000 % 60);
  at[20] = static_cast<char>('0' + ms % 1000 / 100);
  put_pair(at + 21, ms % 100);
  return at + canonical_time_size;
}

std::optional<Timestamp> read_canonical_time(std::string_view text) {
  if (text.size() != canonical_time_size) return std::nullopt;
  const Offsets first(text, 0);   // 0000-00-
  const Offsets second(text, 8);  // 00T00:00
  const Offsets third(text, 16);  // :00.000Z
  if (!first.fit(0xFF00'00FF'0000'0000) || !second.fit(0x0000'FF00'00FF'0000) ||
      !third.fit(0xFF00'0000'FF00'00FF))
    return std::nullopt;
  const std::chrono::year_month_day date{
      std::chrono::year(static_cast<int>(first.pair(0) * 100 + first.pair(2))),
      std::chrono::month(first.pair(5)), std::chrono::day(second.pair(0))};
  const unsigned hours = second.pair(3);
  const unsigned minutes = second.pair(6);
  const unsigned seconds = third.pair(1);
  if (!date.ok() || date.year() < std::chrono::year(1970) || hours > 23 || minutes > 59 ||
      seconds > 59)
    return std::nullopt;
  return Timestamp(std::chrono::sys_days(date)) + std::chrono::hours(hours) +
         std::chrono::minutes(minutes) + std::chrono::seconds(seconds) +
         Milliseconds(third.pair(4) * 10 + third.digit(6));
}

}  // namespace bytebasket::events
