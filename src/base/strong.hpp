// Strong integers: an offset is not a partition number, and the compiler knows it.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>

namespace bytebasket {

/// An integer with a meaning. Compares and hashes; arithmetic is spelled out with value() where it
/// makes sense.
template <typename Tag, typename Rep>
class Strong {
 public:
  using rep = Rep;

  constexpr Strong() = default;
  constexpr explicit Strong(Rep value) : value_(value) {}

  [[nodiscard]] constexpr Rep value() const { return value_; }
  constexpr auto operator<=>(const Strong&) const = default;

  /// The next one (offsets, epochs, run numbers).
  [[nodiscard]] constexpr Strong next() const { return Strong(static_cast<Rep>(value_ + 1)); }

 private:
  Rep value_{};
};

}  // namespace bytebasket

template <typename Tag, typename Rep>
struct std::hash<bytebasket::Strong<Tag, Rep>> {
  std::size_t operator()(const bytebasket::Strong<Tag, Rep>& strong) const noexcept {
    return std::hash<Rep>()(strong.value());
  }
};
