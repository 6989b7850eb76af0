#include "producers/import/presets.hpp"

#include <array>
#include <string_view>
#include <utility>

#include "producers/import/mapping.hpp"
#include "producers/import/mapping_translator.hpp"
#include "producers/import/segment_lines.hpp"
#include "producers/import/snowplow.hpp"

namespace bytebasket::producers::import_ {

namespace {

constexpr std::string_view rees46 = R"(# REES46 multi-category store: each row is one event.
format: csv
source: web
time: event_time
events:
  - {event: Product Viewed, when: {column: event_type, equals: view}}
  - {event: Product Added, when: {column: event_type, equals: cart}}
  - {event: Product Removed, when: {column: event_type, equals: remove_from_cart}}
  - {event: Order Completed, when: {column: event_type, equals: purchase}}
fields:
  anonymousId: user_id
  userId: user_id
  context.sessionId: user_session
  properties.currency: {value: USD}
  properties.product_id: {column: product_id, for: [Product Viewed, Product Added, Product Removed]}
  properties.category: {column: category_code, else: {column: category_id}, for: [Product Viewed, Product Added, Product Removed]}
  properties.brand: {column: brand, for: [Product Viewed, Product Added, Product Removed]}
  properties.price: {column: price, type: money, for: [Product Viewed, Product Added, Product Removed]}
  # The set names no orders: each bought product is an order of its own.
  properties.order_id: {row_id: true, prefix: rees46-, for: [Order Completed]}
lines:
  for: [Order Completed]
  revenue: true
  fields:
    product_id: product_id
    category: {column: category_code, else: {column: category_id}}
    brand: brand
    price: {column: price, type: money}
)";

constexpr std::string_view retailrocket =
    R"(# RetailRocket events.csv: rows of one transaction are the lines of one order; there are no prices.
format: csv
source: web
time: {column: timestamp, format: epoch-ms}
events:
  - {event: Product Viewed, when: {column: event, equals: view}}
  - {event: Product Added, when: {column: event, equals: addtocart}}
  - {event: Order Completed, when: {column: event, equals: transaction}}
fields:
  anonymousId: visitorid
  properties.product_id: {column: itemid, for: [Product Viewed, Product Added]}
  properties.order_id: {column: transactionid, for: [Order Completed]}
lines:
  for: [Order Completed]
  by: transactionid
  within: 0
  fields:
    product_id: itemid
)";

constexpr std::string_view online_retail =
    R"(# UCI Online Retail: rows of one invoice are the lines of one order. Invoices that begin with C are refunds under their
# own number; those that begin with A are adjustments, orders whose revenue may be negative. Rows of other invoices with
# a negative quantity are the shop's own write-offs, without customer and price: no orders.
format: csv
source: orders
time: InvoiceDate
events:
  - event: Order Refunded
    when: {column: InvoiceNo, starts_with: C}
    negate: [quantity]
  - event: Stock Adjusted
    when: {column: Quantity, starts_with: "-"}
  - event: Order Completed
fields:
  anonymousId: {column: CustomerID, strip_suffix: ".0", else: {column: InvoiceNo, prefix: invoice-}}
  userId: {column: CustomerID, strip_suffix: ".0"}
  properties.order_id: InvoiceNo
  properties.currency: {value: GBP}
  properties.country_name: Country
lines:
  by: InvoiceNo
  within: 1000
  revenue: true
  fields:
    product_id: StockCode
    name: Description
    quantity: {column: Quantity, type: integer}
    price: {column: UnitPrice, type: money, decimals: 3}
)";

struct Preset {
  std::string_view name;
  std::string_view mapping;
};
constexpr std::array<Preset, 5> presets = {{{"segment", {}},
                                            {"rees46", rees46},
                                            {"retailrocket", retailrocket},
                                            {"online-retail", online_retail},
                                            {"snowplow", {}}}};

/// Empty where the preset is code, or there is none of that name.
std::string_view preset_mapping(std::string_view name) {
  for (const Preset& preset : presets) {
    if (preset.name == name) return preset.mapping;
  }
  return {};
}

}  // namespace

Result<std::unique_ptr<Translator>> make_translator(const std::string& format) {
  if (format == "segment") return make_segment_translator();
  if (format == "snowplow") return make_snowplow_translator();
  if (const std::string_view mapping = preset_mapping(format); !mapping.empty()) {
    BB_ASSIGN_OR_RETURN(Mapping parsed, parse_mapping(mapping, format));
    return make_mapping_translator(std::move(parsed));
  }
  if (format.ends_with(".yml") || format.ends_with(".yaml")) {
    BB_ASSIGN_OR_RETURN(Mapping parsed, load_mapping(format));
    return make_mapping_translator(std::move(parsed));
  }
  std::string names;
  for (const Preset& preset : presets) names += std::string(preset.name) + ", ";
  return fail(ErrorCode::invalid_argument, "format '" + format + "' is none of " + names +
                                               "nor the path of a mapping file (.yml)");
}

}  // namespace bytebasket::producers::import_
