// Finding the end of a JSON object in wide steps, by its quotes and brackets alone.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string_view>

#include "events/number_scan.hpp"
#include "events/wide_bytes.hpp"

namespace bytebasket::events {

struct ScannedObject {
  const char* end = nullptr;    ///< behind its closing bracket
  const char* value = nullptr;  ///< of the last member with the wanted name; null where it has none
};

/// Looks through one object for its end and for one of its own members. Not thread-safe, used once.
class ObjectScan {
 public:
  /// `quoted_name` is the member's name with its quotes.
  explicit ObjectScan(std::string_view quoted_name) : name_(quoted_name) {}

  /// Of the object whose opening bracket is at `at`. nullopt where that is not so plain that quotes
  /// and brackets say it all (escapes, line breaks) or the object does not end before `end`, which
  /// 64 readable bytes follow: look at it byte by byte.
  std::optional<ScannedObject> find(const char* at, const char* end) {
    for (const char* block = at; block < end; block += WideBytes::size) {
      const WideBytes bytes(block);
      const Brackets found = brackets_of(bytes);
      const std::uint64_t reach = lowest_bits(~std::uint64_t{0}, end - block);
      const unsigned last = end_in(found, reach);
      const std::uint64_t own = last < WideBytes::size ? (std::uint64_t{2} << last) - 1 : reach;
      if ((bytes.escapes_or_controls() & own) != 0 || !find_member(block, found, own))
        return std::nullopt;
      if (last < WideBytes::size) {
        object_.end = block + last + 1;
        return object_;
      }
      depth_ += std::popcount(found.opening & reach) - std::popcount(found.closing & reach);
      inside_ = found.goes_on;
    }
    return std::nullopt;
  }

 private:
  /// One bit for each byte of a block.
  struct Brackets {
    std::uint64_t opening = 0;  ///< brackets outside of strings
    std::uint64_t closing = 0;
    std::uint64_t strings = 0;  ///< quotes that begin one
    std::uint64_t goes_on = 0;  ///< all ones where the block ends within a string
  };

  [[nodiscard]] Brackets brackets_of(const WideBytes& bytes) const {
    const std::uint64_t quotes = bytes.are('"');
    // From each quote up to before the next one: every other of these runs is a string.
    std::uint64_t inside = quotes;
    for (unsigned shift = 1; shift < 64; shift *= 2) inside ^= inside << shift;
    inside ^= inside_;
    return {.opening = bytes.are('{', '[') & ~inside,
            .closing = bytes.are('}', ']') & ~inside,
            .strings = quotes & inside,
            .goes_on = std::uint64_t{0} - (inside >> 63)};
  }

  /// The place of the bracket that ends the object; 64 where it is not within `reach`.
  [[nodiscard]] unsigned end_in(const Brackets& found, std::uint64_t reach) const {
    if (std::popcount(found.closing & reach) < depth_) return WideBytes::size;
    int depth = depth_;
    for (std::uint64_t left = (found.opening | found.closing) & reach; left != 0;
         left &= left - 1) {
      depth += (found.closing & left & -left) != 0 ? -1 : 1;
      if (depth == 0) return static_cast<unsigned>(std::countr_zero(left));
    }
    return WideBytes::size;
  }

  /// False where the name stands for something else than a member with a plain colon behind it.
  bool find_member(const char* block, const Brackets& found, std::uint64_t own) {
    for (std::uint64_t left = found.strings & own; left != 0; left &= left - 1) {
      const auto place = static_cast<unsigned>(std::countr_zero(left));
      // 64 readable bytes follow the object's text, and `place` is in it.
      if (std::memcmp(block + place, name_.data(), name_.size()) != 0) continue;
      const std::uint64_t before = lowest_bits(~std::uint64_t{0}, place);
      const int depth =
          depth_ + std::popcount(found.opening & before) - std::popcount(found.closing & before);
      if (depth != 1) continue;
      const char* const colon = block + place + name_.size();
      if (*colon != ':') return false;
      object_.value = colon + 1;
    }
    return true;
  }

  const std::string_view name_;
  ScannedObject object_;
  int depth_ = 0;
  std::uint64_t inside_ = 0;  ///< all ones where the last block ended within a string
};

}  // namespace bytebasket::events
