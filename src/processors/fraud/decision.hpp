// What was decided on an attempt, and everything it was decided from.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/position.hpp"
#include "base/time.hpp"
#include "events/money.hpp"
#include "processors/fraud/features.hpp"

namespace bytebasket::processors::fraud {

enum class Verdict : std::uint8_t { approve, review, decline };
std::string_view to_string(Verdict verdict);
std::optional<Verdict> parse_verdict(std::string_view name);

/// A rule that applied.
struct Reason {
  std::string rule;
  std::int64_t score = 0;
  std::string text;  ///< with the values filled in
  bool operator==(const Reason&) const = default;
};

/// A feature as it stood at the decision.
struct Reading {
  std::string name;
  std::optional<std::int64_t> value;  ///< millionths
  bool decimal = false;  ///< shown with six decimals (money, ratios), else as a whole number
  bool lower_bound = false;
  bool operator==(const Reading&) const = default;
};

/// What the rules make of an attempt.
struct Assessment {
  Verdict verdict = Verdict::approve;
  std::int64_t score = 0;  ///< 0 to 100
  std::vector<Reason> reasons;
  std::vector<Reading> readings;
  std::string rules_version;
};

/// An assessment with the attempt it belongs to. Owns its texts.
struct Decision {
  Assessment assessment;
  std::string message_id;
  Timestamp time;
  std::string customer;
  std::optional<events::Micros> amount;
  std::string currency;
  std::string country;
  std::string card;
  std::string device_id;
  std::string ip;
  Position position;
};

}  // namespace bytebasket::processors::fraud
