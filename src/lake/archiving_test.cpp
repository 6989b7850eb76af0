// Archiver, files, compaction and reader together, over a store that dies at any operation.
#include <algorithm>
#include <map>
#include <set>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "lake/compaction.hpp"
#include "lake/lake_log.hpp"
#include "lake/lake_reader.hpp"
#include "lake/partition_archiver.hpp"
#include "support/in_memory_engines.hpp"
#include "support/in_memory_files.hpp"
#include "support/lake_records.hpp"

namespace bytebasket::lake {
namespace {

using streams::Stream;
using testing::InMemoryFiles;
using testing::InMemoryLog;

constexpr streams::TopicPartition where{Stream::user_activity, PartitionId(0)};
constexpr Timestamp start_time = timestamp_from_ms(1'795'341'600'000);

/// A record with all that can be compared.
struct Whole {
  Offset offset;
  Timestamp append_time;
  Timestamp received_at;
  streams::RecordType type;
  std::string key;
  std::string value;
  std::string detail;
  bool operator==(const Whole&) const = default;
};

std::ostream& operator<<(std::ostream& out, const Whole& record) {
  return out << record.offset.value() << ' ' << record.key << ' ' << record.value;
}

std::vector<Whole> read_all(streams::EventLog& log, Offset from, Offset end, std::size_t step) {
  std::vector<Whole> all;
  while (from < end) {
    const auto batch = log.read(where, from, {.max_records = step});
    if (!batch) RC_FAIL(batch.error().message);
    RC_ASSERT(!batch->empty());
    for (const auto& r : batch->records()) {
      all.push_back({r.offset, r.append_time, r.received_at, r.type, std::string(r.key),
                     std::string(r.value), std::string(r.detail)});
    }
    from = all.back().offset.next();
  }
  return all;
}

/// A log of records over some hours; the log's clock may step back, as another leader's does.
std::unique_ptr<InMemoryLog> any_log(int records) {
  auto log = std::make_unique<InMemoryLog>(1);
  Timestamp now = start_time;
  for (int i = 0; i < records; ++i) {
    now += Milliseconds(*rc::gen::element<std::int64_t>(1, 1000, 600'000, 2'000'000, -100'000));
    log->set_now(now);
    log->append({testing::any_record(where)}, [](const auto&) {});
  }
  return log;
}

ArchiverOptions small_files() {
  ArchiverOptions options;
  options.file_rows = *rc::gen::element<std::size_t>(1, 3, 10, 20, 100);
  options.read.max_records = *rc::gen::inRange<std::size_t>(1, 8);
  options.writer.row_group_rows = *rc::gen::element<std::size_t>(1, 4, 10, 30, 100);
  return options;
}

/// Archives to the log's end or to the death of the store.
Status archive(streams::EventLog& log, storage::FileStore& store, const ArchiverOptions& options) {
  const ManualClock clock(start_time);
  PartitionArchiver archiver(log, store, where, options, clock);
  BB_RETURN_IF_ERROR(archiver.start());
  for (;;) {
    BB_ASSIGN_OR_RETURN(const std::size_t read, archiver.step(Milliseconds(0)));
    if (read == 0) break;
  }
  return archiver.flush();
}

/// How often each offset stands in a file.
std::map<Offset, int> rows_by_offset(InMemoryFiles& store) {
  std::map<Offset, int> rows;
  for (const auto& [path, bytes] : store.files()) {
    const auto hour = parse_timestamp(path.substr(19, 10) + "T" + path.substr(35, 2) + ":00:00Z");
    const auto file =
        parse_file_name(Stream::user_activity, *hour, path.substr(path.rfind('/') + 1));
    RC_ASSERT(file.has_value());
    RC_ASSERT(file->path() == path);
    const auto reader = LakeReader::open(store, *file);
    RC_ASSERT(reader.has_value());
    for (Offset next = file->first;;) {
      const auto batch = (*reader)->read(next, {});
      RC_ASSERT(batch.has_value());
      if (batch->empty()) break;
      for (const auto& record : batch->records()) ++rows[record.offset];
      next = batch->records().back().offset.next();
    }
  }
  return rows;
}

std::map<Offset, int> each_once(int records) {
  std::map<Offset, int> rows;
  for (int i = 0; i < records; ++i) rows[Offset(i)] = 1;
  return rows;
}

RC_GTEST_PROP(Lake, GivesEveryRecordBackByteForByte, ()) {
  const int count = *rc::gen::inRange(1, 60);
  const auto log = any_log(count);
  InMemoryFiles store;
  if (const auto archived = archive(*log, store, small_files()); !archived)
    RC_FAIL(archived.error().message);
  const auto lake = LakeLog::open(store, {});
  RC_ASSERT(lake.has_value());
  const auto range = (*lake)->range(where);
  RC_ASSERT(range.has_value());
  RC_ASSERT(range->first == Offset(0) && range->end == Offset(count) && range->epoch == Epoch(1));
  const auto step = *rc::gen::inRange<std::size_t>(1, 20);
  RC_ASSERT(read_all(**lake, Offset(0), Offset(count), step) ==
            read_all(*log, Offset(0), Offset(count), step));
}

RC_GTEST_PROP(Lake, HasEveryRecordOnceWheneverTheArchiverDies, ()) {
  const int count = *rc::gen::inRange(1, 50);
  const auto log = any_log(count);
  InMemoryFiles store;
  for (int deaths = *rc::gen::inRange(0, 6); deaths > 0; --deaths) {
    store.die_at(*rc::gen::inRange<std::uint64_t>(0, 30), *rc::gen::arbitrary<bool>());
    static_cast<void>(archive(*log, store, small_files()));
    store.revive();
  }
  if (const auto archived = archive(*log, store, small_files()); !archived)
    RC_FAIL(archived.error().message);
  RC_ASSERT(rows_by_offset(store) == each_once(count));
}

RC_GTEST_PROP(Lake, CompactionShowsEveryRecordOnceWheneverItDies, ()) {
  const int count = *rc::gen::inRange(1, 60);
  const auto log = any_log(count);
  InMemoryFiles store;
  if (const auto archived = archive(*log, store, small_files()); !archived)
    RC_FAIL(archived.error().message);
  const auto before = read_all(*log, Offset(0), Offset(count), 100);
  // Opened before: what it has listed is merged under its feet.
  const auto early = LakeLog::open(store, {});
  RC_ASSERT(early.has_value());
  for (int deaths = *rc::gen::inRange(0, 5); deaths > 0; --deaths) {
    store.die_at(*rc::gen::inRange<std::uint64_t>(0, 60), *rc::gen::arbitrary<bool>());
    static_cast<void>(Compactor(store, {}).run(where.stream));
    store.revive();
    const auto lake = LakeLog::open(store, {});
    RC_ASSERT(lake.has_value());
    RC_ASSERT(read_all(**lake, Offset(0), Offset(count), 7) == before);
  }
  RC_ASSERT(Compactor(store, {}).run(where.stream).has_value());
  RC_ASSERT(rows_by_offset(store) == each_once(count));
  RC_ASSERT(read_all(**early, Offset(0), Offset(count), 7) == before);
}

}  // namespace
}  // namespace bytebasket::lake
