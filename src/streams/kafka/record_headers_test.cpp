#include "streams/kafka/record_headers.hpp"

#include <string>

#include <gtest/gtest.h>
#include <librdkafka/rdkafka.h>

namespace bytebasket::streams::kafka {
namespace {

/// A message whose value is "value", with these bytes behind it as in Kafka's record format.
rd_kafka_message_t message_of(std::string& bytes) {
  bytes.insert(0, "value");
  rd_kafka_message_t message{};
  message.payload = bytes.data();
  message.len = 5;
  return message;
}

std::string header(std::string_view name, std::string_view value) {
  return std::string(1, static_cast<char>(2 * name.size())) + std::string(name) +
         std::string(1, static_cast<char>(2 * value.size())) + std::string(value);
}

TEST(RecordHeaders, AreReadWhereTheyStandBehindTheValue) {
  std::string bytes = "\x08" + header("schema", "1") + header("received", "1767225600000") +
                      header("type", "dead-letter") + header("detail", R"({"reason":"x"})");
  const auto headers = read_headers_in_place(message_of(bytes));
  ASSERT_TRUE(headers);
  EXPECT_EQ(headers->received_at, timestamp_from_ms(1'767'225'600'000));
  EXPECT_EQ(headers->type, RecordType::dead_letter);
  EXPECT_EQ(headers->detail, R"({"reason":"x"})");
}

TEST(RecordHeaders, OfALengthOfTwoBytesAreReadToo) {
  const std::string detail(300, 'd');
  std::string bytes = "\x06" + header("schema", "1") + header("received", "5") +
                      header("detail", "").substr(0, 7) + "\xd8\x04" + detail;
  const auto headers = read_headers_in_place(message_of(bytes));
  ASSERT_TRUE(headers);
  EXPECT_EQ(headers->detail, detail);
}

TEST(RecordHeaders, OfSomebodyElseAreLeftToTheLibrary) {
  std::string none(1, '\0');
  EXPECT_FALSE(read_headers_in_place(message_of(none)));
  std::string other = "\x04" + header("tracer", "1") + header("received", "5");
  EXPECT_FALSE(read_headers_in_place(message_of(other)));
  std::string newer = "\x04" + header("schema", "2") + header("received", "5");
  EXPECT_FALSE(read_headers_in_place(message_of(newer)));
  EXPECT_FALSE(read_headers_in_place(rd_kafka_message_t{}));
}

}  // namespace
}  // namespace bytebasket::streams::kafka
