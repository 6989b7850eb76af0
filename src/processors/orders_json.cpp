// The stored form of an order.
#include <nlohmann/json.hpp>

#include "processors/fraud/json_text.hpp"
#include "processors/orders.hpp"

namespace bytebasket::processors {
namespace {

using events::Micros;
using fraud::JsonText;
using Json = nlohmann::ordered_json;

void put_money(JsonText& out, std::string_view name, const std::optional<Micros>& amount) {
  if (amount) out.key(name).money(*amount);
}

void put_stamp(JsonText& out, const Stamp& stamp) {
  out.key("time").time(stamp.time).key("message_id").text(stamp.message_id);
}

void put_origin(JsonText& out, const Origin& origin) {
  out.member("source", origin.source)
      .member("country", origin.country)
      .member("device", origin.device);
  out.member("campaign", origin.campaign).member("customer", origin.customer);
}

void put_lines(JsonText& out, const std::vector<OrderLine>& lines) {
  out.key("lines").open_array();
  for (const OrderLine& line : lines) {
    out.open_object()
        .member("product", line.product)
        .member("category", line.category)
        .member("brand", line.brand);
    put_money(out, "price", line.price);
    out.key("quantity").integer(line.quantity).close_object();
  }
  out.close_array();
}

void put_worth(JsonText& out, const Worth& worth) {
  out.key("worth").open_object();
  put_stamp(out, worth.stamp);
  out.member("currency", worth.currency).key("revenue").money(worth.revenue);
  put_money(out, "total", worth.total);
  put_money(out, "discount", worth.discount);
  put_money(out, "shipping", worth.shipping);
  put_money(out, "tax", worth.tax);
  out.close_object();
}

void put_basket(JsonText& out, const Basket& basket) {
  out.key("basket").open_object();
  put_stamp(out, basket.stamp);
  out.key("quantity").integer(basket.quantity);
  put_lines(out, basket.lines);
  out.close_object();
}

void put_refund(JsonText& out, const Refund& refund) {
  out.open_object();
  put_stamp(out, refund.stamp);
  out.key("append_time").time(refund.append_time);
  put_origin(out, refund.origin);
  out.member("currency", refund.currency);
  put_money(out, "amount", refund.amount);
  put_lines(out, refund.lines);
  out.close_object();
}

void put_payment(JsonText& out, const Payment& payment) {
  out.key("payment").open_object();
  put_stamp(out, payment.stamp);
  out.member("customer", payment.customer)
      .member("currency", payment.currency)
      .member("country", payment.country);
  out.member("status", payment.status);
  put_money(out, "amount", payment.amount);
  out.key("items").integer(payment.items).close_object();
}

void put_entities(JsonText& out, const OrderState& order) {
  out.key("entities").open_array();
  for (const auto& [entity, id] : order.entities) {
    out.open_array().text(fraud::to_string(entity)).text(id).close_array();
  }
  out.close_array().key("marked").integer(static_cast<std::int64_t>(order.marked));
}

std::string text_at(const Json& json, const char* key) { return json.value(key, std::string()); }

Timestamp time_at(const Json& json, const char* key) {
  const auto time = parse_timestamp(json.at(key).get_ref<const std::string&>());
  return time ? *time : throw std::invalid_argument(time.error().message);
}

std::optional<Micros> money_at(const Json& json, const char* key) {
  if (!json.contains(key)) return std::nullopt;
  const auto amount = events::parse_money(json.at(key).get_ref<const std::string&>());
  return amount ? *amount : throw std::invalid_argument(amount.error().message);
}

Stamp stamp_at(const Json& json) { return {time_at(json, "time"), text_at(json, "message_id")}; }

Origin origin_at(const Json& json) {
  return {text_at(json, "source"), text_at(json, "country"), text_at(json, "device"),
          text_at(json, "campaign"), text_at(json, "customer")};
}

std::vector<OrderLine> lines_at(const Json& json) {
  std::vector<OrderLine> lines;
  for (const Json& line : json.at("lines")) {
    lines.push_back({text_at(line, "product"), text_at(line, "category"), text_at(line, "brand"),
                     money_at(line, "price"), line.at("quantity").get<std::int64_t>()});
  }
  return lines;
}

Worth worth_of(const Json& json) {
  const auto revenue = money_at(json, "revenue");
  if (!revenue) throw std::invalid_argument("a worth without revenue");
  return {stamp_at(json),          text_at(json, "currency"),  *revenue,
          money_at(json, "total"), money_at(json, "discount"), money_at(json, "shipping"),
          money_at(json, "tax")};
}

Refund refund_of(const Json& json) {
  return {stamp_at(json),           time_at(json, "append_time"),
          origin_at(json),          text_at(json, "currency"),
          money_at(json, "amount"), lines_at(json)};
}

Payment payment_of(const Json& json) {
  return {stamp_at(json),
          text_at(json, "customer"),
          text_at(json, "currency"),
          text_at(json, "country"),
          text_at(json, "status"),
          money_at(json, "amount"),
          json.at("items").get<std::int64_t>()};
}

void read_entities(const Json& json, OrderState& order) {
  for (const Json& made : json.at("entities")) {
    const auto entity = fraud::parse_entity(made.at(0).get_ref<const std::string&>());
    if (!entity) throw std::invalid_argument("unknown entity");
    order.entities.emplace_back(*entity, made.at(1).get<std::string>());
  }
  order.marked = json.at("marked").get<std::size_t>();
  if (order.marked > order.entities.size())
    throw std::invalid_argument("more marked than there are");
}

OrderState order_of(const Json& json) {
  OrderState order;
  if (json.contains("completed")) {
    const Json& completed = json.at("completed");
    order.completed =
        Completion{stamp_at(completed), time_at(completed, "append_time"), origin_at(completed)};
  }
  if (json.contains("worth")) order.worth = worth_of(json.at("worth"));
  if (json.contains("basket")) {
    const Json& basket = json.at("basket");
    order.basket =
        Basket{stamp_at(basket), basket.at("quantity").get<std::int64_t>(), lines_at(basket)};
  }
  if (json.contains("cancelled")) {
    const Json& cancelled = json.at("cancelled");
    order.cancelled = Cancellation{stamp_at(cancelled), time_at(cancelled, "append_time")};
  }
  for (const Json& refund : json.at("refunds")) order.refunds.push_back(refund_of(refund));
  if (json.contains("payment")) order.payment = payment_of(json.at("payment"));
  order.judged = json.at("judged").get<bool>();
  read_entities(json, order);
  if (json.contains("label")) {
    const Json& label = json.at("label");
    order.label =
        fraud::Label{text_at(label, "label"), time_at(label, "time"), text_at(label, "message_id")};
  }
  return order;
}

std::size_t bytes_of(const std::vector<OrderLine>& lines) {
  std::size_t bytes = lines.size() * sizeof(OrderLine);
  for (const OrderLine& line : lines)
    bytes += line.product.size() + line.category.size() + line.brand.size();
  return bytes;
}

}  // namespace

std::string OrderState::encode(std::string_view order_id) const {
  JsonText out;
  out.open_object().key("order_id").text(order_id);
  if (completed) {
    out.key("completed").open_object();
    put_stamp(out, completed->stamp);
    out.key("append_time").time(completed->append_time);
    put_origin(out, completed->origin);
    out.close_object();
  }
  if (worth) put_worth(out, *worth);
  if (basket) put_basket(out, *basket);
  if (cancelled) {
    out.key("cancelled").open_object();
    put_stamp(out, cancelled->stamp);
    out.key("append_time").time(cancelled->append_time).close_object();
  }
  out.key("refunds").open_array();
  for (const Refund& refund : refunds) put_refund(out, refund);
  out.close_array();
  if (payment) put_payment(out, *payment);
  out.key("judged").boolean(judged);
  put_entities(out, *this);
  if (label) fraud::put_label(out, *label);
  out.close_object();
  return out.take();
}

Result<OrderState> OrderState::decode(std::string_view text) {
  try {
    return order_of(Json::parse(text));
  } catch (const std::exception& problem) {
    return fail(ErrorCode::corrupt, std::string("order row: ") + problem.what());
  }
}

std::size_t OrderState::bytes() const {
  std::size_t bytes = sizeof(*this) + (basket ? bytes_of(basket->lines) : 0);
  for (const Refund& refund : refunds) bytes += sizeof refund + bytes_of(refund.lines);
  for (const auto& entry : entities) bytes += sizeof entry + entry.second.size();
  return bytes;
}

}  // namespace bytebasket::processors
