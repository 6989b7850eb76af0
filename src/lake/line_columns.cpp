#include "lake/line_columns.hpp"

#include "lake/coded_column.hpp"
#include "lake/parquet_file.hpp"

namespace bytebasket::lake {

void LineColumns::add(std::uint32_t row, std::span<const events::Line> lines) {
  if (lines.empty()) return;
  rows_.push_back({row, static_cast<std::uint32_t>(prices_.ids.size()),
                   static_cast<std::uint32_t>(lines.size())});
  for (const events::Line& line : lines) {
    for (std::size_t i = 0; i < texts.size(); ++i) {
      const std::string_view text = line.*texts[i];
      texts_[i].ids.push_back(text.empty() ? none : texts_[i].table.number_of(text));
    }
    prices_.ids.push_back(line.price ? prices_.table.number_of(line.price->value()) : none);
    quantities_.ids.push_back(quantities_.table.number_in_run(line.quantity));
  }
}

void LineColumns::clear() {
  rows_.clear();
  const auto clear_member = [](auto& member) {
    member.table.clear();
    member.ids.clear();
  };
  for (auto& member : texts_) clear_member(member);
  clear_member(prices_);
  clear_member(quantities_);
}

void LineColumns::sort(std::span<const std::uint32_t> ranks) {
  std::vector<OfRow> sorted(ranks.size());  // those without lines have none
  for (const OfRow& row : rows_) sorted[ranks[row.row]] = row;
  places_.clear();
  repetition_.clear();
  for (const OfRow& row : sorted) {
    places_.push_back(row.count == 0 ? none : row.begin);
    repetition_.push_back(0);
    for (std::uint32_t i = 1; i < row.count; ++i) {
      places_.push_back(row.begin + i);
      repetition_.push_back(1);
    }
  }
}

template <typename Value>
void LineColumns::write_member(ParquetFile& file, const Member<Value>& member, bool is_money) {
  file.begin_column();
  const std::uint8_t deepest = file.depth();
  const auto without = static_cast<std::uint8_t>(deepest - 1);
  definition_.clear();
  ids_.clear();
  for (const std::uint32_t place : places_) {
    const std::uint32_t id = place == none ? none : member.ids[place];
    definition_.push_back(place == none ? 0 : id == none ? without : deepest);
    if (id != none) ids_.push_back(id);
  }
  put_coded(file, is_money ? ColumnForm::money : ColumnForm::number,
            {.count = places_.size(), .repetition = repetition_, .definition = definition_},
            member.table.values(), ids_);
  file.end_column();
}

void LineColumns::write(ParquetFile& file, std::span<const std::uint32_t> ranks) {
  sort(ranks);
  for (const auto& member : texts_) write_member(file, member, false);
  write_member(file, prices_, true);
  write_member(file, quantities_, false);
}

}  // namespace bytebasket::lake
