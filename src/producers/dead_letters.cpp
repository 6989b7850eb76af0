#include "producers/dead_letters.hpp"

#include <algorithm>

#include <nlohmann/json.hpp>

namespace bytebasket::producers {
namespace {

constexpr std::size_t most_kept_bytes = 512 << 10;
constexpr std::size_t letters_at_once = 1000;

using streams::NewRecord;
using streams::Stream;

std::optional<Timestamp> time_in(const nlohmann::json& detail, const char* name) {
  const auto time = parse_timestamp(detail.value(name, std::string()));
  return time ? std::optional(*time) : std::nullopt;
}

DeadLetter to_letter(streams::TopicPartition where, const streams::Record& record) {
  DeadLetter letter{where, record.offset, record.received_at};
  letter.payload = record.value;
  const auto detail = nlohmann::json::parse(record.detail, nullptr, false);
  if (!detail.is_object()) {
    letter.reason = "unknown: the record's detail is no JSON object";
    return letter;
  }
  try {
    letter.reason = detail.value("reason", "");
    letter.write_key = detail.value("write_key", "");
    letter.call = events::parse_call_type(detail.value("call", ""));
    letter.default_source =
        events::parse_source(detail.value("source", "")).value_or(events::Source::server);
    letter.sent_at = time_in(detail, "sent_at");
    letter.truncated = detail.value("truncated", false);
  } catch (const nlohmann::json::exception& error) {
    letter.reason = std::string("unknown: ") + error.what();
  }
  return letter;
}

}  // namespace

void append_json_string(std::string& out, std::string_view text) {
  out += nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

NewRecord dead_letter(events::Refused refused, const WriteKey& key,
                      const events::Envelope& envelope) {
  NewRecord record;
  record.stream = refused.transaction ? Stream::transactions_dlq : Stream::user_activity_dlq;
  record.type = streams::RecordType::dead_letter;
  record.key = key.name;
  record.received_at = envelope.received_at;
  std::string& detail = record.detail;
  detail = R"({"reason":)";
  append_json_string(detail, refused.reason);
  detail += R"(,"received_at":")";
  append_timestamp_ms(detail, envelope.received_at);
  detail += R"(","write_key":)";
  append_json_string(detail, key.name);
  detail += R"(,"source":")" + std::string(events::to_string(envelope.default_source)) + '"';
  detail +=
      R"(,"call":")" + std::string(refused.call ? events::to_string(*refused.call) : "batch") + '"';
  if (refused.sent_at) {
    detail += R"(,"sent_at":")";
    append_timestamp_ms(detail, *refused.sent_at);
    detail += '"';
  }
  if (refused.payload.size() > most_kept_bytes) {
    refused.payload.resize(most_kept_bytes);
    detail += R"(,"truncated":true)";
  }
  detail += '}';
  record.value = std::move(refused.payload);
  return record;
}

DeadLetters::DeadLetters(streams::EventLog& log, Stream stream, events::EventLimits limits)
    : log_(log), where_{streams::dead_letters_of(stream), PartitionId(0)}, limits_(limits) {}

Result<std::vector<DeadLetter>> DeadLetters::list(Offset from, std::size_t most) {
  BB_ASSIGN_OR_RETURN(const streams::LogRange range, log_.range(where_));
  std::vector<DeadLetter> letters;
  Offset next = std::max(from, range.first);
  while (letters.size() < most && next < range.end) {
    BB_ASSIGN_OR_RETURN(const auto batch,
                        log_.read(where_, next, {.max_records = most - letters.size()}));
    if (batch.empty()) break;
    for (const streams::Record& record : batch.records()) {
      if (record.type == streams::RecordType::dead_letter)
        letters.push_back(to_letter(where_, record));
      next = record.offset.next();
    }
  }
  return letters;
}

Result<DeadLetter> DeadLetters::find(Offset offset) {
  BB_ASSIGN_OR_RETURN(std::vector<DeadLetter> letters, list(offset, 1));
  if (letters.empty() || letters.front().offset != offset) {
    return fail(ErrorCode::not_found, "there is no dead letter " + std::to_string(offset.value()) +
                                          " in " + streams::to_string(where_));
  }
  return std::move(letters.front());
}

Status DeadLetters::resend(const DeadLetter& letter, const std::optional<std::string>& mended) {
  if (letter.truncated && !mended) {
    return fail(ErrorCode::conflict, "only its first " + std::to_string(most_kept_bytes) +
                                         " bytes were kept: mend it first");
  }
  events::Normalizer normalizer(limits_);
  const events::Envelope envelope{.received_at = letter.received_at,
                                  .sent_at = letter.sent_at,
                                  .default_source = letter.default_source,
                                  .call = letter.call};
  events::NormalizedItem item = normalizer.normalize(mended ? *mended : letter.payload, envelope);
  if (item.refused) return fail(ErrorCode::conflict, std::move(item.refused->reason));
  std::vector<NewRecord> records;
  for (events::Normalized& event : item.events) {
    records.push_back({.stream = event.transaction ? Stream::transactions : Stream::user_activity,
                       .key = std::move(event.key),
                       .value = std::move(event.json),
                       .received_at = event.received_at});
  }
  if (const auto appended = streams::append_and_wait(log_, std::move(records)); !appended)
    return fail(appended.error());
  return ok();
}

Result<Resent> DeadLetters::resend_all(Offset from, const Mend& mend) {
  // Up to the end as it is now: what is refused again is not written, so this ends.
  Resent result;
  while (true) {
    BB_ASSIGN_OR_RETURN(const std::vector<DeadLetter> letters, list(from, letters_at_once));
    for (const DeadLetter& letter : letters) {
      from = letter.offset.next();
      const auto mended = mend(letter);
      if (!mended) continue;
      const Status sent = resend(letter, mended == letter.payload ? std::nullopt : mended);
      if (sent) {
        ++result.sent;
      } else if (sent.error().code == ErrorCode::conflict) {
        result.refused.push_back({letter.offset, sent.error().message});
      } else {
        return fail(sent.error());
      }
    }
    if (letters.size() < letters_at_once) return result;
  }
}

}  // namespace bytebasket::producers
