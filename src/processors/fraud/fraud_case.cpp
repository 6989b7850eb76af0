#include "processors/fraud/fraud_case.hpp"

#include <algorithm>
#include <array>

#include <nlohmann/json.hpp>

#include "processors/fraud/json_text.hpp"

namespace bytebasket::processors::fraud {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::int64_t one = 1'000'000;

void put_reading(JsonText& out, const Reading& reading) {
  out.key(reading.name);
  if (!reading.value) {
    out.null();
  } else if (reading.decimal) {
    out.money(events::Micros(*reading.value));
  } else {
    out.integer(*reading.value / one);
  }
}

void put_assessment(JsonText& out, const Assessment& assessment) {
  out.key("score").integer(assessment.score).key("decision").text(to_string(assessment.verdict));
  out.key("reasons").open_array();
  for (const Reason& reason : assessment.reasons) {
    out.open_object().key("rule").text(reason.rule).key("score").integer(reason.score);
    out.key("reason").text(reason.text).close_object();
  }
  out.close_array().key("features").open_object();
  for (const Reading& reading : assessment.readings) put_reading(out, reading);
  out.close_object().key("lower_bounds").open_array();
  for (const Reading& reading : assessment.readings) {
    if (reading.lower_bound) out.text(reading.name);
  }
  out.close_array().key("rules").text(assessment.rules_version);
}

void put_decision(JsonText& out, const Decision& decision) {
  out.key("message_id").text(decision.message_id).key("time").time(decision.time);
  out.member("customer", decision.customer);
  if (decision.amount) out.key("amount").money(*decision.amount);
  out.member("currency", decision.currency)
      .member("country", decision.country)
      .member("card", decision.card);
  out.member("device_id", decision.device_id).member("ip", decision.ip);
  put_assessment(out, decision.assessment);
  out.key("position").open_object().key("epoch").integer(decision.position.epoch.value());
  out.key("offset").integer(decision.position.offset.value()).close_object();
}

void put_past(JsonText& out, const FraudCase::PastDecision& past) {
  out.key("message_id").text(past.message_id).key("time").time(past.time);
  out.key("score").integer(past.score).key("decision").text(to_string(past.verdict));
}

std::string text_at(const Json& json, const char* key) { return json.value(key, std::string()); }

Timestamp time_at(const Json& json, const char* key) {
  const auto time = parse_timestamp(json.at(key).get_ref<const std::string&>());
  return time ? *time : throw std::invalid_argument(time.error().message);
}

events::Micros money_of(const Json& json) {
  const auto amount = events::parse_money(json.get_ref<const std::string&>());
  return amount ? *amount : throw std::invalid_argument(amount.error().message);
}

Verdict verdict_at(const Json& json) {
  const auto verdict = parse_verdict(json.at("decision").get_ref<const std::string&>());
  return verdict ? *verdict : throw std::invalid_argument("unknown decision");
}

Reading reading_of(const std::string& name, const Json& value) {
  Reading reading{name, std::nullopt, value.is_string(), false};
  if (value.is_string()) reading.value = money_of(value).value();
  if (value.is_number()) reading.value = value.get<std::int64_t>() * one;
  return reading;
}

Assessment assessment_of(const Json& json) {
  Assessment assessment;
  assessment.score = json.at("score").get<std::int64_t>();
  assessment.verdict = verdict_at(json);
  for (const Json& reason : json.at("reasons")) {
    assessment.reasons.push_back({text_at(reason, "rule"), reason.at("score").get<std::int64_t>(),
                                  text_at(reason, "reason")});
  }
  for (const auto& [name, value] : json.at("features").items())
    assessment.readings.push_back(reading_of(name, value));
  for (const Json& name : json.at("lower_bounds")) {
    for (Reading& reading : assessment.readings) {
      if (reading.name == name.get_ref<const std::string&>()) reading.lower_bound = true;
    }
  }
  assessment.rules_version = text_at(json, "rules");
  return assessment;
}

Decision decision_of(const Json& json) {
  Decision decision;
  decision.assessment = assessment_of(json);
  decision.message_id = text_at(json, "message_id");
  decision.time = time_at(json, "time");
  decision.customer = text_at(json, "customer");
  if (json.contains("amount")) decision.amount = money_of(json.at("amount"));
  decision.currency = text_at(json, "currency");
  decision.country = text_at(json, "country");
  decision.card = text_at(json, "card");
  decision.device_id = text_at(json, "device_id");
  decision.ip = text_at(json, "ip");
  decision.position = {Epoch(json.at("position").at("epoch").get<std::int32_t>()),
                       Offset(json.at("position").at("offset").get<std::int64_t>())};
  return decision;
}

std::size_t bytes_of(const Decision& decision) {
  std::size_t bytes = decision.message_id.size() + decision.customer.size() + decision.card.size() +
                      decision.device_id.size();
  for (const Reason& reason : decision.assessment.reasons)
    bytes += sizeof reason + reason.rule.size() + reason.text.size();
  for (const Reading& reading : decision.assessment.readings)
    bytes += sizeof reading + reading.name.size();
  return bytes;
}

}  // namespace

void put_label(JsonText& out, const Label& label) {
  out.key("label").open_object().key("label").text(label.text).key("time").time(label.time);
  out.key("message_id").text(label.message_id).close_object();
}

std::optional<std::string> parse_label(std::string_view text) {
  constexpr std::array<std::string_view, 3> labels = {"fraud", "legitimate", "charged_back"};
  if (text.empty()) return "charged_back";
  if (std::find(labels.begin(), labels.end(), text) == labels.end()) return std::nullopt;
  return std::string(text);
}

void FraudCase::add(Decision decision) {
  attempts_.push_back(
      {decision.message_id, decision.time, decision.assessment.score, decision.assessment.verdict});
  if (attempts_.size() > kept_attempts) attempts_.erase(attempts_.begin());
  ++attempt_count_;
  if (!decision_ || decision.assessment.score > decision_->assessment.score)
    decision_ = std::move(decision);
}

std::optional<std::string> FraudCase::answer(std::string_view transaction_id,
                                             std::string_view message_id) const {
  if (decision_ && decision_->message_id == message_id)
    return decision_json(transaction_id, *decision_);
  for (const PastDecision& past : attempts_) {
    if (past.message_id != message_id) continue;
    JsonText out;
    out.open_object().key("transaction_id").text(transaction_id);
    put_past(out, past);
    out.close_object();
    return out.take();
  }
  return std::nullopt;
}

std::string_view FraudCase::alert_state() const {
  if (!label_) return "open";
  return label_->is_fraud() ? "confirmed" : "dismissed";
}

std::string FraudCase::encode(std::string_view transaction_id) const {
  JsonText out;
  out.open_object().key("transaction_id").text(transaction_id);
  if (decision_) put_decision(out, *decision_);
  out.key("attempt_count").integer(attempt_count_).key("attempts").open_array();
  for (const PastDecision& past : attempts_) {
    out.open_object();
    put_past(out, past);
    out.close_object();
  }
  out.close_array();
  if (label_) put_label(out, *label_);
  out.close_object();
  return out.take();
}

Result<FraudCase> FraudCase::decode(std::string_view text) {
  try {
    const Json json = Json::parse(text);
    FraudCase decoded;
    if (json.contains("decision")) decoded.decision_ = decision_of(json);
    decoded.attempt_count_ = json.at("attempt_count").get<std::int64_t>();
    for (const Json& past : json.at("attempts")) {
      decoded.attempts_.push_back({text_at(past, "message_id"), time_at(past, "time"),
                                   past.at("score").get<std::int64_t>(), verdict_at(past)});
    }
    if (json.contains("label")) {
      const Json& label = json.at("label");
      decoded.label_ =
          Label{text_at(label, "label"), time_at(label, "time"), text_at(label, "message_id")};
    }
    return decoded;
  } catch (const std::exception& problem) {
    return fail(ErrorCode::corrupt, std::string("decision row: ") + problem.what());
  }
}

std::size_t FraudCase::bytes() const {
  return sizeof(*this) + (decision_ ? bytes_of(*decision_) : 0) +
         attempts_.size() * (sizeof(PastDecision) + 40);
}

std::string decision_json(std::string_view transaction_id, const Decision& decision) {
  JsonText out;
  out.open_object().key("transaction_id").text(transaction_id);
  put_decision(out, decision);
  out.close_object();
  return out.take();
}

}  // namespace bytebasket::processors::fraud
