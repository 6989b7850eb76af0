// Columns whose values were numbered: a dictionary and the numbers, or the values where that is
// less.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "base/bytes.hpp"
#include "lake/columns.hpp"
#include "lake/parquet_file.hpp"
#include "lake/value_table.hpp"

namespace bytebasket::lake {

/// As Parquet's PLAIN has it.
inline void append_plain(std::string& out, ColumnForm /*form*/, std::string_view text) {
  ByteWriter bytes(out);
  bytes.put_u32(static_cast<std::uint32_t>(text.size()));
  bytes.put_raw(text);
}
void append_plain(std::string& out, ColumnForm form, std::int64_t number);

/// Writes a dictionary's page of ids, of which `most` is the largest.
void put_id_page(ParquetFile& file, const PageLevels& levels, std::span<const std::uint32_t> ids,
                 std::size_t most);

/// A dictionary pays where its values come twice and more on average.
inline bool dictionary_pays(std::size_t different, std::size_t values) {
  return values > 0 && 2 * different <= values + 16;
}

inline std::size_t plain_size(std::string_view text) { return 4 + text.size(); }
inline std::size_t plain_size(std::int64_t /*number*/) { return 9; }  ///< at most

/// Writes all pages of a column: `ids` are the places of its values among `values`.
template <typename Value>
void put_coded(ParquetFile& file, ColumnForm form, const PageLevels& levels,
               std::span<const Value> values, std::span<const std::uint32_t> ids) {
  if (!dictionary_pays(values.size(), ids.size())) {
    std::string& page = file.begin_page(levels);
    for (const std::uint32_t id : ids) append_plain(page, form, values[id]);
    return file.put_page(PageEncoding::plain);
  }
  std::size_t size = 0;
  for (const Value& value : values) size += plain_size(value);
  std::string dictionary;
  dictionary.reserve(size);
  for (const Value& value : values) append_plain(dictionary, form, value);
  file.put_dictionary(dictionary, values.size());
  put_id_page(file, levels, ids, values.size() - 1);
}

/// Of the numbers that a column has; least and most are empty where it has none.
Extremes extremes_of(ColumnForm form, std::span<const std::int64_t> numbers, std::size_t nulls);

}  // namespace bytebasket::lake
