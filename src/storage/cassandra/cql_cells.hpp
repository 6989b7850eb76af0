// CQL cells: how values and rows are laid out for the driver. Each is a big-endian length and that
// many bytes; a negative length stands for null.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace bytebasket::storage {

void append_cell(std::string& cells, std::string_view bytes);
void append_null_cell(std::string& cells);
void append_bigint_cell(std::string& cells, std::int64_t value);
void append_int_cell(std::string& cells, std::int32_t value);

/// A list, whose elements are cells that stand one after the other.
void append_list_cell(std::string& cells, std::size_t count, std::string_view elements);

/// The bytes as a big-endian signed integer of at most eight bytes.
std::int64_t integer_of(std::string_view bytes);

/// Takes cells off the front of rows, which must outlive it. After a cell that is no such thing
/// `ok()` is false and every further one is empty: check once, at the end.
class CellReader {
 public:
  explicit CellReader(std::string_view cells = {}) : rest_(cells) {}

  /// nullopt for null.
  std::optional<std::string_view> take();
  /// Of a bigint, a timestamp, an int or a boolean; 0 for null.
  std::int64_t take_integer();

  [[nodiscard]] bool ok() const { return ok_; }
  [[nodiscard]] std::string_view rest() const { return rest_; }

 private:
  std::string_view rest_;
  bool ok_ = true;
};

}  // namespace bytebasket::storage
