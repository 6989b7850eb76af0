// Declared velocity features and their values for one attempt.
//
// Every number that rules see is a fixed-point integer of millionths: a count of 3 is 3,000,000, an
// amount is its millionths, a duration is in seconds. So a decision is the same to the last bit on
// every machine.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/time.hpp"
#include "processors/fraud/attempt.hpp"
#include "processors/fraud/velocity.hpp"

namespace bytebasket::processors::fraud {

enum class Aggregate : std::uint8_t {
  count,           ///< prior attempts in the window
  sum,             ///< their amounts, of those in the attempt's own currency
  distinct,        ///< different values of an attribute among them
  matching,        ///< those that have the attempt's own value of an attribute
  ratio,           ///< the attempt's amount ÷ their mean amount, in the attempt's own currency
  age,             ///< seconds since the entity was first seen; 0 for a new one
  labelled_fraud,  ///< transactions of the entity that are labelled fraud at present
};

/// What kind of number it is: money is only compared with money.
enum class Unit : std::uint8_t { number, money };

struct Feature {
  std::string name;
  Entity entity = Entity::customer;
  Aggregate aggregate = Aggregate::count;
  Milliseconds window{0};
  Attribute of = Attribute::card;  ///< of distinct and matching
  bool failed_only = false;        ///< only payments that failed

  [[nodiscard]] Unit unit() const {
    return aggregate == Aggregate::sum ? Unit::money : Unit::number;
  }
};

struct FeatureValue {
  std::optional<std::int64_t>
      value;                 ///< millionths; nullopt where the attempt does not say what it needs
  bool lower_bound = false;  ///< attempts of the window have been forgotten
};

/// The velocity rows of an attempt's customer, card, device and IP; nullptr where the attempt does
/// not name one.
using Velocities = std::array<const Velocity*, entity_count>;

/// The feature over the attempts before this one (in log order) with event time in (t − window, t].
FeatureValue value_of(const Feature& feature, const Attempt& attempt, const PastAttempt& remembered,
                      const Velocities& velocities);

}  // namespace bytebasket::processors::fraud
