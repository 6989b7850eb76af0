// The answers of WebHDFS as values.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"

namespace bytebasket::storage {

struct FileStatus {
  std::string name;  ///< empty where it is the status of the path that was asked for
  bool folder = false;
  std::uint64_t size = 0;
  Timestamp modified;
};

struct FileStatusPage {
  std::vector<FileStatus> statuses;
  bool more = false;
};

/// `{"boolean":true}`
Result<bool> read_boolean(std::string_view json);
/// Of GETFILESTATUS.
Result<FileStatus> read_status(std::string_view json);
/// Of LISTSTATUS_BATCH.
Result<FileStatusPage> read_statuses(std::string_view json);

}  // namespace bytebasket::storage
