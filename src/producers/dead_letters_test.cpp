#include "producers/dead_letters.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "producers/collector_fixture.hpp"

namespace bytebasket::producers {
namespace {

using streams::Stream;
using ::testing::HasSubstr;
using ::testing::SizeIs;

class DeadLettersTest : public testing::RunningCollector {};

TEST_F(DeadLettersTest, AreSentAgainMendedOrNot) {
  start();
  post(
      "/v1/batch",
      R"({"sentAt":"2026-11-22T10:00:00Z","batch":[{"type":"page","timestamp":"2026-11-22T09:59:00Z"},{"type":"buy"}]})");
  post("/v1/track", R"({"event":"Order Completed","userId":"u"})");
  clock_.advance(Milliseconds(86'400'000));
  DeadLetters activity(log_, Stream::user_activity, {});
  const auto both = activity.read(Offset(0), 10, SIZE_MAX);
  ASSERT_TRUE(both);
  ASSERT_THAT(both->letters, SizeIs(2));
  EXPECT_EQ(both->letters[0].reason, "anonymousId or userId is needed");
  EXPECT_EQ(both->letters[0].write_key, "Website");
  EXPECT_EQ(activity.resend(both->letters[0]).error().code, ErrorCode::conflict);
  EXPECT_TRUE(activity.resend(
      both->letters[0], R"({"type":"page","userId":"u","timestamp":"2026-11-22T09:59:00Z"})"));
  EXPECT_THAT(stored(Stream::user_activity),
              ::testing::ElementsAre(HasSubstr(R"("timestamp":"2026-11-22T09:59:00.000Z")")));

  DeadLetters transactions(log_, Stream::transactions, {});
  const auto order = transactions.find(Offset(0));
  ASSERT_TRUE(order);
  EXPECT_EQ(order->call, events::CallType::track);
  EXPECT_TRUE(transactions.resend(
      *order, R"({"event":"Order Completed","userId":"u","properties":{"order_id":"o"}})"));
  EXPECT_THAT(stored(Stream::transactions), SizeIs(1));
  EXPECT_THAT(stored(Stream::user_activity), SizeIs(2));
  EXPECT_EQ(transactions.find(Offset(7)).error().code, ErrorCode::not_found);
}

TEST_F(DeadLettersTest, AreReadAndSentAgainPageByPage) {
  start();
  for (int i = 0; i < 5; ++i) post("/v1/batch", R"({"batch":[{"type":"page"},{"type":"buy"}]})");
  DeadLetters activity(log_, Stream::user_activity, {});
  const auto first = activity.read(Offset(0), 4, SIZE_MAX);
  ASSERT_TRUE(first);
  EXPECT_THAT(first->letters, SizeIs(4));
  EXPECT_EQ(first->next, Offset(4));
  const auto last = activity.read(Offset(6), 4, SIZE_MAX);
  EXPECT_THAT(last->letters, SizeIs(4));
  EXPECT_EQ(last->next, std::nullopt);
  const auto small = activity.read(Offset(0), 4, 1);
  EXPECT_THAT(small->letters, SizeIs(1)) << "one comes whatever its size";
  EXPECT_EQ(small->next, Offset(1));

  // Accepted now: the limit is wider than when it came.
  post("/v1/batch", R"({"batch":[{"type":"track","event":"E","userId":"u","properties":{"note":")" +
                        std::string(40'000, 'x') + "\"}}]}");
  DeadLetters wider(log_, Stream::user_activity, {.max_bytes = 1 << 20});
  const auto sent = wider.resend_from(Offset(8), 10);
  ASSERT_TRUE(sent) << sent.error().message;
  EXPECT_EQ(sent->sent, 1U);
  ASSERT_THAT(sent->refused, SizeIs(2));
  EXPECT_EQ(sent->refused[1].offset, Offset(9));
  EXPECT_THAT(sent->refused[1].reason, HasSubstr("'buy'"));
  EXPECT_EQ(sent->next, std::nullopt);
  EXPECT_THAT(stored(Stream::user_activity), SizeIs(1));
  EXPECT_EQ(wider.resend_from(Offset(0), 3)->next, Offset(3));
}

}  // namespace
}  // namespace bytebasket::producers
