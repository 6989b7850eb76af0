#include "lake/row_order.hpp"

#include <algorithm>
#include <string>
#include <tuple>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace bytebasket::lake {
namespace {

RC_GTEST_PROP(RowOrder, IsByVisitorThenTimeThenPlace, ()) {
  static const std::vector<std::string> visitors = {
      "",          "v",          "v-1",      "visitor-1",
      "visitor-2", "visitor-10", "\xC3\xA9", std::string("visitor-\0", 9)};
  std::vector<std::tuple<std::string_view, Timestamp, std::uint32_t>> rows;
  RowOrder order;
  const auto count = *rc::gen::inRange<std::uint32_t>(0, 100);
  for (std::uint32_t i = 0; i < count; ++i) {
    const std::string_view visitor = visitors[*rc::gen::inRange<std::size_t>(0, visitors.size())];
    rows.emplace_back(visitor, timestamp_from_ms(*rc::gen::inRange(-3, 3)), i);
    order.add(visitor, std::get<Timestamp>(rows.back()));
  }
  const auto ranks = order.ranks();
  RC_ASSERT(ranks.size() == rows.size());
  auto sorted = rows;
  std::sort(sorted.begin(), sorted.end());
  for (std::size_t i = 0; i < rows.size(); ++i) RC_ASSERT(sorted[ranks[i]] == rows[i]);
}

TEST(RowOrder, GivesEqualVisitorsTheSameBytes) {
  RowOrder order;
  const std::string first = "visitor-1";
  const std::string again = first;
  const std::string_view kept = order.add(first, Timestamp());
  EXPECT_EQ(kept, first);
  EXPECT_EQ(order.add(again, Timestamp()).data(), kept.data());
}

}  // namespace
}  // namespace bytebasket::lake
