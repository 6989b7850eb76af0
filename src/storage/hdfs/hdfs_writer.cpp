#include "storage/hdfs/hdfs_writer.hpp"

#include "storage/hdfs/file_status.hpp"

namespace bytebasket::storage {
namespace {

constexpr int renames = 5;

}  // namespace

HdfsWriter::~HdfsWriter() {
  if (!created_ || published_) return;
  // What cannot be removed now is removed as abandoned later.
  static_cast<void>(hdfs_->call({.method = "DELETE", .path = aside_, .operation = "DELETE"}));
}

Status HdfsWriter::write(std::string_view bytes) {
  pending_ += bytes;
  return pending_.size() >= hdfs_->options().chunk_bytes ? send() : ok();
}

Status HdfsWriter::send() {
  WebHdfsCall call{.path = aside_, .body = pending_, .sends = true};
  if (!created_) {
    call.method = "PUT";
    call.operation = "CREATE";
    call.parameters = {{"overwrite", "true"}};
    if (hdfs_->options().replication > 0)
      call.parameters.emplace_back("replication", std::to_string(hdfs_->options().replication));
    if (hdfs_->options().block_size > 0)
      call.parameters.emplace_back("blocksize", std::to_string(hdfs_->options().block_size));
    created_ = true;  // perhaps even where the call fails
  } else {
    call.method = "POST";
    call.operation = "APPEND";
    call.repeatable = false;
  }
  BB_RETURN_IF_ERROR(hdfs_->call(call));
  pending_.clear();
  return ok();
}

Result<bool> HdfsWriter::exists(const std::string& path) {
  const auto status = hdfs_->call({.method = "GET", .path = path, .operation = "GETFILESTATUS"});
  if (status) return true;
  if (status.error().code == ErrorCode::not_found) return false;
  return fail(status.error());
}

Status HdfsWriter::publish(std::string_view path) {
  BB_RETURN_IF_ERROR(check_path(path));
  if (!created_ || !pending_.empty()) BB_RETURN_IF_ERROR(send());
  return rename(hdfs_->options().folder + "/" + std::string(path));
}

/// HDFS renames atomically, and not onto a file that is there. An answer that gets lost is made up
/// for by looking: nobody else renames our file.
Status HdfsWriter::rename(const std::string& target) {
  Error last{ErrorCode::unavailable, ""};
  for (int i = 0; i < renames; ++i) {
    const std::string folder = target.substr(0, target.rfind('/'));
    BB_RETURN_IF_ERROR(hdfs_->call({.method = "PUT", .path = folder, .operation = "MKDIRS"}));
    const auto answer = hdfs_->call({.method = "PUT",
                                     .path = aside_,
                                     .operation = "RENAME",
                                     .parameters = {{"destination", target}},
                                     .repeatable = false});
    const auto renamed = answer ? read_boolean(*answer) : Result<bool>(fail(answer.error()));
    published_ = renamed && *renamed;
    if (published_) return ok();
    last = renamed ? Error{ErrorCode::unavailable, "HDFS did not rename it"} : renamed.error();
    BB_ASSIGN_OR_RETURN(const bool waiting, exists(aside_));
    BB_ASSIGN_OR_RETURN(const bool there, exists(target));
    published_ = !waiting && there;
    if (published_) return ok();
    if (there) return fail(ErrorCode::already_exists, target + " exists");
    if (!waiting) return fail(ErrorCode::internal, aside_ + " is gone: something else removed it");
  }
  return fail(last.within("cannot publish " + target));
}

}  // namespace bytebasket::storage
