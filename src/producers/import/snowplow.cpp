#include "producers/import/snowplow.hpp"

#include <algorithm>
#include <array>

#include <nlohmann/json.hpp>

#include "events/money.hpp"
#include "producers/import/json_text.hpp"

namespace bytebasket::producers::import_ {

namespace {

using nlohmann::json;

constexpr std::array<std::string_view, 2> wanted_applications = {"ecom-accel", "DemoID"};

enum Column : std::size_t {
  app_id,
  platform,
  collector_tstamp,
  derived_tstamp,
  event_id,
  domain_userid,
  domain_sessionid,
  user_id,
  user_ipaddress,
  geo_country,
  mkt_campaign,
  useragent,
  page_url,
  ecommerce_user,
  page,
  action,
  cart,
  product,
  checkout_step,
  transaction,
  client_session,
  screen,
  column_count,
};
constexpr std::array<std::string_view, column_count> column_names = {
    "app_id",
    "platform",
    "collector_tstamp",
    "derived_tstamp",
    "event_id",
    "domain_userid",
    "domain_sessionid",
    "user_id",
    "user_ipaddress",
    "geo_country",
    "mkt_campaign",
    "useragent",
    "page_url",
    "contexts_com_snowplowanalytics_snowplow_ecommerce_user_1_0_0",
    "contexts_com_snowplowanalytics_snowplow_ecommerce_page_1_0_0",
    "unstruct_event_com_snowplowanalytics_snowplow_ecommerce_snowplow_ecommerce_action_1_0_0",
    "contexts_com_snowplowanalytics_snowplow_ecommerce_cart_1_0_0",
    "contexts_com_snowplowanalytics_snowplow_ecommerce_product_1_0_0",
    "contexts_com_snowplowanalytics_snowplow_ecommerce_checkout_step_1_0_0",
    "contexts_com_snowplowanalytics_snowplow_ecommerce_transaction_1_0_0",
    "contexts_com_snowplowanalytics_snowplow_client_session_1_0_1",
    "contexts_com_snowplowanalytics_mobile_screen_1_0_0"};

/// The first object of a column that holds a JSON array of contexts, or the object itself; null
/// where there is none.
json first_of(std::string_view column) {
  json parsed = json::parse(column, nullptr, false);
  if (parsed.is_array() && !parsed.empty()) return std::move(parsed.front());
  return parsed.is_object() ? parsed : json();
}

/// A member's text, whether it stands there as a string, a number or a truth value; empty for null
/// and nothing.
std::string text_of(const json& object, const char* key) {
  const auto member = object.is_object() ? object.find(key) : object.end();
  if (!object.is_object() || member == object.end() || member->is_null()) return {};
  return member->is_string() ? member->get<std::string>() : member->dump();
}

/// Appends a number that may stand as text; nothing where it is none.
void append_number(std::string& out, std::string_view key, const std::string& text) {
  const auto amount = events::parse_money(text);
  if (!amount) return;
  out += ",\"";
  out += key;
  out += "\":";
  events::append_money_shortest(out, *amount);
}

std::string_view event_for(std::string_view action, bool has_transaction) {
  if (action == "product_view") return "Product Viewed";
  if (action == "list_view") return "Product List Viewed";
  if (action == "list_click") return "Product Clicked";
  if (action == "add_to_cart") return "Product Added";
  if (action == "remove_from_cart") return "Product Removed";
  if (action == "checkout_step") return "Checkout Step Viewed";
  if (action == "transaction") return "Order Completed";
  if (action == "refund") return has_transaction ? "Order Refunded" : "Snowplow Refund";
  if (action == "promo_view") return "Promotion Viewed";
  if (action == "promo_click") return "Promotion Clicked";
  return "Snowplow Action";
}

class SnowplowTranslator final : public Translator {
 public:
  [[nodiscard]] RecordReader::Form form() const override { return RecordReader::Form::csv; }
  [[nodiscard]] events::Source default_source() const override { return events::Source::web; }

  Status begin(const std::vector<std::string_view>& header) override {
    std::string missing;
    for (std::size_t i = 0; i < column_count; ++i) {
      const auto found = std::find(header.begin(), header.end(), column_names[i]);
      place_[i] = static_cast<std::size_t>(found - header.begin());
      if (found == header.end())
        missing += (missing.empty() ? "" : ", ") + std::string(column_names[i]);
    }
    if (!missing.empty())
      return fail(ErrorCode::invalid_argument, "columns are missing: " + missing);
    return ok();
  }

  void translate(const Record& record, Translated& out) override {
    record_ = &record;
    if (std::find(wanted_applications.begin(), wanted_applications.end(), cell(app_id)) ==
        wanted_applications.end()) {
      ++out.filtered["app_id '" + std::string(cell(app_id)) + "' is not one of ecom-accel, DemoID"];
      return;
    }
    const auto received = parse_timestamp(cell(collector_tstamp));
    const auto happened = parse_timestamp(cell(derived_tstamp));
    if (!received || !happened) {
      const char* column = received ? "derived_tstamp: " : "collector_tstamp: ";
      out.refused.push_back({column + (received ? happened : received).error().message,
                             std::string(record.text), record.line});
      return;
    }
    Draft draft;
    draft.line = record.line;
    draft.received_at = *received;
    write(draft.json, *happened);
    out.drafts.push_back(std::move(draft));
  }

 private:
  [[nodiscard]] std::string_view cell(Column column) const {
    const std::size_t place = place_[column];
    return place < record_->fields.size() ? record_->fields[place] : std::string_view();
  }

  void write(std::string& out, Timestamp happened) const {
    const json session = first_of(cell(client_session));
    const json user = first_of(cell(ecommerce_user));
    const json order = first_of(cell(transaction));
    const std::string type = text_of(first_of(cell(action)), "type");
    out += R"({"type":"track")";
    append_member(out, "event", event_for(type, !text_of(order, "transaction_id").empty()));
    append_member(out, "messageId", cell(event_id));
    append_member(
        out, "anonymousId",
        session.is_object() ? text_of(session, "userId") : std::string(cell(domain_userid)));
    const std::string user_key = text_of(user, "id");
    append_member(out, "userId", user_key.empty() ? cell(user_id) : user_key);
    append_member(out, "source", cell(platform) == "mob" ? "mobile" : "web");
    append_member(out, "timestamp", format_timestamp(happened));
    write_context(out, session);
    write_properties(out, order, user, type);
    out += '}';
  }

  void write_context(std::string& out, const json& session) const {
    out += R"(,"context":{"app":{"name":)";
    append_json_string(out, cell(app_id));
    out += '}';
    append_member(
        out, "sessionId",
        session.is_object() ? text_of(session, "sessionId") : std::string(cell(domain_sessionid)));
    append_member(out, "country", cell(geo_country));
    append_member(out, "userAgent", cell(useragent));
    append_member(out, "ip", cell(user_ipaddress));
    if (!cell(mkt_campaign).empty()) {
      out += R"(,"campaign":{"name":)";
      append_json_string(out, cell(mkt_campaign));
      out += '}';
    }
    out += '}';
  }

  void write_properties(std::string& out, const json& order, const json& user,
                        const std::string& type) const {
    const json step = first_of(cell(checkout_step));
    const json basket = first_of(cell(cart));
    const json action_of_event = first_of(cell(action));
    out += R"(,"properties":{"snowplow_action":)";
    append_json_string(out, type);
    append_member(out, "list_id", text_of(action_of_event, "name"));
    append_member(out, "page_type", text_of(first_of(cell(page)), "type"));
    append_member(out, "screen", text_of(first_of(cell(screen)), "name"));
    append_member(out, "url", cell(page_url));
    append_member(out, "email", text_of(user, "email"));
    append_number(out, "step", text_of(step, "step"));
    append_member(out, "account_type", text_of(step, "account_type"));
    append_member(out, "cart_id", text_of(basket, "cart_id"));
    append_number(out, "value", text_of(basket, "total_value"));
    write_order(out, order);
    const std::string currency = text_of(order.is_object() ? order : basket, "currency");
    const std::string of_products = text_of(first_of(cell(product)), "currency");
    append_member(out, "currency", currency.empty() ? of_products : currency);
    write_products(out, currency.empty() ? of_products : currency);
    out += '}';
  }

  static void write_order(std::string& out, const json& order) {
    if (!order.is_object()) return;
    append_member(out, "order_id", text_of(order, "transaction_id"));
    append_member(out, "payment_method", text_of(order, "payment_method"));
    append_member(out, "coupon", text_of(order, "discount_code"));
    append_number(out, "revenue", text_of(order, "revenue"));
    append_number(out, "shipping", text_of(order, "shipping"));
    append_number(out, "tax", text_of(order, "tax"));
    append_number(out, "discount", text_of(order, "discount_amount"));
    append_number(out, "total_quantity", text_of(order, "total_quantity"));
  }

  /// A price in another currency than the event's (this tracker allows it) must not get into the
  /// event's sums.
  void write_products(std::string& out, const std::string& currency) const {
    const json products = json::parse(cell(product), nullptr, false);
    if (!products.is_array() || products.empty()) return;
    out += R"(,"products":[)";
    for (const json& one : products) {
      if (out.back() != '[') out += ',';
      out += R"({"product_id":)";
      append_json_string(out, text_of(one, "id"));
      append_member(out, "name", text_of(one, "name"));
      append_member(out, "category", text_of(one, "category"));
      append_member(out, "brand", text_of(one, "brand"));
      append_member(out, "variant", text_of(one, "variant"));
      const std::string own_currency = text_of(one, "currency");
      const bool foreign = !own_currency.empty() && own_currency != currency;
      if (foreign) append_member(out, "foreign_currency", own_currency);
      append_number(out, foreign ? "foreign_price" : "price", text_of(one, "price"));
      append_number(out, "quantity", text_of(one, "quantity"));
      append_number(out, "position", text_of(one, "position"));
      out += '}';
    }
    out += ']';
  }

  std::array<std::size_t, column_count> place_{};
  const Record* record_ = nullptr;
};

}  // namespace

std::unique_ptr<Translator> make_snowplow_translator() {
  return std::make_unique<SnowplowTranslator>();
}

}  // namespace bytebasket::producers::import_
