#include "app/service/retention.hpp"

#include <algorithm>

#include "app/engines/lake.hpp"
#include "base/log.hpp"
#include "processors/job_state.hpp"

namespace bytebasket::app {
namespace {

using streams::Stream;

/// One past the last record that may go: it is processed, and in the lake where there is one. Dead
/// letters are processed by nobody and may always go.
Result<Offset> keep_from(Engines& engines, streams::TopicPartition where) {
  BB_ASSIGN_OR_RETURN(const auto range, engines.log->range(where));
  if (where.stream != Stream::user_activity && where.stream != Stream::transactions)
    return range.end;
  BB_ASSIGN_OR_RETURN(const auto state, processors::JobState::load(*engines.tables, where));
  BB_ASSIGN_OR_RETURN(const Offset archived, archived_offset(engines.lake.get(), where, range));
  return std::min(state ? state->applied.offset.next() : Offset(0), archived);
}

}  // namespace

Result<RetentionReport> apply_retention(Engines& engines, const schema::Settings& settings,
                                        Timestamp now) {
  RetentionReport report;
  const streams::LogRetention retention{settings.streams.retention_age,
                                        settings.streams.retention_bytes};
  for (std::size_t i = 0; i < streams::stream_count; ++i) {
    const auto stream = static_cast<Stream>(i);
    for (std::int32_t partition = 0; partition < engines.log->partitions(stream); ++partition) {
      const streams::TopicPartition where{stream, PartitionId(partition)};
      BB_ASSIGN_OR_RETURN(const Offset keep, keep_from(engines, where));
      // What processing has stored must be durable before the records it came from may go.
      BB_RETURN_IF_ERROR(engines.tables->sync());
      BB_ASSIGN_OR_RETURN(const std::uint64_t removed,
                          engines.log->apply_retention(where, retention, keep, now));
      report.records_removed += removed;
    }
  }
  BB_RETURN_IF_ERROR(engines.tables->compact());
  return report;
}

RetentionWorker::RetentionWorker(Engines& engines, const schema::Settings& settings,
                                 std::mutex& history, Milliseconds interval)
    : engines_(engines),
      settings_(settings),
      history_(history),
      thread_(interval, PeriodicThread::Begin::after_a_pause, [this] { apply(); }) {}

void RetentionWorker::apply() {
  const std::unique_lock history(history_, std::try_to_lock);
  if (!history) return;
  const auto report = apply_retention(engines_, settings_, SystemClock().now());
  if (!report) {
    spdlog::warn("retention: {}", report.error().message);
  } else if (report->records_removed > 0) {
    spdlog::info("retention: {} records removed from the log", report->records_removed);
  }
}

}  // namespace bytebasket::app
