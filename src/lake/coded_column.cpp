#include "lake/coded_column.hpp"

#include <algorithm>

#include "lake/hybrid_runs.hpp"

namespace bytebasket::lake {
namespace {

/// A decimal of 19 digits has nine bytes, the largest first.
void append_money(std::string& out, std::int64_t value) {
  out.push_back(value < 0 ? '\xFF' : '\0');
  for (int shift = 56; shift >= 0; shift -= 8)
    out.push_back(static_cast<char>(static_cast<std::uint64_t>(value) >> shift));
}

}  // namespace

void append_plain(std::string& out, ColumnForm form, std::int64_t number) {
  if (form == ColumnForm::money) return append_money(out, number);
  ByteWriter bytes(out);
  if (form == ColumnForm::number32) return bytes.put_u32(static_cast<std::uint32_t>(number));
  bytes.put_u64(static_cast<std::uint64_t>(number));
}

void put_id_page(ParquetFile& file, const PageLevels& levels, std::span<const std::uint32_t> ids,
                 std::size_t most) {
  std::string& page = file.begin_page(levels);
  const unsigned width = bits_for(most);
  page.push_back(static_cast<char>(width));
  append_hybrid_runs(page, ids, width);
  file.put_page(PageEncoding::dictionary);
}

Extremes extremes_of(ColumnForm form, std::span<const std::int64_t> numbers, std::size_t nulls) {
  Extremes extremes{.nulls = nulls};
  if (numbers.empty()) return extremes;
  const auto [least, most] = std::minmax_element(numbers.begin(), numbers.end());
  append_plain(extremes.least, form, *least);
  append_plain(extremes.most, form, *most);
  return extremes;
}

}  // namespace bytebasket::lake
