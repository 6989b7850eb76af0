// Lists of names, such as those of an enumeration's members in their order.
#pragma once

#include <algorithm>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace bytebasket {

/// The member of `Enum` that is called so; nullopt where none is.
template <typename Enum>
std::optional<Enum> member_named(std::span<const std::string_view> names, std::string_view name) {
  const auto found = std::ranges::find(names, name);
  if (found == names.end()) return std::nullopt;
  return static_cast<Enum>(found - names.begin());
}

/// `a, b, c`
std::string joined(std::span<const std::string_view> names);

}  // namespace bytebasket
