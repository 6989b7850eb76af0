#include "analytics/api_parameters.hpp"

#include <algorithm>
#include <charconv>

namespace bytebasket::analytics {

Status only_parameters(Parameters given, std::initializer_list<std::string_view> known) {
  for (auto entry = given.begin(); entry != given.end(); ++entry) {
    const std::string& name = entry->first;
    if (std::ranges::find(known, std::string_view(name)) == known.end()) {
      std::string message = "unknown parameter '" + name + "'; known: ";
      if (known.size() == 0) message += "none";
      for (const std::string_view allowed : known) {
        if (allowed != *known.begin()) message += ", ";
        message += allowed;
      }
      return fail(ErrorCode::invalid_argument, std::move(message));
    }
    if (std::any_of(given.begin(), entry,
                    [&name](const auto& earlier) { return earlier.first == name; })) {
      return fail(ErrorCode::invalid_argument, "parameter '" + name + "' is given twice");
    }
  }
  return ok();
}

std::optional<std::string_view> parameter(Parameters given, std::string_view name) {
  const auto found = std::ranges::find(
      given, name, [](const auto& entry) { return std::string_view(entry.first); });
  if (found == given.end()) return std::nullopt;
  return found->second;
}

Result<std::uint32_t> limit_parameter(Parameters given, std::uint32_t most) {
  const auto text = parameter(given, "limit");
  if (!text) return most;
  std::uint32_t limit = 0;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), limit);
  if (error != std::errc() || end != text->data() + text->size() || limit < 1 || limit > most) {
    return fail(ErrorCode::invalid_argument, "limit='" + std::string(*text) +
                                                 "' is not allowed: an integer from 1 to " +
                                                 std::to_string(most));
  }
  return limit;
}

}  // namespace bytebasket::analytics
