#include "producers/import/import.hpp"

#include <future>
#include <memory>
#include <utility>

#include "producers/import/input_file.hpp"
#include "producers/import/presets.hpp"
#include "producers/import/record_reader.hpp"
#include "producers/import/translator.hpp"

namespace bytebasket::producers::import_ {

namespace {

constexpr std::size_t places_kept = 5;
constexpr std::size_t longest_reason = 300;

/// One run over all files.
class Import {
 public:
  Import(const ImportOptions& options, std::unique_ptr<Translator> translator, ImportSink& sink,
         const OnImportProgress& on_progress, const std::stop_token& stop)
      : options_(options),
        translator_(std::move(translator)),
        sink_(sink),
        on_progress_(on_progress),
        stop_(stop),
        normalizer_(limits(options)) {}

  Status read_file(const std::string& path) {
    batch_.file = path;
    progress_.file = batch_.file;
    progress_.file_bytes = input_size(path);
    BB_ASSIGN_OR_RETURN(std::unique_ptr<ByteStream> stream, open_input(path));
    RecordReader reader(std::move(stream), translator_->form(), translator_->separator(),
                        options_.max_event_bytes);
    if (const auto begun = begin(reader); !begun) return fail(begun.error().within(path));
    BB_RETURN_IF_ERROR(read_records(reader));
    translator_->end(translated_);
    BB_RETURN_IF_ERROR(take_translated());
    progress_.file_bytes_read = reader.file_bytes_read();
    return send();
  }

  /// After the last file; waits until all is sent.
  Result<ImportReport> report() {
    BB_RETURN_IF_ERROR(end_sending());
    return std::move(report_);
  }

 private:
  static events::EventLimits limits(const ImportOptions& options) {
    events::EventLimits limits;
    limits.max_bytes = options.max_event_bytes;
    return limits;
  }

  Status begin(RecordReader& reader) {
    if (!translator_->has_header()) return translator_->begin({});
    Record header;
    BB_ASSIGN_OR_RETURN(const auto outcome, reader.next(header));
    if (outcome == RecordReader::Outcome::record) return translator_->begin(header.fields);
    return fail(ErrorCode::invalid_argument,
                "the file is empty: its first line must name the columns");
  }

  Status read_records(RecordReader& reader) {
    Record record;
    while (true) {
      if (stop_.stop_requested()) return fail(ErrorCode::cancelled, "the import was stopped");
      BB_ASSIGN_OR_RETURN(const auto outcome, reader.next(record));
      if (outcome == RecordReader::Outcome::end) return ok();
      ++report_.rows;
      if (outcome == RecordReader::Outcome::too_long) {
        refuse({"the row has more than " + std::to_string(options_.max_event_bytes) +
                    " bytes (is a quote left open?)",
                {},
                record.line});
      } else {
        translator_->translate(record, translated_);
      }
      BB_RETURN_IF_ERROR(take_translated());
      if (batch_.items.size() < options_.batch_events &&
          batch_.refused.size() < options_.batch_events)
        continue;
      progress_.file_bytes_read = reader.file_bytes_read();
      BB_RETURN_IF_ERROR(send());
    }
  }

  Status take_translated() {
    for (Draft& draft : translated_.drafts) {
      validate(draft);
      if (batch_.items.size() >= options_.batch_events) BB_RETURN_IF_ERROR(send());
    }
    for (RefusedRow& row : translated_.refused) {
      refuse({std::move(row.reason), std::move(row.payload), row.line, row.rows, row.transaction});
    }
    for (const auto& [reason, rows] : translated_.filtered) {
      report_.filtered += rows;
      report_.filtered_by_reason[reason].rows += rows;
    }
    translated_.drafts.clear();
    translated_.refused.clear();
    translated_.filtered.clear();
    return ok();
  }

  void validate(Draft& draft) {
    events::Envelope envelope;
    envelope.received_at = draft.received_at;
    envelope.trust_received_at = true;
    envelope.default_source = translator_->default_source();
    events::NormalizedItem item = normalizer_.normalize(draft.json, envelope);
    if (item.refused) {
      refuse({std::move(item.refused->reason), std::move(item.refused->payload), draft.line,
              draft.rows, item.refused->transaction});
    } else {
      batch_.items.push_back({std::move(item.events), draft.line, draft.rows});
    }
  }

  void refuse(RefusedItem item) {
    if (item.reason.size() > longest_reason) item.reason.resize(longest_reason);
    batch_.refused.push_back(std::move(item));
  }

  /// One batch is on its way while the next is read: whoever takes it answers when it is durable.
  Status send() {
    if (batch_.items.empty() && batch_.refused.empty()) return ok();
    BB_RETURN_IF_ERROR(end_sending());
    sent_ = std::exchange(batch_, {.file = batch_.file});
    sending_ = std::async(std::launch::async, [this] { return sink_.send(sent_); });
    return ok();
  }

  Status end_sending() {
    if (!sending_.valid()) return ok();
    BB_RETURN_IF_ERROR(sending_.get());
    report_.events += sent_.items.size();
    for (const RefusedItem& item : sent_.refused) count(item);
    progress_.rows = report_.rows;
    progress_.accepted = report_.events;
    progress_.refused = report_.refused;
    if (on_progress_) on_progress_(progress_);
    return ok();
  }

  void count(const RefusedItem& item) {
    report_.refused += item.rows;
    ReasonCount& reason = report_.refused_by_reason[item.reason];
    reason.rows += item.rows;
    if (reason.first.size() < places_kept) reason.first.push_back({sent_.file, item.line});
  }

  const ImportOptions& options_;
  std::unique_ptr<Translator> translator_;
  ImportSink& sink_;
  const OnImportProgress& on_progress_;
  const std::stop_token& stop_;
  events::Normalizer normalizer_;
  Translated translated_;
  ImportBatch batch_;
  ImportBatch sent_;  ///< the one before, while it is being sent
  ImportProgress progress_;
  ImportReport report_;
  std::future<Status> sending_;  ///< the last member: it is waited for before sent_ goes
};

}  // namespace

Result<ImportReport> import_files(const ImportOptions& options, ImportSink& sink,
                                  const OnImportProgress& on_progress,
                                  const std::stop_token& stop) {
  if (options.files.empty()) return fail(ErrorCode::invalid_argument, "no file to import");
  BB_ASSIGN_OR_RETURN(auto translator, make_translator(options.format));
  Import run(options, std::move(translator), sink, on_progress, stop);
  for (const std::string& file : options.files) BB_RETURN_IF_ERROR(run.read_file(file));
  return run.report();
}

}  // namespace bytebasket::producers::import_
