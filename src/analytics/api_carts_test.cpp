#include "analytics/api_carts.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "storage/embedded/embedded_tables.hpp"
#include "support/temporary_folder.hpp"

namespace bytebasket::analytics {
namespace {

using nlohmann::json;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class CartReaderTest : public ::testing::Test {
 protected:
  void SetUp() override {
    auto opened = storage::EmbeddedTables::open(
        {.folder = folder_.path(), .memory_bytes = 8 << 20, .clock = &clock_});
    ASSERT_TRUE(opened) << opened.error().message;
    tables_ = std::move(*opened);
  }

  /// A row of a cart that was last touched `age` ago.
  void put(const std::string& visitor, Milliseconds age, const std::string& value = "") {
    schema::CartsByActivityKey key;
    key.time = now_ - age;
    key.day = std::chrono::floor<std::chrono::days>(key.time).time_since_epoch().count();
    key.visitor = visitor;
    key.cart = "open";
    const json document = {
        {"visitor", visitor}, {"cart", "open"}, {"last_activity", format_timestamp(key.time)}};
    const storage::Mutation row{storage::RowKey::of(key),
                                value.empty() ? document.dump() : value,
                                {Epoch(0), Offset(1)},
                                std::nullopt};
    ASSERT_TRUE(storage::write_now(*tables_, {row}));
  }

  json ask(CartQuery query) {
    const auto answer = CartReader(*tables_, {}).answer(query, now_);
    if (!answer) return {{"error", answer.error().message}};
    return json::parse(*answer);
  }

  static std::vector<std::string> visitors(const json& answer) {
    std::vector<std::string> names;
    for (const json& cart : answer.at("carts")) names.push_back(cart.at("visitor"));
    return names;
  }

  Timestamp now_ = *parse_timestamp("2026-11-22T00:30:00Z");
  ManualClock clock_{now_};
  TemporaryFolder folder_ = testing::temporary_folder();
  std::unique_ptr<storage::EmbeddedTables> tables_;
};

constexpr Milliseconds minutes(std::int64_t count) { return Milliseconds(count * 60'000); }

TEST_F(CartReaderTest, ACartIsOpenForAnHourAfterItsLastActivityAndAbandonedFromThenOn) {
  put("just now", minutes(0));
  put("yesterday, open", minutes(59));
  put("at the hour", minutes(60));
  put("days ago", minutes(3 * 24 * 60));
  EXPECT_THAT(visitors(ask({.state = CartState::open})),
              ElementsAre("just now", "yesterday, open"));
  EXPECT_THAT(visitors(ask({.state = CartState::abandoned})),
              ElementsAre("at the hour", "days ago"));
  EXPECT_EQ(ask({.state = CartState::abandoned})["carts"][0]["state"], "abandoned");
}

TEST_F(CartReaderTest, ACartOfAClientWhoseClockIsAheadIsOpen) {
  put("ahead", minutes(-24 * 60));
  EXPECT_THAT(visitors(ask({})), ElementsAre("ahead"));
}

TEST_F(CartReaderTest, CartsOlderThanTheirRetentionAreNotLookedFor) {
  put("old", minutes(40 * 24 * 60));
  EXPECT_THAT(visitors(ask({.state = CartState::abandoned})), IsEmpty());
}

TEST_F(CartReaderTest, PagesGoOnWhereTheLastOneEndedAcrossDays) {
  std::vector<std::string> expected;
  for (int i = 0; i < 7; ++i) {
    expected.push_back("v" + std::to_string(i));
    put(expected.back(), minutes(61 + i * 7 * 60));
  }
  std::vector<std::string> seen;
  CartQuery query{.state = CartState::abandoned, .limit = 2, .cursor = ""};
  for (int page = 0; page < 10; ++page) {
    const json answer = ask(query);
    ASSERT_TRUE(answer.contains("carts")) << answer;
    EXPECT_LE(answer["carts"].size(), 2U);
    for (const std::string& visitor : visitors(answer)) seen.push_back(visitor);
    if (answer["next"].is_null()) break;
    query.cursor = answer["next"];
  }
  EXPECT_EQ(seen, expected);
}

TEST_F(CartReaderTest, ARowThatIsNoCartIsCorruptAndSaysWhere) {
  put("x", minutes(1), "not json");
  EXPECT_THAT(ask({})["error"], HasSubstr("carts_by_activity"));
}

TEST(CartQuery, NamesWhatIsAllowed) {
  const auto message = [](std::vector<std::pair<std::string, std::string>> parameters) {
    const auto query = parse_cart_query(parameters);
    return query ? "" : query.error().message;
  };
  EXPECT_EQ(message({{"state", "abandoned"}, {"limit", "1000"}}), "");
  EXPECT_EQ(message({{"state", "closed"}}), "state='closed' is not allowed: open, abandoned");
  EXPECT_EQ(message({{"limit", "1001"}}), "limit='1001' is not allowed: an integer from 1 to 1000");
  EXPECT_EQ(message({{"limit", "-1"}}), "limit='-1' is not allowed: an integer from 1 to 1000");
  EXPECT_EQ(message({{"stat", "open"}}), "unknown parameter 'stat'; known: state, limit, cursor");
  EXPECT_EQ(message({{"limit", "1"}, {"limit", "2"}}), "parameter 'limit' is given twice");
}

TEST_F(CartReaderTest, ACursorThatIsNoneIsRefused) {
  for (const char* cursor : {"x", "12", "12.0", "12.zz", ".", "99999999999999999999.00"}) {
    EXPECT_THAT(ask({.cursor = cursor}).value("error", ""),
                HasSubstr("is not allowed: the `next` of an answer"))
        << cursor;
  }
}

}  // namespace
}  // namespace bytebasket::analytics
