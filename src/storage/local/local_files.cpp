#include "storage/local/local_files.hpp"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <system_error>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "storage/local/local_writer.hpp"

namespace bytebasket::storage {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view aside_folder = ".aside";

Error failure(int error, std::string_view what, const fs::path& path) {
  const ErrorCode code = error == ENOENT || error == ENOTDIR  ? ErrorCode::not_found
                         : error == EACCES || error == EPERM  ? ErrorCode::permission_denied
                         : error == ENOSPC || error == EDQUOT ? ErrorCode::resource_exhausted
                                                              : ErrorCode::unavailable;
  return {code, "cannot " + std::string(what) + " " + path.string() + ": " +
                    std::generic_category().message(error)};
}

/// Reads all of [offset, offset + length) that is there.
Result<std::string> read_range(int file, const fs::path& path, std::uint64_t offset,
                               std::uint64_t length) {
  struct stat status{};
  if (::fstat(file, &status) != 0) return fail(failure(errno, "read", path));
  const auto size = static_cast<std::uint64_t>(status.st_size);
  std::string bytes(offset >= size ? 0 : std::min(length, size - offset), '\0');
  for (std::size_t done = 0; done < bytes.size();) {
    const ssize_t got =
        ::pread(file, bytes.data() + done, bytes.size() - done, static_cast<off_t>(offset + done));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return fail(failure(errno, "read", path));
    if (got == 0) {
      bytes.resize(done);
      break;
    }
    done += static_cast<std::size_t>(got);
  }
  return bytes;
}

}  // namespace

Result<std::unique_ptr<LocalFiles>> LocalFiles::open(const fs::path& folder) {
  std::error_code failed;
  const fs::path root = fs::absolute(folder, failed);
  if (!failed) fs::create_directories(root / aside_folder, failed);
  if (failed) return fail(failure(failed.value(), "make the lake's folder", folder));
  return std::unique_ptr<LocalFiles>(new LocalFiles(root));
}

fs::path LocalFiles::aside(std::string_view purpose) {
  const auto now = std::chrono::system_clock::now().time_since_epoch().count();
  return root_ / aside_folder /
         (std::string(purpose) + "-" + std::to_string(::getpid()) + "-" + std::to_string(now) +
          "-" + std::to_string(number_.fetch_add(1)));
}

Result<std::unique_ptr<FileWriter>> LocalFiles::create() {
  return LocalWriter::create(root_, aside("file"));
}

Result<std::string> LocalFiles::read(std::string_view path, std::uint64_t offset,
                                     std::uint64_t length) {
  BB_RETURN_IF_ERROR(check_path(path));
  const fs::path file = root_ / path;
  const int descriptor = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return fail(failure(errno, "read", file));
  auto bytes = read_range(descriptor, file, offset, length);
  ::close(descriptor);
  return bytes;
}

Result<std::uint64_t> LocalFiles::size(std::string_view path) {
  BB_RETURN_IF_ERROR(check_path(path));
  struct stat status{};
  if (::stat((root_ / path).c_str(), &status) != 0)
    return fail(failure(errno, "find", root_ / path));
  if (!S_ISREG(status.st_mode)) return fail(failure(ENOENT, "find", root_ / path));
  return static_cast<std::uint64_t>(status.st_size);
}

Result<std::vector<FileEntry>> LocalFiles::list(std::string_view folder) {
  BB_RETURN_IF_ERROR(check_path(folder, true));
  std::vector<FileEntry> entries;
  std::error_code failed;
  fs::directory_iterator each(root_ / folder, failed);
  for (; !failed && each != fs::directory_iterator(); each.increment(failed)) {
    FileEntry entry{.name = each->path().filename().string()};
    if (entry.name.front() == '.') continue;
    std::error_code gone;  // removed since it was listed
    entry.folder = each->is_directory(gone);
    if (!gone && !entry.folder) entry.size = each->file_size(gone);
    if (!gone) entries.push_back(std::move(entry));
  }
  if (failed && failed.value() != ENOENT && failed.value() != ENOTDIR)
    return fail(failure(failed.value(), "list", root_ / folder));
  std::sort(entries.begin(), entries.end());
  return entries;
}

Status LocalFiles::remove(std::string_view path) {
  BB_RETURN_IF_ERROR(check_path(path));
  // A folder goes at once, by its name, not file by file before the eyes of readers.
  const fs::path gone = aside("removed");
  if (::rename((root_ / path).c_str(), gone.c_str()) != 0) {
    if (errno == ENOENT || errno == ENOTDIR) return ok();
    return fail(failure(errno, "remove", root_ / path));
  }
  std::error_code failed;
  fs::remove_all(gone, failed);
  if (failed) return fail(failure(failed.value(), "remove", root_ / path));
  return sync_folder((root_ / path).parent_path());
}

Result<std::uint64_t> LocalFiles::remove_abandoned(Timestamp before) {
  std::uint64_t removed = 0;
  std::error_code failed;
  for (fs::directory_iterator each(root_ / aside_folder, failed);
       !failed && each != fs::directory_iterator(); each.increment(failed)) {
    struct stat status{};
    if (::lstat(each->path().c_str(), &status) != 0) continue;  // published or removed meanwhile
    const Timestamp changed =
        timestamp_from_ms(static_cast<std::int64_t>(status.st_mtim.tv_sec) * 1000 +
                          status.st_mtim.tv_nsec / 1'000'000);
    if (changed >= before) continue;
    std::error_code gone;
    if (fs::remove_all(each->path(), gone) > 0 && !gone) ++removed;
  }
  if (failed) return fail(failure(failed.value(), "list", root_ / aside_folder));
  return removed;
}

}  // namespace bytebasket::storage
