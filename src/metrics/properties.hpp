// Properties of an event that the event model has no field for, read from its canonical document
// when a metric asks.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

#include "metrics/fact.hpp"

namespace bytebasket::metrics {

/// A scalar property: as text, and as a number in millionths where it is one.
struct Property {
  std::string_view text;
  std::optional<std::int64_t> millionths;
};

/// Reads properties of canonical events. Keeps the last document parsed, so several questions about
/// one event cost one pass. Not thread-safe.
class PropertyReader {
 public:
  PropertyReader();
  ~PropertyReader();
  PropertyReader(PropertyReader&&) noexcept;
  PropertyReader& operator=(PropertyReader&&) noexcept;

  /// Starts a new fact: forgets what was read of the last.
  void next_fact();

  /// The scalar at `path` (parts joined by dots) below `properties`; nullopt where the fact has no
  /// event, or the event no such scalar. The text lives until the next call.
  std::optional<Property> find(const Fact& fact, std::string_view path);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace bytebasket::metrics
