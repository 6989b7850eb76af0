#include "lake/columns.hpp"

#include <arrow/api.h>

namespace bytebasket::lake {
namespace {

/// Money: the 64-bit number of millionths as a decimal.
const std::shared_ptr<arrow::DataType>& money_type() {
  static const auto type = arrow::decimal128(19, 6);
  return type;
}

const std::shared_ptr<arrow::DataType>& time_type() {
  static const auto type = arrow::timestamp(arrow::TimeUnit::MILLI, "UTC");
  return type;
}

std::shared_ptr<arrow::DataType> line_type() {
  return arrow::struct_({arrow::field("product_id", arrow::utf8()),
                         arrow::field("sku", arrow::utf8()), arrow::field("name", arrow::utf8()),
                         arrow::field("category", arrow::utf8()),
                         arrow::field("brand", arrow::utf8()), arrow::field("price", money_type()),
                         arrow::field("quantity", arrow::int64())});
}

std::shared_ptr<arrow::Schema> make_schema() {
  const auto& text = arrow::utf8();
  const auto& bytes = arrow::binary();
  const auto field = [](const char* name, const std::shared_ptr<arrow::DataType>& type,
                        bool nullable = true) { return arrow::field(name, type, nullable); };
  return arrow::schema({field("offset", arrow::int64(), false),
                        field("append_time", time_type(), false),
                        field("received_at", time_type(), false),
                        field("record", text, false),
                        field("key", text),
                        field("type", text),
                        field("event", text),
                        field("message_id", text),
                        field("event_time", time_type()),
                        field("original_time", time_type()),
                        field("anonymous_id", text),
                        field("user_id", text),
                        field("source", text),
                        field("session_id", text),
                        field("country", text),
                        field("device", text),
                        field("campaign", text),
                        field("properties", text),
                        field("rest", text),
                        field("raw_key", bytes),
                        field("raw_value", bytes),
                        field("raw_detail", bytes),
                        field("partition", arrow::int32(), false),
                        field("visitor", text),
                        field("order_id", text),
                        field("cart_id", text),
                        field("checkout_id", text),
                        field("status", text),
                        field("coupon", text),
                        field("query", text),
                        field("currency", text),
                        field("revenue", money_type()),
                        field("total", money_type()),
                        field("subtotal", money_type()),
                        field("shipping", money_type()),
                        field("tax", money_type()),
                        field("discount", money_type()),
                        field("value", money_type()),
                        field("lines", arrow::list(line_type()))});
}

}  // namespace

const std::shared_ptr<arrow::Schema>& lake_schema() {
  static const auto schema = make_schema();
  return schema;
}

}  // namespace bytebasket::lake
