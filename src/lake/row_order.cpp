#include "lake/row_order.hpp"

#include <algorithm>
#include <numeric>
#include <tuple>

#include "base/short_text.hpp"

namespace bytebasket::lake {

std::string_view RowOrder::add(std::string_view visitor, Timestamp time) {
  const std::uint32_t number =
      visitors_.number_of(visitor, [this](std::string_view text) { return texts_.join("", text); });
  rows_.push_back({time, number, static_cast<std::uint32_t>(rows_.size())});
  return visitors_.values()[number];
}

void RowOrder::clear() {
  visitors_.clear();
  texts_.clear();
  rows_.clear();
}

void RowOrder::rank_visitors() {
  struct Visitor {
    std::uint64_t begin;
    std::string_view text;
    std::uint32_t number;
  };
  std::vector<Visitor> visitors;
  visitors.reserve(visitors_.values().size());
  for (const std::string_view text : visitors_.values())
    visitors.push_back({first_bytes(text), text, static_cast<std::uint32_t>(visitors.size())});
  std::sort(visitors.begin(), visitors.end(), [](const Visitor& a, const Visitor& b) {
    return a.begin != b.begin ? a.begin < b.begin : a.text < b.text;
  });
  visitor_ranks_.resize(visitors.size());
  for (std::uint32_t i = 0; i < visitors.size(); ++i) visitor_ranks_[visitors[i].number] = i;
}

std::span<const std::uint32_t> RowOrder::ranks() {
  rank_visitors();
  std::vector<std::uint32_t> begins(visitor_ranks_.size() + 1);  // of each visitor's rows
  for (const Row& row : rows_) ++begins[visitor_ranks_[row.visitor] + 1];
  std::partial_sum(begins.begin(), begins.end(), begins.begin());
  std::vector<std::uint32_t> next(begins.begin(), begins.end() - 1);
  sorted_.resize(rows_.size());
  for (const Row& row : rows_) sorted_[next[visitor_ranks_[row.visitor]]++] = row;
  for (std::size_t i = 0; i + 1 < begins.size(); ++i) {
    std::sort(sorted_.begin() + begins[i], sorted_.begin() + begins[i + 1],
              [](const Row& a, const Row& b) {
                return std::tie(a.time, a.row) < std::tie(b.time, b.row);
              });
  }
  ranks_.resize(rows_.size());
  for (std::uint32_t i = 0; i < sorted_.size(); ++i) ranks_[sorted_[i].row] = i;
  return ranks_;
}

}  // namespace bytebasket::lake
