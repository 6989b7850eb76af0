#include "producers/import/log_sink.hpp"

#include <thread>

#include "producers/import/json_text.hpp"

namespace bytebasket::producers::import_ {

namespace {

constexpr Milliseconds pause_when_full{20};

streams::Stream stream_of(bool transaction) {
  return transaction ? streams::Stream::transactions : streams::Stream::user_activity;
}

class LogSink final : public ImportSink {
 public:
  explicit LogSink(streams::EventLog& log) : log_(log) {}

  Status send(ImportBatch& batch) override {
    std::vector<streams::NewRecord> records;
    for (AcceptedItem& item : batch.items) {
      for (events::Normalized& event : item.events) {
        streams::NewRecord& record = records.emplace_back();
        record.stream = stream_of(event.transaction);
        record.key = std::move(event.key);
        record.value = std::move(event.json);
        record.received_at = event.received_at;
      }
    }
    const Timestamp now = SystemClock().now();
    for (RefusedItem& item : batch.refused) records.push_back(dead_letter(item, batch.file, now));
    return append(records);
  }

 private:
  static streams::NewRecord dead_letter(RefusedItem& item, const std::string& file, Timestamp now) {
    streams::NewRecord record;
    record.stream = streams::dead_letters_of(stream_of(item.transaction));
    record.type = streams::RecordType::dead_letter;
    record.key = file + ":" + std::to_string(item.line);
    record.value = std::move(item.payload);
    record.received_at = now;
    record.detail = R"({"reason":)";
    append_json_string(record.detail, item.reason);
    append_member(record.detail, "file", file);
    record.detail += ",\"line\":" + std::to_string(item.line) + "}";
    return record;
  }

  Status append(const std::vector<streams::NewRecord>& records) {
    while (true) {
      const auto appended = streams::append_and_wait(log_, records);
      if (appended) return ok();
      if (appended.error().code != ErrorCode::resource_exhausted) return fail(appended.error());
      std::this_thread::sleep_for(pause_when_full);
    }
  }

  streams::EventLog& log_;
};

}  // namespace

std::unique_ptr<ImportSink> make_log_sink(streams::EventLog& log) {
  return std::make_unique<LogSink>(log);
}

}  // namespace bytebasket::producers::import_
