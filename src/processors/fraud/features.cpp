#include "processors/fraud/features.hpp"

#include <algorithm>
#include <bit>
#include <vector>

namespace bytebasket::processors::fraud {
namespace {

constexpr std::int64_t one = 1'000'000;

__extension__ using Wide = __int128;

std::int64_t clamp_wide(Wide value) {
  constexpr Wide most = INT64_MAX;
  return static_cast<std::int64_t>(std::clamp<Wide>(value, -most, most));
}

/// The sum and number of amounts in one currency.
struct Amounts {
  Wide sum = 0;
  std::int64_t count = 0;
};

Amounts amounts_of(std::span<const PastAttempt> attempts, std::uint32_t currency,
                   bool failed_only) {
  Amounts amounts;
  for (const PastAttempt& past : attempts) {
    if (!past.amount || past.currency != currency || (failed_only && !past.failed)) continue;
    amounts.sum += *past.amount;
    ++amounts.count;
  }
  return amounts;
}

/// Counts different values with an open-addressing set that is at most half full.
std::int64_t distinct(std::span<const PastAttempt> attempts, Attribute of, bool failed_only) {
  std::vector<std::uint64_t> slots(std::bit_ceil(attempts.size() * 2 + 1), 0);
  const std::uint64_t mask = slots.size() - 1;
  std::int64_t count = 0;
  for (const PastAttempt& past : attempts) {
    const std::uint64_t value = past[of];
    if (value == 0 || (failed_only && !past.failed)) continue;
    std::uint64_t slot = value & mask;
    while (slots[slot] != 0 && slots[slot] != value) slot = (slot + 1) & mask;
    if (slots[slot] == 0) ++count;
    slots[slot] = value;
  }
  return count;
}

std::int64_t count(std::span<const PastAttempt> attempts, bool failed_only) {
  if (!failed_only) return static_cast<std::int64_t>(attempts.size());
  return std::count_if(attempts.begin(), attempts.end(),
                       [](const PastAttempt& past) { return past.failed; });
}

std::optional<std::int64_t> matching(std::span<const PastAttempt> attempts, Attribute of,
                                     std::uint64_t own, bool failed_only) {
  if (own == 0) return std::nullopt;
  return std::count_if(attempts.begin(), attempts.end(),
                       [&](const PastAttempt& past) {
                         return past[of] == own && (!failed_only || past.failed);
                       }) *
         one;
}

std::optional<std::int64_t> ratio(const PastAttempt& own, const Amounts& prior) {
  if (!own.amount || prior.count == 0 || prior.sum <= 0) return std::nullopt;
  // The amount is below 2^63, the count below 2^20 or so, and one million below 2^20: within 128
  // bits.
  return clamp_wide(static_cast<Wide>(*own.amount) * prior.count * one / prior.sum);
}

std::int64_t age(const Velocity& velocity, Timestamp now) {
  if (!velocity.first_seen() || *velocity.first_seen() >= now) return 0;
  return (now - *velocity.first_seen()).count() * (one / 1000);
}

std::optional<std::int64_t> over_window(const Feature& feature, const PastAttempt& own,
                                        std::span<const PastAttempt> prior) {
  switch (feature.aggregate) {
    case Aggregate::count:
      return count(prior, feature.failed_only) * one;
    case Aggregate::sum:
      return clamp_wide(amounts_of(prior, own.currency, feature.failed_only).sum);
    case Aggregate::distinct:
      return distinct(prior, feature.of, feature.failed_only) * one;
    case Aggregate::matching:
      return matching(prior, feature.of, own[feature.of], feature.failed_only);
    case Aggregate::ratio:
      return ratio(own, amounts_of(prior, own.currency, feature.failed_only));
    case Aggregate::age:
    case Aggregate::labelled_fraud:
      break;
  }
  return std::nullopt;
}

}  // namespace

FeatureValue value_of(const Feature& feature, const Attempt& attempt, const PastAttempt& remembered,
                      const Velocities& velocities) {
  const Velocity* velocity = velocities[static_cast<std::size_t>(feature.entity)];
  if (velocity == nullptr) return {};
  if (feature.aggregate == Aggregate::age) return {age(*velocity, attempt.time)};
  if (feature.aggregate == Aggregate::labelled_fraud) return {velocity->labelled_fraud() * one};
  return {over_window(feature, remembered, velocity->within(attempt.time, feature.window)),
          velocity->is_lower_bound(attempt.time, feature.window)};
}

}  // namespace bytebasket::processors::fraud
