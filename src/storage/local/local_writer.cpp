#include "storage/local/local_writer.hpp"

#include <cerrno>
#include <cstdio>
#include <system_error>

#include <fcntl.h>
#include <unistd.h>

namespace bytebasket::storage {
namespace {

namespace fs = std::filesystem;

tl::unexpected<Error> failed_to(std::string_view what, const fs::path& path, int error) {
  return fail(
      error == ENOSPC || error == EDQUOT ? ErrorCode::resource_exhausted : ErrorCode::unavailable,
      "cannot " + std::string(what) + " " + path.string() + ": " +
          std::generic_category().message(error));
}

/// Makes the folders that are missing between `root` and `folder`, and their names durable.
Status make_folders(const fs::path& root, const fs::path& folder) {
  if (folder == root) return ok();
  std::error_code failed;
  if (fs::is_directory(folder, failed)) return ok();
  BB_RETURN_IF_ERROR(make_folders(root, folder.parent_path()));
  fs::create_directory(folder, failed);
  if (failed) return failed_to("make the folder", folder, failed.value());
  return sync_folder(folder.parent_path());
}

}  // namespace

Status sync_folder(const fs::path& folder) {
  const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return errno == ENOENT ? ok() : failed_to("open", folder, errno);
  const int synced = ::fsync(descriptor);
  const int error = errno;
  ::close(descriptor);
  if (synced != 0) return failed_to("sync", folder, error);
  return ok();
}

Result<std::unique_ptr<FileWriter>> LocalWriter::create(fs::path root, fs::path aside) {
  const int file = ::open(aside.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
  if (file < 0) return failed_to("create", aside, errno);
  return std::unique_ptr<FileWriter>(new LocalWriter(std::move(root), std::move(aside), file));
}

LocalWriter::~LocalWriter() {
  if (file_ >= 0) ::close(file_);
  if (!published_) ::unlink(aside_.c_str());
}

Status LocalWriter::write(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(file_, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return failed_to("write", aside_, errno);
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return ok();
}

Status LocalWriter::close() {
  const int synced = ::fsync(file_);
  const int error = errno;
  ::close(file_);
  file_ = -1;
  if (synced != 0) return failed_to("sync", aside_, error);
  return ok();
}

Status LocalWriter::publish(std::string_view path) {
  BB_RETURN_IF_ERROR(check_path(path));
  BB_RETURN_IF_ERROR(close());
  const fs::path target = root_ / path;
  // Retention may remove an emptied day between the making of its folders and the renaming.
  for (int left = 3;; --left) {
    BB_RETURN_IF_ERROR(make_folders(root_, target.parent_path()));
    if (::renameat2(AT_FDCWD, aside_.c_str(), AT_FDCWD, target.c_str(), RENAME_NOREPLACE) == 0)
      break;
    if (errno == ENOENT && left > 0) continue;
    if (errno != EEXIST) return failed_to("publish", target, errno);
    return fail(ErrorCode::already_exists, target.string() + " exists");
  }
  published_ = true;
  return sync_folder(target.parent_path());
}

}  // namespace bytebasket::storage
