#include "lake/row_columns.hpp"

#include <algorithm>
#include <deque>
#include <optional>
#include <string>
#include <vector>

#include <arrow/api.h>
#include <arrow/io/memory.h>
#include <gtest/gtest.h>
#include <parquet/arrow/reader.h>
#include <parquet/file_reader.h>
#include <parquet/statistics.h>

#include "events/text_writer.hpp"
#include "lake/lake_row.hpp"
#include "lake/text_column.hpp"

namespace bytebasket::lake {
namespace {

constexpr std::int64_t start_ms = 1'795'341'600'000;

/// Carts of some visitors, by turns; every value that may be absent is so in some of them.
class Carts {
 public:
  explicit Carts(std::int64_t count) {
    for (std::int64_t i = 0; i < count; ++i) add(i);
  }
  void add_to(RowColumns& columns) {
    LakeRow row;
    for (const auto& record : records_) {
      splitter_.split(record, row);
      EXPECT_TRUE(row.taken_apart);
      columns.add(row);
    }
  }

  /// In the order of the file: by visitor, then time.
  [[nodiscard]] static std::vector<std::int64_t> sorted(std::int64_t count) {
    std::vector<std::int64_t> rows(static_cast<std::size_t>(count));
    for (std::int64_t i = 0; i < count; ++i) rows[static_cast<std::size_t>(i)] = i;
    std::sort(rows.begin(), rows.end(), [](std::int64_t a, std::int64_t b) {
      return std::pair(visitor(a), a) < std::pair(visitor(b), b);
    });
    return rows;
  }
  static std::string visitor(std::int64_t i) { return "visitor-" + std::to_string(i % 7); }
  /// By turns, so that one who comes again does not stand next to himself.
  static std::string user(std::int64_t i) { return "user-" + std::to_string(i / 7 % 2); }
  static std::string note(std::int64_t i) {
    return std::string(600, static_cast<char>('a' + i % 26));
  }
  static std::optional<std::string> cart(std::int64_t i) {
    return i % 3 == 0 ? std::nullopt : std::optional("cart-" + std::to_string(i));
  }
  static std::optional<std::int64_t> value(std::int64_t i) {  // in millionths
    return i % 4 == 0 ? std::nullopt : std::optional((i % 5 - 2) * 1'250'000);
  }
  static std::int64_t lines(std::int64_t i) { return i % 3; }

 private:
  void add(std::int64_t i) {
    std::string json = R"({"type":"track","event":"Cart Viewed","messageId":"m)" +
                       std::to_string(i) +
                       R"(","timestamp":"2026-11-22T10:00:00.000Z","anonymousId":")" + visitor(i) +
                       R"(","userId":")" + user(i) + R"(","source":"web","properties":{)";
    if (cart(i)) json += R"("cart_id":")" + *cart(i) + R"(",)";
    if (value(i))
      json += R"("value":)" + std::to_string(static_cast<double>(*value(i)) / 1e6) + ",";
    json += R"("products":[)";
    for (std::int64_t line = 0; line < lines(i); ++line) {
      json += line == 0 ? R"({"product_id":"p0","price":2.5})"
                        : R"(,{"sku":"s)" + std::to_string(i) + R"(","quantity":3})";
    }
    json += R"(],"note":")" + note(i) + R"("},"context":{"locale":"de-DE"}})";
    const std::size_t size = json.size();
    const std::string& kept = values_.emplace_back(json + std::string(64, '\0'));
    const std::string& key = keys_.emplace_back(visitor(i));
    records_.push_back({.offset = Offset(i),
                        .append_time = timestamp_from_ms(start_ms),
                        .received_at = timestamp_from_ms(start_ms - i),
                        .key = key,
                        .value = std::string_view(kept).substr(0, size)});
  }

  std::deque<std::string> values_;
  std::deque<std::string> keys_;
  std::vector<streams::Record> records_;
  RowSplitter splitter_;
};

/// A file with one row group of `count` carts.
std::shared_ptr<arrow::Buffer> file_of(std::int64_t count) {
  const auto out = *arrow::io::BufferOutputStream::Create();
  ParquetFile file(out, 1);
  Carts carts(count);
  RowColumns columns{PartitionId(3)};
  carts.add_to(columns);
  columns.write(file);
  file.close({{"bytebasket.file", "carts"}});
  return *out->Finish();
}

std::unique_ptr<parquet::ParquetFileReader> reader_of(const std::shared_ptr<arrow::Buffer>& file) {
  return parquet::ParquetFileReader::Open(std::make_shared<arrow::io::BufferReader>(file));
}

std::shared_ptr<arrow::RecordBatch> read(const std::shared_ptr<arrow::Buffer>& file) {
  const auto reader =
      *parquet::arrow::FileReader::Make(arrow::default_memory_pool(), reader_of(file));
  const auto table = *reader->ReadTable();
  EXPECT_TRUE(table->ValidateFull().ok());
  return *table->CombineChunksToBatch();
}

class RowColumnsTest : public ::testing::TestWithParam<std::int64_t> {};

TEST_P(RowColumnsTest, AreReadByArrowAsTheyWereAddedAndSorted) {
  const std::int64_t count = GetParam();
  const auto rows = read(file_of(count));
  ASSERT_EQ(rows->num_rows(), count);
  const auto column = [&](const char* name) { return rows->GetColumnByName(name); };
  const auto text = [&](const char* name, std::int64_t row) {
    const auto& array = static_cast<const arrow::StringArray&>(*column(name));
    return array.IsNull(row) ? std::nullopt : std::optional(array.GetString(row));
  };
  const auto sorted = Carts::sorted(count);
  for (std::int64_t row = 0; row < count; ++row) {
    const std::int64_t i = sorted[static_cast<std::size_t>(row)];
    ASSERT_EQ(static_cast<const arrow::Int64Array&>(*column("offset")).Value(row), i);
    ASSERT_EQ(static_cast<const arrow::TimestampArray&>(*column("received_at")).Value(row),
              start_ms - i);
    ASSERT_EQ(static_cast<const arrow::Int32Array&>(*column("partition")).Value(row), 3);
    ASSERT_EQ(text("key", row), Carts::visitor(i));
    ASSERT_EQ(text("visitor", row), Carts::visitor(i));
    ASSERT_EQ(text("anonymous_id", row), Carts::visitor(i));
    ASSERT_EQ(text("user_id", row), Carts::user(i));
    ASSERT_EQ(text("session_id", row), std::nullopt);
    ASSERT_EQ(text("message_id", row), "m" + std::to_string(i));
    ASSERT_EQ(text("event", row), "Cart Viewed");
    ASSERT_EQ(text("cart_id", row), Carts::cart(i));
    ASSERT_EQ(text("rest", row), R"({"context":{"locale":"de-DE"}})");
    ASSERT_NE(text("properties", row)->find(Carts::note(i)), std::string::npos);
    const auto& value = static_cast<const arrow::Decimal128Array&>(*column("value"));
    ASSERT_EQ(value.IsNull(row), !Carts::value(i).has_value());
    if (Carts::value(i)) {
      ASSERT_EQ(arrow::Decimal128(value.GetValue(row)), arrow::Decimal128(*Carts::value(i)));
    }
  }
}

TEST_P(RowColumnsTest, AreTheSameWhereDictionariesAreReadAsSuch) {
  const auto file = file_of(GetParam());
  const auto plain = read(file);
  parquet::ArrowReaderProperties by_dictionary;
  for (int i = 0; i < plain->num_columns(); ++i) {
    by_dictionary.set_read_dictionary(i, plain->column(i)->type_id() == arrow::Type::STRING);
  }
  const auto reader = *parquet::arrow::FileReader::Make(arrow::default_memory_pool(),
                                                        reader_of(file), by_dictionary);
  const auto coded = *(*reader->ReadTable())->CombineChunksToBatch();
  int compared = 0;
  for (int i = 0; i < coded->num_columns(); ++i) {
    if (coded->column(i)->type_id() != arrow::Type::DICTIONARY) continue;
    TextColumn column;
    ASSERT_TRUE(column.load(coded->column(i), *plain->column(i)->type()));
    const auto& texts = static_cast<const arrow::StringArray&>(*plain->column(i));
    for (std::int64_t row = 0; row < texts.length(); ++row) {
      ASSERT_EQ(column.has(row), texts.IsValid(row));
      ASSERT_EQ(column.text(row), texts.GetView(row)) << plain->schema()->field(i)->name();
      events::TextWriter quoted;
      quoted.put_quoted(texts.GetView(row));
      ASSERT_EQ(column.quoted(row), quoted.text());
      ++compared;
    }
  }
  EXPECT_GT(compared, 0);
}

TEST_P(RowColumnsTest, KeepTheLinesOfEachRow) {
  const std::int64_t count = GetParam();
  const auto rows = read(file_of(count));
  const auto& lists = static_cast<const arrow::ListArray&>(*rows->GetColumnByName("lines"));
  const auto& members = static_cast<const arrow::StructArray&>(*lists.values());
  const auto& products =
      static_cast<const arrow::StringArray&>(*members.GetFieldByName("product_id"));
  const auto& skus = static_cast<const arrow::StringArray&>(*members.GetFieldByName("sku"));
  const auto& prices = static_cast<const arrow::Decimal128Array&>(*members.GetFieldByName("price"));
  const auto& pieces = static_cast<const arrow::Int64Array&>(*members.GetFieldByName("quantity"));
  const auto sorted = Carts::sorted(count);
  for (std::int64_t row = 0; row < count; ++row) {
    const std::int64_t i = sorted[static_cast<std::size_t>(row)];
    ASSERT_EQ(lists.IsNull(row), Carts::lines(i) == 0);
    ASSERT_EQ(lists.value_length(row), Carts::lines(i));
    const std::int64_t at = lists.value_offset(row);
    if (Carts::lines(i) > 0) {
      ASSERT_EQ(products.GetString(at), "p0");
      ASSERT_TRUE(skus.IsNull(at));
      ASSERT_EQ(prices.FormatValue(at), "2.500000");
      ASSERT_EQ(pieces.Value(at), 1);
    }
    if (Carts::lines(i) > 1) {
      ASSERT_TRUE(products.IsNull(at + 1));
      ASSERT_EQ(skus.GetString(at + 1), "s" + std::to_string(i));
      ASSERT_TRUE(prices.IsNull(at + 1));
      ASSERT_EQ(pieces.Value(at + 1), 3);
    }
  }
}

// One row, some, and more than a page of texts holds.
INSTANTIATE_TEST_SUITE_P(Counts, RowColumnsTest, ::testing::Values(1, 50, 5'000));

TEST(RowColumns, SayTheLeastAndTheLargestOfNumbersAndVisitors) {
  const auto reader = reader_of(file_of(100));
  const auto group = reader->metadata()->RowGroup(0);
  const auto statistics = [&](const char* name) {
    return group->ColumnChunk(reader->metadata()->schema()->ColumnIndex(name))->statistics();
  };
  const auto offsets = std::static_pointer_cast<parquet::Int64Statistics>(statistics("offset"));
  EXPECT_EQ(offsets->min(), 0);
  EXPECT_EQ(offsets->max(), 99);
  EXPECT_EQ(offsets->null_count(), 0);
  EXPECT_EQ(statistics("visitor")->EncodeMin(), "visitor-0");
  EXPECT_EQ(statistics("visitor")->EncodeMax(), "visitor-6");
  EXPECT_EQ(statistics("value")->null_count(), 25);
  EXPECT_EQ(statistics("value")->EncodeMin(), "\xFF\xFF\xFF\xFF\xFF\xFF\xD9\xDA\x60");  // −2.5
  EXPECT_EQ(statistics("revenue")->null_count(), 100);
  EXPECT_FALSE(statistics("revenue")->HasMinMax());
  EXPECT_EQ(statistics("properties"), nullptr);
}

TEST(RowColumns, KeepTextsOfNeighboursOnceAndOthersPlain) {
  const auto reader = reader_of(file_of(100));
  const auto group = reader->metadata()->RowGroup(0);
  const auto has_dictionary = [&](const char* name) {
    return group->ColumnChunk(reader->metadata()->schema()->ColumnIndex(name))
        ->has_dictionary_page();
  };
  EXPECT_TRUE(has_dictionary("visitor"));
  EXPECT_TRUE(has_dictionary("user_id"));
  EXPECT_TRUE(has_dictionary("rest"));
  EXPECT_TRUE(has_dictionary("event"));
  EXPECT_TRUE(has_dictionary("value"));
  EXPECT_FALSE(has_dictionary("cart_id"));  // another one in each row
  EXPECT_FALSE(has_dictionary("message_id"));
  EXPECT_FALSE(has_dictionary("coupon"));  // none at all
}

}  // namespace
}  // namespace bytebasket::lake
