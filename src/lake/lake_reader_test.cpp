#include "lake/lake_reader.hpp"

#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lake/lake_writer.hpp"
#include "support/in_memory_files.hpp"

namespace bytebasket::lake {
namespace {

using ::testing::HasSubstr;

constexpr streams::TopicPartition where{streams::Stream::transactions, PartitionId(0)};
constexpr Timestamp hour = timestamp_from_ms(1'795'341'600'000);
constexpr int records = 10;

std::shared_ptr<const streams::RecordBatch> ten_events() {
  auto text = std::make_unique<std::string>();
  std::vector<std::pair<std::size_t, std::size_t>> places;
  for (int i = 0; i < records; ++i) {
    const std::size_t begin = text->size();
    *text += R"({"type":"track","event":"Order Completed","messageId":"m)" + std::to_string(i) +
             R"(","timestamp":"2026-11-22T10:00:00.000Z","anonymousId":"v)" +
             std::to_string(i % 3) +
             R"(","source":"web","country":"DE","properties":{"order_id":"o)" + std::to_string(i) +
             R"(","currency":"EUR","revenue":25.1,"products":[{"product_id":"p","price":25.1}]},)"
             R"("context":{"ip":"192.0.2.1"}})";
    places.emplace_back(begin, text->size() - begin);
  }
  text->append(64, '\0');
  std::vector<streams::Record> batch;
  for (const auto& [begin, size] : places) {
    streams::Record& record = batch.emplace_back();
    record.offset = Offset(static_cast<std::int64_t>(batch.size()) - 1);
    record.append_time = record.received_at = hour;
    record.key = "v";
    record.value = std::string_view(*text).substr(begin, size);
  }
  std::vector<std::unique_ptr<std::string>> buffers;
  buffers.push_back(std::move(text));
  return std::make_shared<const streams::RecordBatch>(std::move(batch), std::move(buffers));
}

class LakeReaderTest : public ::testing::Test {
 protected:
  LakeReaderTest() {
    testing::InMemoryFiles store;
    const auto writer = LakeWriter::create(store, where, Epoch(1), {.row_group_rows = 4});
    EXPECT_TRUE((*writer)->add(ten_events(), 0, records));
    file_ = *(*writer)->publish(hour);
    bytes_ = store.files().begin()->second;
  }

  /// Reads what stands under the name to its end; the records, or the error.
  Result<std::size_t> read(const std::string& bytes, const LakeFile& named) {
    testing::InMemoryFiles store;
    EXPECT_TRUE(storage::publish_file(store, named.path(), bytes));
    BB_ASSIGN_OR_RETURN(const auto reader, LakeReader::open(store, named));
    std::size_t count = 0;
    for (Offset next = named.first; next <= named.last;) {
      BB_ASSIGN_OR_RETURN(const auto batch, reader->read(next, {}));
      count += batch.size();
      next = batch.records().back().offset.next();
    }
    return count;
  }

  void expect_damaged(const Error& error) const {
    EXPECT_EQ(error.code, ErrorCode::corrupt);
    EXPECT_THAT(error.message, HasSubstr("memory/" + file_.path()));
    EXPECT_THAT(error.message, HasSubstr("put it back from a copy"));
  }

  LakeFile file_;
  std::string bytes_;
};

TEST_F(LakeReaderTest, GivesWhatWasWritten) {
  EXPECT_EQ(*read(bytes_, file_), static_cast<std::size_t>(records));
}

TEST_F(LakeReaderTest, NamesAFileThatWasCutShortAndSaysWhatToDo) {
  for (std::size_t size = 0; size < bytes_.size(); size += 97) {
    const auto cut = read(bytes_.substr(0, size), file_);
    ASSERT_FALSE(cut) << size;
    expect_damaged(cut.error());
  }
}

TEST_F(LakeReaderTest, GivesRecordsOrAnErrorWhicheverByteIsDamaged) {
  std::size_t refused = 0;
  for (std::size_t at = 0; at < bytes_.size(); at += 29) {
    std::string damaged = bytes_;
    damaged[at] = static_cast<char>(damaged[at] ^ (at % 2 == 0 ? 0xFF : 0x01));
    const auto result = read(damaged, file_);
    if (result) continue;
    expect_damaged(result.error());
    ++refused;
  }
  EXPECT_GT(refused, 20U);
}

TEST_F(LakeReaderTest, RefusesAFileThatEndsElsewhereThanItsNameSays) {
  LakeFile named = file_;
  named.last = named.last.next();
  const auto result = read(bytes_, named);
  ASSERT_FALSE(result);
  EXPECT_THAT(result.error().message, HasSubstr("do not end with the offset in its name"));
}

}  // namespace
}  // namespace bytebasket::lake
