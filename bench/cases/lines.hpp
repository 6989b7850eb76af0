// The lines of a file, read in blocks.
#pragma once

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>

#include <fcntl.h>
#include <unistd.h>

#include "cases/measure.hpp"

namespace bytebasket::bench {

/// The lines of a file, one after the other; each is followed by as many readable bytes as
/// EventReader asks for.
class Lines {
 public:
  explicit Lines(const char* path) : file_(::open(path, O_RDONLY)), buffer_(block + padding, '\0') {
    if (file_ < 0) die(std::string(path) + ": " + std::strerror(errno));
  }
  ~Lines() { ::close(file_); }
  Lines(const Lines&) = delete;
  Lines& operator=(const Lines&) = delete;

  /// A view until the next call.
  std::optional<std::string_view> next() {
    for (std::size_t looked = 0;;) {
      const std::string_view rest = std::string_view(buffer_).substr(begin_, end_ - begin_);
      if (const auto size = rest.find('\n', looked); size != std::string_view::npos) {
        begin_ += size + 1;
        return rest.substr(0, size);
      }
      looked = rest.size();
      if (!fill()) {
        begin_ = end_;
        return rest.empty() ? std::nullopt : std::optional(rest);
      }
    }
  }

 private:
  static constexpr std::size_t block = 1 << 18;  ///< stays in a core's own cache
  static constexpr std::size_t padding = 64;

  /// Moves what is left to the front and reads on. False at the end of the file.
  bool fill() {
    std::copy(buffer_.begin() + static_cast<std::ptrdiff_t>(begin_),
              buffer_.begin() + static_cast<std::ptrdiff_t>(end_), buffer_.begin());
    end_ -= begin_;
    begin_ = 0;
    if (end_ + padding == buffer_.size()) die("a line is longer than 256 KiB");
    const auto got = ::read(file_, buffer_.data() + end_, buffer_.size() - padding - end_);
    if (got < 0) die(std::strerror(errno));
    end_ += static_cast<std::size_t>(got);
    return got > 0;
  }

  int file_;
  std::string buffer_;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
};

}  // namespace bytebasket::bench
