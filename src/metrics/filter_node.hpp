// The inner form of a filter: a tree of comparisons. For filter.cpp and filter_parser.cpp only.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "metrics/filter.hpp"

namespace bytebasket::metrics {

enum class Comparison : std::uint8_t { equal, not_equal, less, at_most, greater, at_least };

inline constexpr std::array<std::pair<std::string_view, Comparison>, 6> comparison_signs = {{
    {"!=", Comparison::not_equal},
    {"<=", Comparison::at_most},
    {">=", Comparison::at_least},
    {"=", Comparison::equal},
    {"<", Comparison::less},
    {">", Comparison::greater},
}};

std::string_view sign_of(Comparison comparison);

/// What a comparison looks at.
struct Operand {
  enum class Kind : std::uint8_t {
    event,
    stream,
    refund_type,
    visitor,
    session,
    customer,
    dimension,
    field,
    property
  };
  Kind kind = Kind::dimension;
  Dimension dimension{};
  Field field{};
  std::string path;
  std::string name;
};

/// What it is compared with. `number` is in the operand's own unit.
struct Literal {
  std::string text;
  std::optional<std::int64_t> number;
  schema::EventKind event = schema::EventKind::unknown;
};

struct Filter::Node {
  enum class Kind : std::uint8_t { all_of, any_of, none_of, compare };
  Kind kind = Kind::compare;
  std::vector<std::shared_ptr<const Node>> children;
  Operand operand;
  Comparison comparison = Comparison::equal;  ///< with several literals: `=` any of them, `!=` none
  std::vector<Literal> literals;

  [[nodiscard]] bool matches(const Fact& fact, PropertyReader& properties) const;
  [[nodiscard]] std::pair<EventKinds, bool> event_kinds() const;
  [[nodiscard]] std::string text() const;

 private:
  [[nodiscard]] bool compare(const Fact& fact, PropertyReader& properties) const;
  [[nodiscard]] bool compare_text(std::string_view text) const;
  [[nodiscard]] bool compare_number(std::optional<std::int64_t> number) const;
  [[nodiscard]] bool compare_property(const std::optional<Property>& property) const;
};

}  // namespace bytebasket::metrics
