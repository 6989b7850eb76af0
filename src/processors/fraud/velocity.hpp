// What one customer, card, device or address did lately: the state behind velocity features.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"
#include "processors/fraud/attempt.hpp"

namespace bytebasket::processors::fraud {

/// No window looks back further; older attempts are forgotten.
inline constexpr Milliseconds longest_window = std::chrono::days(30);

/// A remembered attempt. Texts are kept as 64-bit hashes, for they are only compared.
struct PastAttempt {
  Timestamp time;
  std::optional<std::int64_t> amount;  ///< millionths of `currency`
  std::uint32_t currency = 0;          ///< Currency::bits()
  bool failed = false;
  std::array<std::uint64_t, attribute_count> attributes{};  ///< 0: unknown

  [[nodiscard]] std::uint64_t operator[](Attribute attribute) const {
    return attributes[static_cast<std::size_t>(attribute)];
  }
  auto operator<=>(const PastAttempt&) const = default;
};

/// The attempt as it is remembered.
PastAttempt remember(const Attempt& attempt);

/// The attempts of one entity, oldest first, and what is known of it for ever. It holds at most a
/// set number of attempts: beyond it the oldest go, and what was counted over a window that reaches
/// back to them is a lower bound. Plain data with a stored form; not thread-safe.
class Velocity {
 public:
  static Result<Velocity> decode(std::string_view bytes);
  [[nodiscard]] std::string encode() const;
  [[nodiscard]] std::size_t bytes() const;

  /// Remembers an attempt, and forgets the oldest beyond `limit` and those before the longest
  /// window.
  void add(const PastAttempt& attempt, std::size_t limit);

  /// The attempts with time in (now − window, now], oldest first.
  [[nodiscard]] std::span<const PastAttempt> within(Timestamp now, Milliseconds window) const;
  /// True where attempts of that window may have been forgotten.
  [[nodiscard]] bool is_lower_bound(Timestamp now, Milliseconds window) const;

  /// When the entity was first seen, by event time.
  [[nodiscard]] std::optional<Timestamp> first_seen() const { return first_seen_; }

  /// How many of its transactions are labelled fraud at present.
  [[nodiscard]] std::int64_t labelled_fraud() const { return labelled_fraud_; }
  void change_labelled_fraud(std::int64_t by) { labelled_fraud_ += by; }

  [[nodiscard]] std::size_t size() const { return attempts_.size() - first_; }

 private:
  void forget_oldest();

  std::vector<PastAttempt>
      attempts_;  ///< by time, then by arrival; those before first_ are forgotten
  std::size_t first_ = 0;
  std::optional<Timestamp> first_seen_;
  std::optional<Timestamp> forgotten_until_;  ///< the newest of the forgotten
  std::int64_t labelled_fraud_ = 0;
};

}  // namespace bytebasket::processors::fraud
