#include "storage/hdfs/hdfs_files.hpp"

#include <algorithm>
#include <random>

#include "base/hash.hpp"
#include "storage/hdfs/file_status.hpp"
#include "storage/hdfs/hdfs_writer.hpp"

namespace bytebasket::storage {
namespace {

constexpr std::string_view aside_folder = "/.aside";

std::string unique_name() {
  std::random_device random;
  const auto half = [&random] { return static_cast<std::uint64_t>(random()) << 32 | random(); };
  return to_hex(half()) + to_hex(half());
}

/// The members of an absolute folder, page by page; none where it is not there.
Result<std::vector<FileStatus>> statuses(WebHdfs& hdfs, const std::string& folder) {
  std::vector<FileStatus> all;
  for (;;) {
    WebHdfsCall call{.method = "GET", .path = folder, .operation = "LISTSTATUS_BATCH"};
    if (!all.empty()) call.parameters = {{"startAfter", all.back().name}};
    const auto answer = hdfs.call(call);
    if (!answer && answer.error().code == ErrorCode::not_found) return std::vector<FileStatus>();
    if (!answer) return fail(answer.error());
    BB_ASSIGN_OR_RETURN(FileStatusPage page, read_statuses(*answer));
    for (FileStatus& status : page.statuses) {
      if (!status.name.empty()) all.push_back(std::move(status));
    }
    if (!page.more || page.statuses.empty()) return all;
  }
}

}  // namespace

Result<std::unique_ptr<HdfsFiles>> HdfsFiles::open(HdfsOptions options) {
  while (options.folder.ends_with('/')) options.folder.pop_back();
  if (options.name_nodes.empty())
    return fail(ErrorCode::invalid_argument, "HDFS needs the address of a NameNode");
  if (!options.folder.starts_with('/')) {
    return fail(ErrorCode::invalid_argument,
                "the lake's folder in HDFS must be absolute and not the root, not '" +
                    options.folder + "'");
  }
  return std::unique_ptr<HdfsFiles>(new HdfsFiles(std::move(options)));
}

std::string HdfsFiles::absolute(std::string_view path) const {
  const std::string& root = hdfs_->options().folder;
  return path.empty() ? root : root + "/" + std::string(path);
}

Result<std::unique_ptr<FileWriter>> HdfsFiles::create() {
  const std::string aside =
      hdfs_->options().folder + std::string(aside_folder) + "/" + unique_name();
  return std::unique_ptr<FileWriter>(std::make_unique<HdfsWriter>(hdfs_, aside));
}

Result<std::string> HdfsFiles::read(std::string_view path, std::uint64_t offset,
                                    std::uint64_t length) {
  BB_RETURN_IF_ERROR(check_path(path));
  if (length == 0) return std::string();
  length = std::min<std::uint64_t>(length, INT64_MAX);
  auto bytes = hdfs_->call(
      {.method = "GET",
       .path = absolute(path),
       .operation = "OPEN",
       .parameters = {{"offset", std::to_string(offset)}, {"length", std::to_string(length)}}});
  if (bytes || bytes.error().code == ErrorCode::not_found || offset == 0) return bytes;
  // HDFS refuses to read from the end on.
  BB_ASSIGN_OR_RETURN(const std::uint64_t end, size(path));
  if (offset >= end) return std::string();
  return bytes;
}

Result<std::uint64_t> HdfsFiles::size(std::string_view path) {
  BB_RETURN_IF_ERROR(check_path(path));
  BB_ASSIGN_OR_RETURN(
      const std::string answer,
      hdfs_->call({.method = "GET", .path = absolute(path), .operation = "GETFILESTATUS"}));
  BB_ASSIGN_OR_RETURN(const FileStatus status, read_status(answer));
  if (status.folder) return fail(ErrorCode::not_found, absolute(path) + " is a folder");
  return status.size;
}

Result<std::vector<FileEntry>> HdfsFiles::list(std::string_view folder) {
  BB_RETURN_IF_ERROR(check_path(folder, true));
  BB_ASSIGN_OR_RETURN(const auto found, statuses(*hdfs_, absolute(folder)));
  std::vector<FileEntry> entries;
  for (const FileStatus& status : found) {
    if (!status.name.starts_with('.'))
      entries.push_back({status.name, status.folder, status.folder ? 0 : status.size});
  }
  std::sort(entries.begin(), entries.end());
  return entries;
}

Status HdfsFiles::remove(std::string_view path) {
  BB_RETURN_IF_ERROR(check_path(path));
  BB_RETURN_IF_ERROR(hdfs_->call({.method = "DELETE",
                                  .path = absolute(path),
                                  .operation = "DELETE",
                                  .parameters = {{"recursive", "true"}}}));
  return ok();
}

Result<std::uint64_t> HdfsFiles::remove_abandoned(Timestamp before) {
  const std::string folder = hdfs_->options().folder + std::string(aside_folder);
  BB_ASSIGN_OR_RETURN(const auto found, statuses(*hdfs_, folder));
  std::uint64_t removed = 0;
  for (const FileStatus& status : found) {
    if (status.modified >= before) continue;
    BB_RETURN_IF_ERROR(hdfs_->call(
        {.method = "DELETE", .path = folder + "/" + status.name, .operation = "DELETE"}));
    ++removed;
  }
  return removed;
}

}  // namespace bytebasket::storage
