// Sets of dimensions, and the text that holds the values of one set.
#pragma once

#include <bit>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "metrics/fact.hpp"

namespace bytebasket::metrics {

std::string_view name_of(Dimension dimension);
std::optional<Dimension> dimension_named(std::string_view name);

/// A set of dimensions, in the order of their declaration. The empty set is the total.
class DimensionSet {
 public:
  constexpr DimensionSet() = default;
  constexpr DimensionSet(std::initializer_list<Dimension> dimensions) {
    for (const Dimension dimension : dimensions) insert(dimension);
  }

  constexpr void insert(Dimension dimension) { bits_ |= bit(dimension); }
  [[nodiscard]] constexpr bool contains(Dimension dimension) const {
    return (bits_ & bit(dimension)) != 0;
  }
  [[nodiscard]] constexpr bool includes(DimensionSet other) const {
    return (other.bits_ & ~bits_) == 0;
  }
  [[nodiscard]] constexpr bool empty() const { return bits_ == 0; }
  [[nodiscard]] constexpr std::size_t size() const {
    return static_cast<std::size_t>(std::popcount(bits_));
  }
  [[nodiscard]] constexpr std::uint16_t bits() const { return bits_; }
  [[nodiscard]] constexpr DimensionSet with(DimensionSet other) const {
    DimensionSet united = *this;
    united.bits_ |= other.bits_;
    return united;
  }
  /// Its members in order.
  [[nodiscard]] std::vector<Dimension> members() const;
  constexpr auto operator<=>(const DimensionSet&) const = default;

 private:
  static constexpr std::uint16_t bit(Dimension dimension) {
    return static_cast<std::uint16_t>(1U << static_cast<unsigned>(dimension));
  }
  std::uint16_t bits_ = 0;
};

/// `source,country`; empty for the total: the column `dimensions` of a row.
std::string to_string(DimensionSet set);
/// Reads a comma list; the error names the dimensions there are. Empty is the total.
Result<DimensionSet> parse_dimensions(std::string_view list);

/// The values of a set in its order, joined by commas: the column `values` of a row. A comma or
/// backslash within a value is escaped with a backslash. Readable text, so that any store's tools
/// can show it.
void append_value(std::string& encoded, std::string_view value, bool first);
std::string encode_values(std::span<const std::string_view> values);
/// The `count` values back; `corrupt` where there are more or fewer.
Result<std::vector<std::string>> decode_values(std::string_view encoded, std::size_t count);

}  // namespace bytebasket::metrics
