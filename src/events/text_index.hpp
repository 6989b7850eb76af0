// What stands where in a text, found for the whole of it at once: one pass in wide steps, before
// anybody walks through it byte by byte.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

namespace bytebasket::events {

/// Where a string ends is the next number of a list: to know it costs no look at the text, and
/// hardly a branch. Reused from one text to the next.
class TextIndex {
 public:
  /// How many zero bytes must follow a text.
  static constexpr std::size_t padding = 64;

  /// Marks `text`, which is followed by `padding` zero bytes.
  void mark(std::string_view text);

  /// The places of all stops, in order: quotes, backslashes and control characters, which are what
  /// ends the plain run of a string. Behind the last come `sentinels` times the size of the text.
  [[nodiscard]] const std::uint32_t* stops() const { return stops_.get(); }
  static constexpr std::size_t sentinels = 4;

  /// True where no byte has its high bit set.
  [[nodiscard]] bool is_ascii() const { return ascii_; }

 private:
  void reserve_stops(std::size_t kept);

  std::unique_ptr<std::uint32_t[]> stops_;
  std::size_t stops_size_ = 0;
  bool ascii_ = true;
};

}  // namespace bytebasket::events
