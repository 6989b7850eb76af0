#include "app/service/fraud_requests.hpp"

#include <array>
#include <atomic>
#include <string_view>
#include <utility>

#include <nlohmann/json.hpp>

#include "base/hash.hpp"
#include "processors/transactions_keys.hpp"

namespace bytebasket::app {
namespace {

using Json = nlohmann::ordered_json;

Result<Json> parse_object(const std::string& body) {
  Json json = Json::parse(body, nullptr, false);
  if (!json.is_object()) return fail(ErrorCode::invalid_argument, "the body is no JSON object");
  return json;
}

/// The text of a member; empty where it is absent or no text.
std::string text_member(const Json& json, std::string_view name) {
  const auto found = json.find(name);
  return found != json.end() && found->is_string() ? found->get<std::string>() : std::string();
}

/// Moves members of `from` that are there into `to`, under their new names.
template <std::size_t Count>
void move_members(Json& from, Json& to,
                  const std::array<std::pair<std::string_view, std::string_view>, Count>& names) {
  for (const auto& [name, new_name] : names) {
    const auto found = from.find(name);
    if (found == from.end()) continue;
    to[std::string(new_name)] = std::move(*found);
    from.erase(found);
  }
}

void rename_member(Json& json, std::string_view name, std::string_view new_name) {
  const auto found = json.find(name);
  if (found == json.end()) return;
  Json value = std::move(*found);
  json.erase(found);
  json[std::string(new_name)] = std::move(value);
}

/// An id that no other request has: who asks twice for the same attempt gives `message_id` himself.
std::string new_message_id(const std::string& body, Timestamp now) {
  static std::atomic<std::uint64_t> count{0};
  const std::string unique = body + std::to_string(to_ms(now)) + "/" + std::to_string(++count);
  return "score-" + to_hex(hash64(unique)) + to_hex(hash64(unique, 1));
}

/// The track call that a flat body of the API stands for.
Json track_call(Json body, std::string_view event, Timestamp now) {
  Json call = {{"type", "track"}, {"event", event}};
  constexpr std::array<std::pair<std::string_view, std::string_view>, 6> ids = {
      {{"message_id", "messageId"},
       {"customer", "userId"},
       {"user_id", "userId"},
       {"anonymous_id", "anonymousId"},
       {"timestamp", "timestamp"},
       {"source", "source"}}};
  move_members(body, call, ids);
  Json& context = call["context"] = Json::object();
  constexpr std::array<std::pair<std::string_view, std::string_view>, 1> places = {{{"ip", "ip"}}};
  move_members(body, context, places);
  if (const auto device = body.find("device_id"); device != body.end()) {
    context["device"]["id"] = *device;
    body.erase(device);
  }
  rename_member(body, "amount", "value");
  rename_member(body, "card", "card_fingerprint");
  if (!call.contains("timestamp")) call["timestamp"] = format_timestamp(now);
  call["properties"] = std::move(body);
  return call;
}

Result<events::Normalized> normalize(const Json& call, Timestamp now) {
  events::Normalizer normalizer;
  auto item = normalizer.normalize(call.dump(-1, ' ', false, Json::error_handler_t::replace),
                                   {.received_at = now, .default_source = events::Source::server});
  if (item.refused) return fail(ErrorCode::invalid_argument, item.refused->reason);
  return std::move(item.events.front());
}

/// What the processor knows the attempt's transaction by.
Result<std::string> transaction_of(std::string json) {
  events::EventReader reader;
  BB_ASSIGN_OR_RETURN(const events::Event event, read_canonical(reader, json));
  return processors::transaction_id_of(event);
}

}  // namespace

Result<events::Event> read_canonical(events::EventReader& reader, std::string& text) {
  const std::size_t size = text.size();
  text.append(64, ' ');
  return reader.read(std::string_view(text).substr(0, size));
}

Result<PaymentAttempt> read_payment_attempt(const std::string& body, Timestamp now) {
  BB_ASSIGN_OR_RETURN(Json json, parse_object(body));
  Json call = track_call(std::move(json), "Payment Attempted", now);
  if (!call.contains("userId") && !call.contains("anonymousId")) {
    return fail(ErrorCode::invalid_argument,
                "a payment needs `customer`, or `anonymous_id` where the customer is unknown");
  }
  if (!call.contains("messageId")) call["messageId"] = new_message_id(body, now);
  if (!call["messageId"].is_string())
    return fail(ErrorCode::invalid_argument, "message_id is no string");
  PaymentAttempt attempt;
  attempt.message_id = call["messageId"].get<std::string>();
  BB_ASSIGN_OR_RETURN(attempt.event, normalize(call, now));
  BB_ASSIGN_OR_RETURN(attempt.transaction_id, transaction_of(std::string(attempt.event.json)));
  return attempt;
}

Result<FraudLabel> read_fraud_label(const std::string& body, Timestamp now) {
  BB_ASSIGN_OR_RETURN(const Json json, parse_object(body));
  FraudLabel labelled;
  labelled.transaction_id =
      text_member(json, json.contains("order_id") ? "order_id" : "transaction_id");
  labelled.label = text_member(json, "label");
  const std::string& label = labelled.label;
  if (labelled.transaction_id.empty() || label.empty()) {
    return fail(ErrorCode::invalid_argument,
                "a label needs `order_id` (or `transaction_id`) and `label`: fraud, legitimate or "
                "charged_back");
  }
  if (label != "fraud" && label != "legitimate" && label != "charged_back") {
    return fail(ErrorCode::invalid_argument,
                "label '" + label + "' is none of fraud, legitimate and charged_back");
  }
  const std::string message_id = text_member(json, "message_id");
  const Json call = {{"type", "track"},
                     {"event", "Fraud Labelled"},
                     {"messageId", message_id.empty() ? new_message_id(body, now) : message_id},
                     {"userId", "fraud-desk"},
                     {"timestamp", format_timestamp(now)},
                     {"properties", {{"order_id", labelled.transaction_id}, {"label", label}}}};
  BB_ASSIGN_OR_RETURN(labelled.event, normalize(call, now));
  return labelled;
}

}  // namespace bytebasket::app
