// What fraud detection looks at: one attempt to pay.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.hpp"
#include "events/event.hpp"
#include "events/money.hpp"

namespace bytebasket::processors::fraud {

/// Whose doings are remembered.
enum class Entity : std::uint8_t { customer, card, device, ip };
inline constexpr std::size_t entity_count = 4;
std::string_view to_string(Entity entity);
std::optional<Entity> parse_entity(std::string_view name);

/// What of an attempt is remembered beside its time and amount. The first four are the entities, in
/// their order.
enum class Attribute : std::uint8_t { customer, card, device, ip, country };
inline constexpr std::size_t attribute_count = 5;
std::string_view to_string(Attribute attribute);
std::optional<Attribute> parse_attribute(std::string_view name);

/// A payment as it is asked for: by a Payment Attempted, or by an Order Completed that no attempt
/// came before. Its views are those of the event.
struct Attempt {
  Timestamp time;
  bool is_order = false;                 ///< made by an Order Completed
  std::optional<events::Micros> amount;  ///< what is charged
  events::Currency currency;
  std::string currency_text;  ///< "EUR"; empty: unknown
  std::array<std::string_view, attribute_count>
      attributes{};         ///< customer, card, device id, IP, country; empty: unknown
  std::string_view device;  ///< its type: desktop, mobile, …
  std::string_view source;
  std::string_view status;
  std::string_view campaign;
  std::string_view coupon;
  std::string_view email;
  std::int64_t items = 0;  ///< pieces
  std::int64_t lines = 0;  ///< products
  /// The properties that the rules name, in the order of RuleSet::properties(); empty: unknown.
  std::vector<std::string> properties;

  [[nodiscard]] std::string_view operator[](Attribute attribute) const {
    return attributes[static_cast<std::size_t>(attribute)];
  }
  [[nodiscard]] std::string_view operator[](Entity entity) const {
    return attributes[static_cast<std::size_t>(entity)];
  }
  /// True where the payment was refused by the bank or failed.
  [[nodiscard]] bool failed() const;
};

/// The attempt that `event` (a Payment Attempted or an Order Completed) makes. The amount is the
/// payment's `value`, else the order's `total`, else its revenue.
Attempt attempt_of(const events::Event& event);

}  // namespace bytebasket::processors::fraud
