#include "app/engines/lake.hpp"

#include <filesystem>

#ifdef BYTEBASKET_LAKE
#include "lake/archiver.hpp"
#include "lake/lake_log.hpp"
#include "storage/local/local_files.hpp"
#endif
#ifdef BYTEBASKET_HDFS
#include "storage/hdfs/hdfs_files.hpp"
#endif

namespace bytebasket::app {

#ifdef BYTEBASKET_LAKE
namespace {

lake::ArchiverOptions archiver_options(const schema::Settings& settings) {
  return {.file_rows = static_cast<std::size_t>(settings.lake.file_rows),
          .file_bytes = settings.lake.file_bytes,
          .file_age = settings.lake.file_age};
}

lake::CompactionOptions compaction_options(const schema::Settings& settings) {
  return {.max_bytes = settings.lake.merged_bytes};
}

Result<std::unique_ptr<storage::FileStore>> open_hdfs(const schema::Settings& settings) {
#ifdef BYTEBASKET_HDFS
  storage::HdfsOptions options{
      .name_nodes = settings.lake.name_nodes,
      .user = settings.lake.user,
      .kerberos = settings.lake.kerberos,
      .replication = static_cast<int>(settings.lake.replication),
      .block_size = settings.lake.block_size,
  };
  if (options.name_nodes.empty()) {
    return fail(ErrorCode::invalid_argument,
                "lake.engine hdfs needs lake.name_nodes, for example http://namenode:9870");
  }
  if (!settings.lake.folder.empty()) options.folder = settings.lake.folder;
  BB_ASSIGN_OR_RETURN(auto files, storage::HdfsFiles::open(std::move(options)));
  return files;
#else
  static_cast<void>(settings);
  return fail(ErrorCode::invalid_argument,
              "lake.engine: this program was built without HDFS (BYTEBASKET_HDFS)");
#endif
}

}  // namespace

Result<std::unique_ptr<storage::FileStore>> open_lake(const schema::Settings& settings) {
  if (settings.lake.engine == "none") return nullptr;
  if (settings.lake.engine == "hdfs") return open_hdfs(settings);
  const std::filesystem::path folder = settings.lake.folder.empty()
                                           ? std::filesystem::path(settings.data.dir) / "lake"
                                           : std::filesystem::path(settings.lake.folder);
  BB_ASSIGN_OR_RETURN(auto files, storage::LocalFiles::open(folder));
  return files;
}

Result<Offset> archived_offset(storage::FileStore* lake, streams::TopicPartition where,
                               const streams::LogRange& log) {
  if (lake == nullptr) return log.end;
  return lake::archived_until(*lake, where, log);
}

Result<std::unique_ptr<streams::EventLog>> read_lake(storage::FileStore& lake) {
  BB_ASSIGN_OR_RETURN(auto log, lake::LakeLog::open(lake, {}));
  return log;
}

struct ArchiveRole::Impl {
  lake::Archiver archiver;
};

ArchiveRole::ArchiveRole(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

Result<std::unique_ptr<ArchiveRole>> ArchiveRole::start(Engines& engines,
                                                        const schema::Settings& settings,
                                                        const Clock& clock,
                                                        ArchiveCounters& counters) {
  BB_ASSIGN_OR_RETURN(auto assignment, open_assignment(settings, *engines.log, lake::consumer_group,
                                                       lake::archived_partitions(*engines.log)));
  std::unique_ptr<Impl> impl(
      new Impl{lake::Archiver(*engines.log, *engines.lake, std::move(assignment),
                              {.files = archiver_options(settings),
                               .compaction = compaction_options(settings),
                               .retention = settings.lake.retention},
                              clock, counters)});
  return std::unique_ptr<ArchiveRole>(new ArchiveRole(std::move(impl)));
}

ArchiveRole::~ArchiveRole() = default;

Status ArchiveRole::stop() { return impl_->archiver.stop(); }

Result<std::uint64_t> archive_log(Engines& engines, const schema::Settings& settings) {
  return lake::archive_now(*engines.log, *engines.lake, lake::archived_partitions(*engines.log),
                           archiver_options(settings), SystemClock());
}

Result<LakeOrder> keep_lake_in_order(storage::FileStore& lake, const schema::Settings& settings,
                                     Timestamp now) {
  lake::Compactor compactor(lake, compaction_options(settings));
  BB_ASSIGN_OR_RETURN(const auto report,
                      lake::keep_in_order(lake, compactor, settings.lake.retention, now));
  return LakeOrder{report.compaction.merged, report.compaction.removed, report.days_removed};
}

Result<std::vector<LakeListing>> list_lake(storage::FileStore& lake, streams::Stream stream) {
  std::vector<LakeListing> listed;
  BB_ASSIGN_OR_RETURN(const auto days, lake::list_days(lake, stream));
  for (const Timestamp day : days) {
    BB_ASSIGN_OR_RETURN(const auto hours, lake::list_hours(lake, stream, day));
    for (const Timestamp hour : hours) {
      BB_ASSIGN_OR_RETURN(const auto files, lake::list_files(lake, stream, hour));
      for (const lake::LakeFile& file : lake::covering(files))
        listed.push_back({file.path(), file.last.value() - file.first.value() + 1, file.size});
    }
  }
  return listed;
}

#else  // built without the lake
namespace {

tl::unexpected<Error> no_lake() {
  return fail(ErrorCode::invalid_argument,
              "lake.engine: this program was built without the lake (BYTEBASKET_LAKE)");
}

}  // namespace

Result<std::unique_ptr<storage::FileStore>> open_lake(const schema::Settings& settings) {
  if (settings.lake.engine == "none") return nullptr;
  return no_lake();
}

Result<Offset> archived_offset(storage::FileStore* /*lake*/, streams::TopicPartition /*where*/,
                               const streams::LogRange& log) {
  return log.end;
}

Result<std::unique_ptr<streams::EventLog>> read_lake(storage::FileStore& /*lake*/) {
  return no_lake();
}

// Never made: there is no lake to make it with.
struct ArchiveRole::Impl {};
ArchiveRole::ArchiveRole(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Result<std::unique_ptr<ArchiveRole>> ArchiveRole::start(Engines& /*engines*/,
                                                        const schema::Settings& /*settings*/,
                                                        const Clock& /*clock*/,
                                                        ArchiveCounters& /*counters*/) {
  return no_lake();
}
ArchiveRole::~ArchiveRole() = default;
Status ArchiveRole::stop() { return ok(); }

Result<std::uint64_t> archive_log(Engines& /*engines*/, const schema::Settings& /*settings*/) {
  return no_lake();
}

Result<LakeOrder> keep_lake_in_order(storage::FileStore& /*lake*/,
                                     const schema::Settings& /*settings*/, Timestamp /*now*/) {
  return no_lake();
}

Result<std::vector<LakeListing>> list_lake(storage::FileStore& /*lake*/,
                                           streams::Stream /*stream*/) {
  return no_lake();
}
#endif

}  // namespace bytebasket::app
