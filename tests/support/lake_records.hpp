// Records for the lake's tests: what a log may hold, canonical or not.
#pragma once

#include <string>
#include <vector>

#include <rapidcheck.h>

#include "events/normalize.hpp"
#include "streams/event_log.hpp"

namespace bytebasket::testing {

inline std::string any_text() {
  return *rc::gen::container<std::string>(rc::gen::element('a', 'Z', '7', ' ', '/', '-', '.'));
}

/// The inside of a JSON string: plain, escaped, of several bytes.
inline std::string any_json_text() {
  static const std::vector<std::string> pieces = {"a", "Z",       "\\\"",    "\\\\", "\\n",
                                                  "é", "\\u00e9", "\\ud83d", "😀",   "\\u0001",
                                                  "/", " ",       "{",       "]",    ","};
  std::string text;
  for (const auto& piece :
       *rc::gen::container<std::vector<std::string>>(rc::gen::elementOf(pieces)))
    text += piece;
  return text;
}

/// A client's event, to be normalised.
inline std::string any_client_event() {
  const auto name =
      *rc::gen::element<std::string>("Product Viewed", "Order Completed", "Odd Thing",
                                     "Product Added", "Checkout Started", "Order Refunded");
  const auto amount =
      *rc::gen::element<std::string>("25.1", "\"7.000001\"", "0", "-3", "1e3", "null");
  std::string json =
      R"({"type":")" + *rc::gen::element<std::string>("track", "page", "identify", "screen") +
      R"(","event":")" + name + R"(","name":")" + any_json_text() +
      R"(","timestamp":"2026-11-22T10:00:00.)" + *rc::gen::element<std::string>("1", "123", "000") +
      R"(Z","properties":{"order_id":"o)" + any_json_text() + R"(","revenue":)" + amount +
      R"(,"currency":"eur","products":[{"product_id":"p","price":2.5,"quantity":2,"x":")" +
      any_json_text() + R"("}],"odd key":[1,{"a":null}]})";
  if (*rc::gen::arbitrary<bool>()) json += R"(,"anonymousId":"v)" + any_json_text() + '"';
  if (*rc::gen::arbitrary<bool>()) json += R"(,"userId":"u)" + any_json_text() + '"';
  if (*rc::gen::arbitrary<bool>()) json += R"(,"messageId":"m)" + any_json_text() + '"';
  if (*rc::gen::arbitrary<bool>()) json += R"(,"context":{"locale":"de-DE","app":{"name":"shop"}})";
  if (*rc::gen::arbitrary<bool>())
    json += R"(,"traits":{"email":"a@b.c"},"more":{"b":[true,1.50]})";
  return json + "}";
}

/// The value of a record of user activity or transactions.
inline std::string any_value() {
  if (*rc::gen::inRange(0, 4) == 0) {
    return *rc::gen::element<std::string>(
        "", "{}", "no json", "\xff\xfe", R"({"type":"track","messageId":"1"})",
        R"({"kind":"metrics","hash":"0a","document":"x: 1"})",
        R"({ "type":"track","event":"Odd","messageId":"m","timestamp":"2026-11-22T10:00:00.000Z","source":"web","properties":{}})",
        R"({"type":"track","event":"O\u0064d","messageId":"m","timestamp":"2026-11-22T10:00:00.000Z","source":"web","properties":{},"a":"\ud83d"})",
        R"({"type":"track","event":"Odd","messageId":"m","timestamp":"2026-11-22T10:00:00.000Z","source":"web","properties":{} ,"a":1})",
        R"({"type":"track","event":"Odd","messageId":"m","timestamp":"2026-11-22T10:00:00.000Z","source":"web","properties":[1],"a":1})",
        R"({"type":"track","event":"Odd","messageId":"m","timestamp":"2026-11-22T10:00:00Z","source":"web","properties":{}})",
        R"({"type":"track","event":"Odd","messageId":"m","timestamp":"2026-11-22T10:00:00.000Z","source":"fax","properties":{}})");
  }
  events::Normalizer normalizer;
  const auto item = normalizer.normalize(any_client_event(),
                                         {.received_at = timestamp_from_ms(1'795'341'600'000)});
  return item.events.empty() ? any_client_event() : std::string(item.events.back().json);
}

inline streams::NewRecord any_record(streams::TopicPartition where) {
  const auto type =
      *rc::gen::element(streams::RecordType::event, streams::RecordType::event,
                        streams::RecordType::control, streams::RecordType::dead_letter);
  return {.stream = where.stream,
          .key = *rc::gen::element<std::string>("", "\xc3", "é") + any_text(),
          .value = any_value(),
          .detail = type == streams::RecordType::dead_letter ? any_text() : "",
          .received_at = timestamp_from_ms(*rc::gen::inRange<std::int64_t>(0, 1'795'341'600'000)),
          .type = type,
          .partition = where.partition};
}

}  // namespace bytebasket::testing
