#include "events/canonical_time.hpp"

#include <array>
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

/// The text's bytes with the shape's taken off: digits from 0 to 9 in the place of its zeros, and
/// zeros elsewhere.
using Offsets = std::array<std::uint8_t, canonical_time_size>;

/// nullopt where the text has another shape. Eight bytes at a time: a digit is at most 9, so it has
/// no high bits, neither by itself nor with 6 added.
std::optional<Offsets> offsets_of(std::string_view text) {
  if (text.size() != canonical_time_size) return std::nullopt;
  constexpr std::uint64_t high_bits = 0xF0F0'F0F0'F0F0'F0F0;
  constexpr std::uint64_t sixes = 0x0606'0606'0606'0606;
  Offsets offsets;
  std::uint64_t wrong = 0;
  for (std::size_t i = 0; i < canonical_time_size; i += 8) {
    std::uint64_t wanted = 0;
    std::uint64_t word = 0;
    std::memcpy(&wanted, shape.data() + i, 8);
    std::memcpy(&word, text.data() + i, 8);
    word ^= wanted;
    wrong |= (word | (word + sixes)) & high_bits;
    std::memcpy(offsets.data() + i, &word, 8);
  }
  for (const std::size_t i : {4U, 7U, 10U, 13U, 16U, 19U, 23U}) wrong |= offsets[i];
  return wrong == 0 ? std::optional(offsets) : std::nullopt;
}

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
  const auto digits = offsets_of(text);
  if (!digits) return std::nullopt;
  const auto pair = [&](std::size_t at) { return (*digits)[at] * 10U + (*digits)[at + 1]; };
  const std::chrono::year_month_day date{
      std::chrono::year(static_cast<int>(pair(0) * 100 + pair(2))), std::chrono::month(pair(5)),
      std::chrono::day(pair(8))};
  const unsigned hours = pair(11);
  const unsigned minutes = pair(14);
  const unsigned seconds = pair(17);
  if (!date.ok() || date.year() < std::chrono::year(1970) || hours > 23 || minutes > 59 ||
      seconds > 59)
    return std::nullopt;
  return Timestamp(std::chrono::sys_days(date)) + std::chrono::hours(hours) +
         std::chrono::minutes(minutes) + std::chrono::seconds(seconds) +
         Milliseconds((*digits)[20] * 100U + pair(21));
}

}  // namespace bytebasket::events
