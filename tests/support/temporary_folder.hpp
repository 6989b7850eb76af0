// Folders and files for a test, which go with it.
#pragma once

#include <stdexcept>
#include <string>
#include <utility>

#include "base/temporary_folder.hpp"

namespace bytebasket::testing {

inline TemporaryFolder temporary_folder() {
  auto folder = TemporaryFolder::make("bytebasket-test");
  if (!folder) throw std::runtime_error(folder.error().message);
  return std::move(*folder);
}

/// A path in a folder of this process alone, which goes with the process: tests run side by side.
inline std::string temporary_path(const std::string& name) {
  static const TemporaryFolder folder = temporary_folder();
  return folder / name;
}

}  // namespace bytebasket::testing
