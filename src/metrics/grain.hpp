// Grains: the lengths of the windows that metrics are kept by, and how long each is kept. Windows
// are UTC.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/time.hpp"

namespace bytebasket::metrics {

/// Finest first. The numbers are stored in no row (rows carry the name), but bit masks use them.
enum class Grain : std::uint8_t { minute, hour, day };
inline constexpr std::size_t grain_count = 3;
inline constexpr std::array<Grain, grain_count> all_grains = {Grain::minute, Grain::hour,
                                                              Grain::day};

/// `1m`, `1h`, `1d`
std::string_view name_of(Grain grain);
std::optional<Grain> grain_named(std::string_view name);

constexpr Milliseconds length_of(Grain grain) {
  constexpr std::array<std::int64_t, grain_count> lengths = {60'000, 3'600'000, 86'400'000};
  return Milliseconds(lengths[static_cast<std::size_t>(grain)]);
}

/// The start of the window that `time` falls into.
constexpr Timestamp window_of(Grain grain, Timestamp time) {
  return floor_to(time, length_of(grain));
}

/// Which table partition the rows of a window stand in: minutes by the day, hours by thirty days,
/// days by 360 days, so that the usual ranges read one or two partitions.
std::int64_t bucket_of(Grain grain, Timestamp window);

/// A set of grains.
class GrainSet {
 public:
  constexpr GrainSet() = default;
  static constexpr GrainSet all() { return GrainSet(0b111); }
  static constexpr GrainSet from_bits(std::uint8_t bits) { return GrainSet(bits & 0b111); }

  constexpr void insert(Grain grain) { bits_ |= bit(grain); }
  [[nodiscard]] constexpr bool contains(Grain grain) const { return (bits_ & bit(grain)) != 0; }
  [[nodiscard]] constexpr bool empty() const { return bits_ == 0; }
  [[nodiscard]] constexpr std::uint8_t bits() const { return bits_; }
  /// Meaningful for a set that is not empty.
  [[nodiscard]] constexpr Grain finest() const {
    return contains(Grain::minute) ? Grain::minute
           : contains(Grain::hour) ? Grain::hour
                                   : Grain::day;
  }
  constexpr auto operator<=>(const GrainSet&) const = default;

 private:
  constexpr explicit GrainSet(std::uint8_t bits) : bits_(bits) {}
  static constexpr std::uint8_t bit(Grain grain) {
    return static_cast<std::uint8_t>(1U << static_cast<unsigned>(grain));
  }
  std::uint8_t bits_ = 0;
};

/// How long the rows of each grain are kept after their window's end, and how late a fact may come
/// to count in them: it counts while append time − event time ≤ the grain's retention. Both are in
/// the log, so a replay decides alike.
struct GrainRetention {
  std::array<Milliseconds, grain_count> kept = {std::chrono::days(14), std::chrono::days(400),
                                                Milliseconds::max()};

  [[nodiscard]] Milliseconds of(Grain grain) const { return kept[static_cast<std::size_t>(grain)]; }
  /// When a row of this window may go; nullopt where the grain is kept for ever.
  [[nodiscard]] std::optional<Timestamp> expiry(Grain grain, Timestamp window) const;
  auto operator<=>(const GrainRetention&) const = default;
};

}  // namespace bytebasket::metrics
