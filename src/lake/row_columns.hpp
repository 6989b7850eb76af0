// The rows of a row group, collected as columns and written sorted.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "base/time.hpp"
#include "events/text_arena.hpp"
#include "lake/lake_row.hpp"
#include "streams/event_log.hpp"

namespace parquet {
class RowGroupWriter;
}  // namespace parquet

namespace bytebasket::lake {

/// Collects of each column the values that are there, as views into what the rows look into, so a
/// value is copied once: into its page. Not thread-safe.
class RowColumns {
 public:
  explicit RowColumns(PartitionId partition) : partition_(partition) {}

  /// What the row looks into must live until clear(), the row itself need not.
  void add(const LakeRow& row);
  [[nodiscard]] std::size_t rows() const { return places_.size(); }
  void clear();

  /// Writes the rows by visitor, time and offset. Throws what Parquet throws.
  void write(parquet::RowGroupWriter& out);

 private:
  /// The columns before `lines`, which is the last one.
  static constexpr std::size_t simple_columns = 38;

  struct Text {
    const char* data;
    std::uint32_t size;
    std::uint32_t row;
  };
  struct Number {
    std::int64_t value;
    std::uint32_t row;
  };
  struct Lines {
    std::span<const events::Line> lines;
    std::uint32_t row;
  };
  struct Column {
    std::vector<Text> texts;
    std::vector<Number> numbers;
  };
  /// By what a row is sorted; the first 16 bytes of the visitor decide nearly always.
  struct Place {
    std::array<std::uint64_t, 2> begin;
    std::string_view visitor;
    Timestamp time;
    std::uint32_t row;
  };
  class Pages;

  void add_record(const LakeRow& row);
  void add_copies(const events::Event& event);
  void text(std::string_view value);  ///< none where empty
  void text(std::string_view value, bool there);
  void number(std::int64_t value, bool there = true);
  void money(const std::optional<events::Micros>& value);
  [[nodiscard]] std::uint32_t row() const { return static_cast<std::uint32_t>(places_.size()); }
  void rank();

  const PartitionId partition_;
  std::array<Column, simple_columns> columns_;
  std::size_t next_ = 0;  ///< of the columns, while a row is added
  std::vector<Lines> lines_;
  events::TextArena stored_;  ///< texts that stand nowhere as the column has them
  std::vector<Place> places_;
  std::vector<std::uint32_t> ranks_;  ///< of each row, when sorted
};

}  // namespace bytebasket::lake
