#include "metrics/grain.hpp"

#include "base/names.hpp"

namespace bytebasket::metrics {
namespace {

constexpr std::array<std::string_view, grain_count> names = {"1m", "1h", "1d"};

/// How many windows' worth of time one table partition holds.
constexpr Milliseconds bucket_length(Grain grain) {
  constexpr std::array<std::int64_t, grain_count> days = {1, 30, 360};
  return Milliseconds(days[static_cast<std::size_t>(grain)] * 86'400'000);
}

}  // namespace

std::string_view name_of(Grain grain) { return names[static_cast<std::size_t>(grain)]; }

std::optional<Grain> grain_named(std::string_view name) { return member_named<Grain>(names, name); }

std::int64_t bucket_of(Grain grain, Timestamp window) {
  const Milliseconds length = bucket_length(grain);
  return to_ms(floor_to(window, length)) / length.count();
}

std::optional<Timestamp> GrainRetention::expiry(Grain grain, Timestamp window) const {
  if (of(grain) == Milliseconds::max()) return std::nullopt;
  return window + length_of(grain) + of(grain);
}

}  // namespace bytebasket::metrics
