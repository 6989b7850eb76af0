#include "lake/value_table.hpp"

#include <map>
#include <string>

#include <gtest/gtest.h>

namespace bytebasket::lake {
namespace {

TEST(ValueTable, NumbersTextsInTheOrderInWhichTheyFirstCome) {
  TextTable table;
  EXPECT_EQ(table.number_of("web"), 0U);
  EXPECT_EQ(table.number_of(""), 1U);
  EXPECT_EQ(table.number_of("mobile"), 2U);
  EXPECT_EQ(table.number_of("web"), 0U);
  ASSERT_EQ(table.values().size(), 3U);
  EXPECT_EQ(table.values()[2], "mobile");
}

TEST(ValueTable, TellsTextsOfAllSizesApart) {
  std::vector<std::string> texts;  // of each size some that differ in one byte
  for (std::size_t size = 0; size < 40; ++size) {
    for (std::size_t at = 0; at <= size; ++at) {
      texts.emplace_back(size, 'a');
      if (at < size) texts.back()[at] = 'b';
    }
  }
  TextTable table;
  for (std::uint32_t i = 0; i < texts.size(); ++i) ASSERT_EQ(table.number_of(texts[i]), i);
  for (std::uint32_t i = 0; i < texts.size(); ++i) ASSERT_EQ(table.number_of(texts[i]), i);
}

TEST(ValueTable, GivesRunsTheSameNumbers) {
  TextTable table;
  EXPECT_EQ(table.number_in_run("web"), 0U);
  EXPECT_EQ(table.number_in_run("web"), 0U);
  EXPECT_EQ(table.number_of("mobile"), 1U);
  EXPECT_EQ(table.number_in_run("mobile"), 1U);
  EXPECT_EQ(table.number_in_run("web"), 0U);
  table.clear();
  EXPECT_EQ(table.number_in_run("mobile"), 0U);
}

TEST(ValueTable, BeginsAnewWhenItIsCleared) {
  NumberTable table;
  for (std::int64_t value = 0; value < 100'000; ++value)
    ASSERT_EQ(table.number_of(value * 1'000'000), value);
  table.clear();
  EXPECT_TRUE(table.values().empty());
  EXPECT_EQ(table.number_of(-1), 0U);
  EXPECT_EQ(table.number_of(7'000'000), 1U);
  EXPECT_EQ(table.number_of(-1), 0U);
}

}  // namespace
}  // namespace bytebasket::lake
