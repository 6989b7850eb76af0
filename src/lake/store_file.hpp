// A file of the store as it is read: in few, large pieces, for every request may be one over the
// network.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "storage/file_store.hpp"

namespace bytebasket::lake {

/// Not thread-safe.
class StoreFile {
 public:
  StoreFile(storage::FileStore& store, std::string path, std::uint64_t size)
      : store_(store), path_(std::move(path)), size_(size) {}

  [[nodiscard]] std::uint64_t size() const { return size_; }
  /// For messages: the store and the path in it.
  [[nodiscard]] std::string where() const { return store_.describe() + "/" + path_; }

  /// Fetches the range in one request; what is read within it next comes from memory.
  Status fetch(std::uint64_t offset, std::uint64_t length);

  /// A view until the next call; `corrupt` where the file is shorter than it was.
  Result<std::string_view> read(std::uint64_t offset, std::uint64_t length);

 private:
  storage::FileStore& store_;
  const std::string path_;
  const std::uint64_t size_;
  std::uint64_t fetched_at_ = 0;
  std::string fetched_;
};

}  // namespace bytebasket::lake
