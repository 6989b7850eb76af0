// A column of texts as it was read: plain, or by a dictionary.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "events/text_writer.hpp"

namespace arrow {
class Array;
class BinaryArray;
class DataType;
}  // namespace arrow

namespace bytebasket::lake {

/// Keeps what it looks into. Not thread-safe.
class TextColumn {
 public:
  /// False where the array is neither of `type` (utf8 or binary) nor a dictionary of it, or where a
  /// value lies beyond its dictionary.
  bool load(const std::shared_ptr<arrow::Array>& array, const arrow::DataType& type);

  [[nodiscard]] bool has(std::int64_t row) const {
    const std::int64_t bit = first_bit_ + row;
    return valid_ == nullptr || (valid_[bit / 8] >> (bit % 8) & 1) != 0;
  }
  /// Empty where there is none.
  [[nodiscard]] std::string_view text(std::int64_t row) const {
    if (indices_ == nullptr) return value(row);  // a null has no bytes
    return has(row) ? value(indices_[row]) : std::string_view();
  }
  /// Calls a text that will soon be asked for into the caches.
  void fetch(std::int64_t row) const {
    constexpr std::size_t cache_line = 64;
    constexpr std::size_t most = 6 * cache_line;
    const std::string_view bytes = text(row);
    for (std::size_t i = 0; i < std::min(bytes.size(), most); i += cache_line)
      __builtin_prefetch(bytes.data() + i);
  }
  /// The text as a JSON string, until the next call; of a dictionary each text is quoted once.
  std::string_view quoted(std::int64_t row);

 private:
  [[nodiscard]] std::string_view value(std::int64_t at) const {
    return {bytes_ + ends_[at], static_cast<std::size_t>(ends_[at + 1] - ends_[at])};
  }
  void look_into(const arrow::BinaryArray& values);
  void quote_dictionary();

  std::shared_ptr<arrow::Array> array_;
  const std::uint8_t* valid_ = nullptr;  ///< a bit for each row; null where all are there
  std::int64_t first_bit_ = 0;
  const std::int32_t* indices_ = nullptr;  ///< into the dictionary; null where there is none
  // Of each row, or of the dictionary:
  const char* bytes_ = nullptr;
  const std::int32_t* ends_ = nullptr;  ///< of the value before, then of each
  std::int64_t values_ = 0;
  events::TextWriter quotes_;
  std::vector<std::string_view> quoted_;  ///< of the dictionary, once asked for
};

}  // namespace bytebasket::lake
