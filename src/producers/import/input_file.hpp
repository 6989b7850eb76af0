// Files as streams of bytes, whatever they are packed with.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "base/result.hpp"

namespace bytebasket::producers::import_ {

/// Bytes that come one after another. Not thread-safe.
class ByteStream {
 public:
  virtual ~ByteStream() = default;
  /// Fills the front of `buffer`; 0 is the end. `corrupt` where packed bytes are broken or cut off.
  virtual Result<std::size_t> read(std::span<char> buffer) = 0;
  /// How much of the file itself (packed, if it is packed) has been read.
  [[nodiscard]] virtual std::uint64_t file_bytes_read() const = 0;
};

/// Opens a file; gzip and Zstandard are known by their first bytes, not by the file's name. "-" is
/// standard input. `not_found` or `permission_denied` with the path.
Result<std::unique_ptr<ByteStream>> open_input(const std::string& path);

/// The size of the file at `path`; 0 where it has none (standard input).
std::uint64_t input_size(const std::string& path);

}  // namespace bytebasket::producers::import_
