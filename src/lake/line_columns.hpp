// The product lines of the rows of a row group: the column `lines`, a list of structs.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "events/event.hpp"
#include "lake/value_table.hpp"

namespace bytebasket::lake {

class ParquetFile;

/// Collects lines as rows come and writes them as rows are sorted. Not thread-safe.
class LineColumns {
 public:
  /// Texts must live until clear(). Rows come in order; those without lines are left out.
  void add(std::uint32_t row, std::span<const events::Line> lines);
  void clear();

  /// `ranks` says where each row comes to stand. Throws what Parquet throws.
  void write(ParquetFile& file, std::span<const std::uint32_t> ranks);

 private:
  static constexpr std::array texts = {&events::Line::product_id, &events::Line::sku,
                                       &events::Line::name, &events::Line::category,
                                       &events::Line::brand};
  static constexpr std::uint32_t none = UINT32_MAX;  ///< of a member that is not there

  struct OfRow {
    std::uint32_t row;
    std::uint32_t begin;  ///< in the members' ids
    std::uint32_t count;
  };
  template <typename Value>
  struct Member {
    ValueTable<Value> table;
    std::vector<std::uint32_t> ids;  ///< of each line
  };
  void sort(std::span<const std::uint32_t> ranks);
  template <typename Value>
  void write_member(ParquetFile& file, const Member<Value>& member, bool is_money);

  std::vector<OfRow> rows_;
  std::array<Member<std::string_view>, texts.size()> texts_;
  Member<std::int64_t> prices_;
  Member<std::int64_t> quantities_;

  // Of the sorted rows, of each line and of each row without lines:
  std::vector<std::uint32_t> places_;  ///< in the members' ids, or `none`
  std::vector<std::uint8_t> repetition_;
  std::vector<std::uint8_t> definition_;
  std::vector<std::uint32_t> ids_;
};

}  // namespace bytebasket::lake
