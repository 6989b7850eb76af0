#include "streams/embedded/record_codec.hpp"

#include <gtest/gtest.h>

namespace bytebasket::streams {
namespace {

std::string sealed_batch() {
  std::string bytes(batch_header_size, '\0');
  NewRecord record;
  record.key = "visitor";
  record.received_at = timestamp_from_ms(123);
  for (const char* value : {"first", "second", "third"}) {
    record.value = value;
    append_record(bytes, record);
  }
  seal_batch(bytes, {timestamp_from_ms(456), 3, 789});
  return bytes;
}

TEST(RecordCodec, GivesBackWhatWasSealed) {
  const std::string bytes = sealed_batch();
  const auto header = read_batch_header(bytes);
  ASSERT_TRUE(header);
  EXPECT_EQ(header->count, 3U);
  EXPECT_EQ(header->end_bytes, 789U);

  std::vector<Record> records;
  ReadBudget budget;
  ASSERT_TRUE(decode_batch(bytes, Offset(10), Offset(11), budget, records));
  ASSERT_EQ(records.size(), 2U);
  EXPECT_EQ(records[0].offset, Offset(11));
  EXPECT_EQ(records[0].value, "second");
  EXPECT_EQ(records[0].received_at, timestamp_from_ms(123));
  EXPECT_EQ(records[0].append_time, timestamp_from_ms(456));
}

TEST(RecordCodec, NoticesEveryFlippedBit) {
  const std::string bytes = sealed_batch();
  for (std::size_t i = 0; i < bytes.size() * 8; ++i) {
    std::string damaged = bytes;
    damaged[i / 8] = static_cast<char>(damaged[i / 8] ^ (1 << (i % 8)));
    std::vector<Record> records;
    ReadBudget budget;
    EXPECT_FALSE(decode_batch(damaged, Offset(0), Offset(0), budget, records)) << "bit " << i;
  }
}

TEST(RecordCodec, NoticesEveryCut) {
  const std::string bytes = sealed_batch();
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    std::vector<Record> records;
    ReadBudget budget;
    const auto decoded = decode_batch(std::string_view(bytes).substr(0, size), Offset(0), Offset(0),
                                      budget, records);
    ASSERT_FALSE(decoded) << size;
    EXPECT_EQ(decoded.error().code, ErrorCode::corrupt);
  }
}

TEST(RecordCodec, SaysThatANewerProgramIsNeededForANewerVersion) {
  std::string bytes = sealed_batch();
  bytes[0] = static_cast<char>(batch_version + 1);
  const auto header = read_batch_header(bytes);
  ASSERT_FALSE(header);
  EXPECT_NE(header.error().message.find("newer ByteBasket"), std::string::npos);
}

}  // namespace
}  // namespace bytebasket::streams
