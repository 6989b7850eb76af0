#include "lake/archiver.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "base/log.hpp"

namespace bytebasket::lake {
namespace {

using SteadyTime = std::chrono::steady_clock::time_point;

/// Files that were begun so long ago are nobody's any more.
constexpr Milliseconds abandoned_after = std::chrono::hours(24);

}  // namespace

struct Archiver::Partition {
  streams::TopicPartition where;
  PartitionCounters& counters;
  std::unique_ptr<PartitionArchiver> archiver;  ///< none before start and after a failure
  Milliseconds pause{0};
  SteadyTime retry;
  std::optional<std::string> trouble;
};

Archiver::Archiver(streams::EventLog& log, storage::FileStore& store,
                   std::unique_ptr<streams::Assignment> assignment, ArchiverSettings settings,
                   const Clock& clock, ArchiveCounters& counters)
    : log_(log),
      store_(store),
      assignment_(std::move(assignment)),
      settings_(std::move(settings)),
      clock_(clock),
      counters_(counters) {
  counters_.running.set(1);
  archiving_ = std::thread([this] { archive(); });
  keeping_ = std::thread([this] { keep_order(); });
}

Archiver::~Archiver() { static_cast<void>(stop()); }

Status Archiver::stop() {
  {
    const std::lock_guard lock(mutex_);
    if (stopping_) return ok();
    stopping_ = true;
  }
  stop_.notify_all();
  keeping_.join();
  archiving_.join();
  Status finished = finish();
  assignment_->leave();
  counters_.running.set(0);
  return finished;
}

/// False when it is time to stop.
bool Archiver::pause(Milliseconds length) {
  std::unique_lock lock(mutex_);
  return !stop_.wait_for(lock, length, [this] { return stopping_; });
}

void Archiver::archive() {
  for (Milliseconds wait{0}; pause(wait);) {
    follow_assignment();
    wait = archive_once() ? Milliseconds(0) : settings_.idle_wait;
  }
}

void Archiver::follow_assignment() {
  for (;;) {
    const auto change = assignment_->poll(Milliseconds(0));
    if (!change) spdlog::warn("lake: which partitions are ours: {}", change.error().message);
    if (!change || !*change) return;
    if ((*change)->kind != streams::AssignmentChange::Kind::assigned) {
      let_go(**change);
      continue;
    }
    for (const auto where : (*change)->partitions) {
      partitions_.push_back(std::make_unique<Partition>(
          Partition{.where = where, .counters = counters_.partitions.of(to_string(where))}));
    }
  }
}

void Archiver::let_go(const streams::AssignmentChange& change) {
  const auto is_going = [&change](const auto& partition) {
    return std::ranges::find(change.partitions, partition->where) != change.partitions.end();
  };
  for (auto& partition : partitions_) {
    if (!is_going(partition)) continue;
    // What is not published now is archived by the next owner.
    if (change.kind == streams::AssignmentChange::Kind::revoked && partition->archiver) {
      if (const Status flushed = partition->archiver->flush(); !flushed)
        spdlog::info("lake: {}: {}", to_string(partition->where), flushed.error().message);
    }
    partition->counters.lag.clear();
  }
  std::erase_if(partitions_, is_going);
  if (const Status released = assignment_->released(change.partitions); !released)
    spdlog::warn("lake: {}", released.error().message);
}

/// One step of each partition; whether there was anything to do.
bool Archiver::archive_once() {
  bool busy = false;
  for (auto& partition : partitions_) {
    if (!partition->archiver && std::chrono::steady_clock::now() < partition->retry) continue;
    const auto read = work(*partition);
    if (read) {
      busy = busy || *read > 0;
    } else {
      failed(*partition, read.error());
    }
  }
  report_troubles();
  return busy;
}

Result<std::size_t> Archiver::work(Partition& partition) {
  if (!partition.archiver) {
    partition.archiver =
        std::make_unique<PartitionArchiver>(log_, store_, partition.where, settings_.files, clock_);
    BB_RETURN_IF_ERROR(partition.archiver->start());
  }
  BB_ASSIGN_OR_RETURN(const std::size_t read, partition.archiver->step(Milliseconds(0)));
  counters_.read.add(read);
  report(partition);
  partition.pause = Milliseconds(0);
  partition.trouble.reset();
  return read;
}

void Archiver::report(Partition& partition) {
  const auto published = partition.archiver->take_published();
  counters_.files.add(published.files);
  counters_.bytes.add(published.bytes);
  partition.counters.processed.add(published.rows);
  // Where the log does not answer, the lag stays what it was.
  if (const auto range = log_.range(partition.where))
    partition.counters.lag.set(range->end.value() - partition.archiver->archived().value());
}

void Archiver::failed(Partition& partition, const Error& error) {
  partition.archiver.reset();
  partition.pause = std::clamp(2 * partition.pause, settings_.first_retry, settings_.last_retry);
  partition.retry = std::chrono::steady_clock::now() + partition.pause;
  counters_.failures.add();
  // Somebody else having been faster is no trouble: the next start goes on behind him.
  if (error.code == ErrorCode::conflict || error.code == ErrorCode::already_exists) {
    spdlog::info("lake: {}: {}", to_string(partition.where), error.message);
    return;
  }
  if (error.code != ErrorCode::cancelled)
    spdlog::warn("lake: {} is archived again in {}: {}", to_string(partition.where),
                 format_duration(partition.pause), error.message);
  partition.trouble = to_string(partition.where) + ": " + error.message;
}

void Archiver::report_troubles() {
  for (const auto& partition : partitions_) {
    if (partition->trouble) return counters_.trouble.set(*partition->trouble);
  }
  counters_.trouble.clear();
}

Status Archiver::finish() {
  for (auto& partition : partitions_) {
    if (!partition->archiver) continue;
    // What was appended while the last round went.
    Result<std::size_t> read = 1;
    while (read && *read > 0) read = partition->archiver->step(Milliseconds(0));
    Status flushed = read ? partition->archiver->flush() : Status(fail(read.error()));
    // Where the lake is away nobody waits for it partition by partition: the log keeps the rest.
    if (!flushed) return flushed;
    report(*partition);
  }
  return ok();
}

void Archiver::keep_order() {
  Compactor compactor(store_, settings_.compaction);
  while (pause(settings_.keep_interval)) {
    const auto report = keep_in_order(store_, compactor, settings_.retention, clock_.now());
    if (!report) {
      spdlog::warn("lake: keeping it in order failed and is tried again: {}",
                   report.error().message);
    } else if (report->compaction.merged > 0 || report->days_removed > 0) {
      spdlog::info("lake: {} files merged into {}, {} days removed", report->compaction.removed,
                   report->compaction.merged, report->days_removed);
    }
  }
}

Result<std::uint64_t> archive_now(streams::EventLog& log, storage::FileStore& store,
                                  const std::vector<streams::TopicPartition>& partitions,
                                  const ArchiverOptions& options, const Clock& clock) {
  std::uint64_t rows = 0;
  for (const auto where : partitions) {
    PartitionArchiver archiver(log, store, where, options, clock);
    BB_RETURN_IF_ERROR(archiver.start());
    BB_ASSIGN_OR_RETURN(const auto range, log.range(where));
    for (Offset done = archiver.archived(); done < range.end;) {
      BB_ASSIGN_OR_RETURN(const std::size_t read, archiver.step(Milliseconds(100)));
      done = Offset(done.value() + static_cast<std::int64_t>(read));
    }
    BB_RETURN_IF_ERROR(archiver.flush());
    rows += archiver.take_published().rows;
  }
  return rows;
}

Result<KeepReport> keep_in_order(storage::FileStore& store, Compactor& compactor,
                                 Milliseconds retention, Timestamp now) {
  KeepReport report;
  BB_ASSIGN_OR_RETURN(report.abandoned_removed, store.remove_abandoned(now - abandoned_after));
  for (const auto stream : archived_streams) {
    if (retention != Milliseconds::max()) {
      BB_ASSIGN_OR_RETURN(const auto days, remove_old_days(store, stream, now - retention));
      report.days_removed += days;
    }
    BB_ASSIGN_OR_RETURN(const auto compacted, compactor.run(stream));
    report.compaction.merged += compacted.merged;
    report.compaction.removed += compacted.removed;
  }
  return report;
}

std::vector<streams::TopicPartition> archived_partitions(const streams::EventLog& log) {
  std::vector<streams::TopicPartition> partitions;
  for (const auto stream : archived_streams) {
    for (std::int32_t i = 0; i < log.partitions(stream); ++i)
      partitions.push_back({stream, PartitionId(i)});
  }
  return partitions;
}

}  // namespace bytebasket::lake
