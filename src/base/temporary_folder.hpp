// A folder that goes with whoever made it.
#pragma once

#include <filesystem>
#include <string_view>

#include "base/result.hpp"

namespace bytebasket {

/// A new folder that nobody else has; removed with everything in it in the end.
class TemporaryFolder {
 public:
  /// Makes `<parent>/<name>-<six letters>`; below the system's temporary folder where `parent` is
  /// empty.
  static Result<TemporaryFolder> make(std::string_view name, std::filesystem::path parent = {});
  ~TemporaryFolder();
  TemporaryFolder(TemporaryFolder&& other) noexcept;
  TemporaryFolder& operator=(TemporaryFolder&& other) noexcept;

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  [[nodiscard]] std::filesystem::path operator/(const std::filesystem::path& below) const {
    return path_ / below;
  }

 private:
  explicit TemporaryFolder(std::filesystem::path path);

  std::filesystem::path path_;  ///< empty where another has taken it over
};

}  // namespace bytebasket
