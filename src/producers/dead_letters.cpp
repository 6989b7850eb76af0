#include "producers/dead_letters.hpp"

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <utility>

#include <nlohmann/json.hpp>

namespace bytebasket::producers {
namespace {

constexpr std::size_t most_kept_bytes = 512 << 10;
constexpr std::size_t most_bytes_at_once = 16 << 20;

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

Result<DeadLetterPage> DeadLetters::read(Offset from, std::size_t most, std::size_t max_bytes) {
  BB_ASSIGN_OR_RETURN(const streams::LogRange range, log_.range(where_));
  DeadLetterPage page;
  std::size_t bytes = 0;
  Offset next = std::max(from, range.first);
  while (page.letters.size() < most && bytes < max_bytes && next < range.end) {
    BB_ASSIGN_OR_RETURN(const auto batch,
                        log_.read(where_, next, {.max_records = most - page.letters.size()}));
    if (batch.empty()) break;
    for (const streams::Record& record : batch.records()) {
      if (bytes >= max_bytes) break;
      next = record.offset.next();
      if (record.type != streams::RecordType::dead_letter) continue;
      bytes += record.value.size();
      page.letters.push_back(to_letter(where_, record));
    }
  }
  if (next < range.end && !page.letters.empty()) page.next = next;
  return page;
}

Result<DeadLetter> DeadLetters::find(Offset offset) {
  BB_ASSIGN_OR_RETURN(DeadLetterPage page, read(offset, 1, SIZE_MAX));
  if (page.letters.empty() || page.letters.front().offset != offset) {
    return fail(ErrorCode::not_found, "there is no dead letter " + std::to_string(offset.value()) +
                                          " in " + streams::to_string(where_));
  }
  return std::move(page.letters.front());
}

Result<std::vector<NewRecord>> DeadLetters::accepted(
    const DeadLetter& letter, const std::optional<std::string>& mended) const {
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
  records.reserve(item.events.size());
  for (events::Normalized& event : item.events) {
    records.push_back({.stream = event.transaction ? Stream::transactions : Stream::user_activity,
                       .key = std::move(event.key),
                       .value = std::move(event.json),
                       .received_at = event.received_at});
  }
  return records;
}

Status DeadLetters::append(std::vector<NewRecord> records) {
  if (records.empty()) return ok();
  if (const auto appended = streams::append_and_wait(log_, std::move(records)); !appended)
    return fail(appended.error());
  return ok();
}

Status DeadLetters::resend(const DeadLetter& letter, const std::optional<std::string>& mended) {
  BB_ASSIGN_OR_RETURN(auto records, accepted(letter, mended));
  return append(std::move(records));
}

Result<Resent> DeadLetters::resend_from(Offset from, std::size_t most) {
  BB_ASSIGN_OR_RETURN(const DeadLetterPage page, read(from, most, most_bytes_at_once));
  Resent result{.next = page.next};
  std::vector<NewRecord> all;
  for (const DeadLetter& letter : page.letters) {
    auto records = accepted(letter, std::nullopt);
    if (!records) {
      result.refused.push_back({letter.offset, std::move(records.error().message)});
      continue;
    }
    ++result.sent;
    std::move(records->begin(), records->end(), std::back_inserter(all));
  }
  BB_RETURN_IF_ERROR(append(std::move(all)));
  return result;
}

}  // namespace bytebasket::producers
