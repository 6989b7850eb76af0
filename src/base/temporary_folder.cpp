#include "base/temporary_folder.hpp"

#include <cerrno>
#include <cstdlib>
#include <string>
#include <system_error>
#include <utility>

#include "base/errno_message.hpp"

namespace bytebasket {

Result<TemporaryFolder> TemporaryFolder::make(std::string_view name, std::filesystem::path parent) {
  std::error_code failed;
  if (parent.empty()) parent = std::filesystem::temp_directory_path(failed);
  std::string path = parent / (std::string(name) + "-XXXXXX");
  if (::mkdtemp(path.data()) == nullptr)
    return fail(ErrorCode::unavailable,
                "cannot create a folder in " + parent.string() + ": " + errno_message(errno));
  return TemporaryFolder(std::move(path));
}

TemporaryFolder::TemporaryFolder(std::filesystem::path path) : path_(std::move(path)) {}

TemporaryFolder::TemporaryFolder(TemporaryFolder&& other) noexcept
    : path_(std::exchange(other.path_, {})) {}

TemporaryFolder& TemporaryFolder::operator=(TemporaryFolder&& other) noexcept {
  path_.swap(other.path_);  // ours goes with the other
  return *this;
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  if (!path_.empty()) std::filesystem::remove_all(path_, ignored);
}

}  // namespace bytebasket
