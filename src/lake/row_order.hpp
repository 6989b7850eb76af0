// The order of the rows in a row group: by visitor, event time, and place in the log.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "base/time.hpp"
#include "events/text_arena.hpp"
#include "lake/value_table.hpp"

namespace bytebasket::lake {

/// Few visitors have many rows: the visitors are sorted, then the rows of each. Not thread-safe.
class RowOrder {
 public:
  /// Adds the next row; returns the visitor as he is kept until clear(): equal ones are the same
  /// bytes in memory, one behind the other, where the caches find them.
  std::string_view add(std::string_view visitor, Timestamp time);

  [[nodiscard]] std::size_t size() const { return rows_.size(); }
  void clear();

  /// Where each row comes to stand, by the order in which they were added. Until the next call.
  std::span<const std::uint32_t> ranks();

 private:
  struct Row {
    Timestamp time;
    std::uint32_t visitor;
    std::uint32_t row;
  };
  void rank_visitors();

  TextTable visitors_;
  events::TextArena texts_;
  std::vector<Row> rows_;
  std::vector<Row> sorted_;
  std::vector<std::uint32_t> visitor_ranks_;
  std::vector<std::uint32_t> ranks_;
};

}  // namespace bytebasket::lake
