#include "streams/event_log.hpp"

#include <gtest/gtest.h>

namespace bytebasket::streams {
namespace {

TEST(Stream, HasTheTopicNamesOfTheContract) {
  EXPECT_EQ(topic_of(Stream::user_activity), "bytebasket.user-activity.v1");
  EXPECT_EQ(topic_of(Stream::transactions), "bytebasket.transactions.v1");
  EXPECT_EQ(topic_of(Stream::user_activity_dlq), "bytebasket.user-activity.v1.dlq");
  EXPECT_EQ(topic_of(Stream::transactions_dlq), "bytebasket.transactions.v1.dlq");
}

TEST(Stream, IsFoundByItsName) {
  for (std::size_t i = 0; i < stream_count; ++i) {
    const auto stream = static_cast<Stream>(i);
    EXPECT_EQ(stream_named(name_of(stream)), stream);
  }
  EXPECT_FALSE(stream_named("user_activity"));
}

TEST(Stream, HasADeadLetterStreamBesideIt) {
  EXPECT_EQ(dead_letters_of(Stream::user_activity), Stream::user_activity_dlq);
  EXPECT_EQ(dead_letters_of(Stream::transactions), Stream::transactions_dlq);
  EXPECT_EQ(dead_letters_of(Stream::transactions_dlq), Stream::transactions_dlq);
}

TEST(TopicPartition, ReadsAsStreamAndNumber) {
  EXPECT_EQ(to_string({Stream::user_activity, PartitionId(2)}), "user-activity/2");
}

}  // namespace
}  // namespace bytebasket::streams
