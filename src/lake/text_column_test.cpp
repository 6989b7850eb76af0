#include "lake/text_column.hpp"

#include <arrow/api.h>
#include <gtest/gtest.h>

namespace bytebasket::lake {
namespace {

std::shared_ptr<arrow::Array> texts(const std::vector<std::string>& values) {
  arrow::StringBuilder builder;
  EXPECT_TRUE(builder.AppendValues(values).ok());
  return *builder.Finish();
}

/// With a null behind the rows.
std::shared_ptr<arrow::Array> coded(const std::vector<std::int32_t>& rows,
                                    const std::vector<std::string>& dictionary) {
  arrow::Int32Builder builder;
  EXPECT_TRUE(builder.AppendValues(rows).ok());
  EXPECT_TRUE(builder.AppendNull().ok());
  return std::make_shared<arrow::DictionaryArray>(arrow::dictionary(arrow::int32(), arrow::utf8()),
                                                  *builder.Finish(), texts(dictionary));
}

TEST(TextColumn, GivesTheSameFromADictionaryAndWithout) {
  TextColumn plain;
  ASSERT_TRUE(plain.load(texts({"a\"", "b", "a\""}), *arrow::utf8()));
  TextColumn by_dictionary;
  ASSERT_TRUE(by_dictionary.load(coded({1, 0, 1}, {"b", "a\""}), *arrow::utf8()));
  for (std::int64_t row = 0; row < 3; ++row) {
    EXPECT_TRUE(by_dictionary.has(row));
    EXPECT_EQ(by_dictionary.text(row), plain.text(row));
    EXPECT_EQ(by_dictionary.quoted(row), plain.quoted(row));
  }
  EXPECT_EQ(by_dictionary.quoted(0), R"("a\"")");
  EXPECT_FALSE(by_dictionary.has(3));
  EXPECT_EQ(by_dictionary.text(3), "");
}

TEST(TextColumn, LooksIntoASliceFromItsBeginning) {
  TextColumn column;
  ASSERT_TRUE(column.load(coded({0, 1, 0}, {"a", "b"})->Slice(1), *arrow::utf8()));
  EXPECT_EQ(column.text(0), "b");
  EXPECT_TRUE(column.has(1));
  EXPECT_FALSE(column.has(2));
}

TEST(TextColumn, RefusesOtherTypesAndNumbersBeyondItsDictionary) {
  TextColumn column;
  EXPECT_FALSE(column.load(texts({"a"}), *arrow::binary()));
  EXPECT_FALSE(column.load(coded({0}, {"a"}), *arrow::binary()));
  EXPECT_FALSE(column.load(coded({0, 2}, {"a", "b"}), *arrow::utf8()));
  EXPECT_FALSE(column.load(coded({-1}, {"a", "b"}), *arrow::utf8()));
}

}  // namespace
}  // namespace bytebasket::lake
