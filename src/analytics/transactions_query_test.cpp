#include "analytics/transactions_query.hpp"

#include <memory>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "analytics/fraud_evaluation.hpp"
#include "storage/embedded/embedded_tables.hpp"
#include "support/temporary_folder.hpp"

namespace bytebasket::analytics {
namespace {

using Json = nlohmann::json;
using Given = std::vector<std::pair<std::string, std::string>>;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

const Timestamp now = *parse_timestamp("2026-03-10T12:00:00Z");

class TransactionLists : public ::testing::Test {
 protected:
  TransactionLists() {
    storage::EmbeddedTablesOptions options;
    options.folder = folder_.path();
    tables_ = std::move(*storage::EmbeddedTables::open(options));
  }
  ~TransactionLists() override {
    tables_->close();
    tables_.reset();
  }

  template <typename Key>
  void put(const Key& key, const Json& document) {
    const auto status = storage::write_now(
        *tables_, {{storage::RowKey::of(key), document.dump(), Position{Epoch(1), Offset(1)}, {}}});
    ASSERT_TRUE(status) << status.error().message;
  }

  void list(const std::string& id, std::string_view time, const std::string& customer,
            const std::string& decision, const std::string& label = "") {
    Json document = {{"transaction_id", id},
                     {"time", time},
                     {"customer", customer},
                     {"status", "completed"},
                     {"decision", decision},
                     {"reasons", {{{"rule", "odd"}, {"reason", "\"decision\":\"review\""}}}}};
    if (!label.empty()) document["label"] = label;
    schema::TransactionsByTimeKey by_time;
    by_time.time = *parse_timestamp(time);
    by_time.day = std::chrono::floor<std::chrono::days>(by_time.time).time_since_epoch().count();
    by_time.transaction_id = id;
    put(by_time, document);
    schema::TransactionsByCustomerKey by_customer;
    by_customer.customer = customer;
    by_customer.time = by_time.time;
    by_customer.transaction_id = id;
    put(by_customer, document);
  }

  Json ask(const Given& given) {
    const auto query = parse_transaction_query(given, now);
    if (!query) return query.error().message;
    return Json::parse(TransactionReader(*tables_).list(*query).value());
  }

  static std::vector<std::string> ids(const Json& body, const char* name = "transactions") {
    std::vector<std::string> ids;
    for (const Json& row : body[name]) ids.push_back(row["transaction_id"]);
    return ids;
  }

  TemporaryFolder folder_ = testing::temporary_folder();
  std::unique_ptr<storage::EmbeddedTables> tables_;
};

TEST_F(TransactionLists, AreNewestFirstOverTheLastDayUnlessARangeIsGiven) {
  list("old", "2026-03-07T10:00:00Z", "ann", "approve");
  list("a", "2026-03-09T23:00:00Z", "ann", "approve");
  list("b", "2026-03-10T01:00:00Z", "bob", "review");
  EXPECT_THAT(ids(ask({})), ElementsAre("b", "a"));
  EXPECT_THAT(ids(ask({{"from", "2026-03-07"}})), ElementsAre("b", "a", "old"));
  EXPECT_THAT(ids(ask({{"from", "2026-03-07T10:00:00Z"}, {"to", "2026-03-10T01:00:00Z"}})),
              ElementsAre("a", "old"));
}

TEST_F(TransactionLists, AreFilteredByCustomerAndDecision) {
  list("a", "2026-03-09T23:00:00Z", "ann", "approve");
  list("b", "2026-03-10T01:00:00Z", "bob", "review");
  list("c", "2026-03-10T02:00:00Z", "ann", "review");
  EXPECT_THAT(ids(ask({{"customer", "ann"}})), ElementsAre("c", "a"));
  EXPECT_THAT(ids(ask({{"decision", "review"}})), ElementsAre("c", "b"));
  EXPECT_THAT(ids(ask({{"decision", "review"}, {"customer", "bob"}})), ElementsAre("b"));
  EXPECT_THAT(ids(ask({{"customer", "nobody"}})), IsEmpty());
}

TEST_F(TransactionLists, ArePagedByTheirCursorWithoutGapsOrRepeats) {
  std::vector<std::string> all;
  for (int i = 0; i < 25; ++i) {
    const std::string id = "t" + std::to_string(100 + i);
    list(id, format_timestamp(now - std::chrono::hours(5 * i + 1)), "ann",
         i % 2 == 0 ? "approve" : "review");
    all.push_back(id);
  }
  for (const Given& filter : {Given{}, Given{{"customer", "ann"}}, Given{{"decision", "review"}}}) {
    Given given = filter;
    given.insert(given.end(), {{"from", "2026-01-01"}, {"to", "2026-04-01"}});
    const std::vector<std::string> whole = ids(ask(given));
    given.emplace_back("limit", "4");
    std::vector<std::string> paged;
    std::string cursor;
    do {
      Given page = given;
      if (!cursor.empty()) page.emplace_back("cursor", cursor);
      const Json body = ask(page);
      for (const std::string& id : ids(body)) paged.push_back(id);
      cursor = body["next"].is_string() ? body["next"].get<std::string>() : "";
    } while (!cursor.empty());
    EXPECT_EQ(paged, whole);
  }
  EXPECT_EQ(ids(ask({{"from", "2026-01-01"}, {"to", "2026-04-01"}})), all);
}

TEST_F(TransactionLists, SayWhatIsWrongWithAQuestion) {
  EXPECT_THAT(ask({{"decision", "maybe"}}).get<std::string>(),
              HasSubstr("decision=maybe is not allowed: approve review decline"));
  EXPECT_THAT(ask({{"from", "yesterday"}}).get<std::string>(), HasSubstr("from=yesterday"));
  EXPECT_THAT(ask({{"from", "2026-03-11"}, {"to", "2026-03-10"}}).get<std::string>(),
              HasSubstr("from is after to"));
  EXPECT_THAT(ask({{"limit", "10001"}}).get<std::string>(), HasSubstr("10000"));
  EXPECT_THAT(ask({{"colour", "red"}}).get<std::string>(), HasSubstr("colour"));
  TransactionQuery query = *parse_transaction_query({}, now);
  query.cursor = "20000.0g";
  EXPECT_THAT(TransactionReader(*tables_).list(query).error().message,
              HasSubstr("cursor='20000.0g' is not allowed"));
}

TEST_F(TransactionLists, OneTransactionIsItsOrderDecisionAndLabel) {
  schema::OrdersKey order;
  order.order_id = "o1";
  order.facet = "state";
  put(order, {{"order_id", "o1"},
              {"worth", {{"revenue", "13.000000"}}},
              {"judged", true},
              {"entities", Json::array()},
              {"marked", 0}});
  schema::DecisionsKey decision;
  decision.transaction_id = "o1";
  decision.facet = "decision";
  put(decision, {{"transaction_id", "o1"}, {"score", 80}, {"label", {{"label", "fraud"}}}});
  const Json whole = Json::parse(TransactionReader(*tables_).one("o1").value());
  EXPECT_EQ(whole, (Json{{"transaction_id", "o1"},
                         {"order", {{"worth", {{"revenue", "13.000000"}}}}},
                         {"label", {{"label", "fraud"}}},
                         {"decision", {{"score", 80}}}}));
  EXPECT_EQ(TransactionReader(*tables_).one("o2").error().code, ErrorCode::not_found);
}

TEST_F(TransactionLists, AlertsAreListedByStateOverTheMonths) {
  for (const auto& [state, time] : {std::pair{"open", "2026-03-10T01:00:00Z"},
                                    {"open", "2025-12-31T01:00:00Z"},
                                    {"confirmed", "2026-03-09T01:00:00Z"}}) {
    schema::AlertsByStateKey key;
    key.state = state;
    key.time = *parse_timestamp(time);
    key.month = std::string_view(time).starts_with("2025") ? 2025 * 12 + 11 : 2026 * 12 + 2;
    key.transaction_id = time;
    put(key, {{"transaction_id", time}, {"state", state}});
  }
  const auto asked = [&](const Given& given) {
    return ids(
        Json::parse(TransactionReader(*tables_).alerts(*parse_alert_query(given), now).value()),
        "alerts");
  };
  EXPECT_THAT(asked({}), ElementsAre("2026-03-10T01:00:00Z", "2025-12-31T01:00:00Z"));
  EXPECT_THAT(asked({{"state", "confirmed"}}), ElementsAre("2026-03-09T01:00:00Z"));
  EXPECT_THAT(asked({{"state", "dismissed"}}), IsEmpty());
}

TEST_F(TransactionLists, DecisionsAreComparedWithLabels) {
  list("a", "2026-03-09T20:00:00Z", "ann", "decline", "fraud");
  list("b", "2026-03-09T21:00:00Z", "ann", "review", "legitimate");
  list("c", "2026-03-09T22:00:00Z", "ann", "approve", "charged_back");
  list("d", "2026-03-09T23:00:00Z", "ann", "approve");
  const auto transactions = judged_transactions(*tables_, now - std::chrono::days(1), now);
  ASSERT_TRUE(transactions);
  const FraudEvaluation evaluation = evaluate_fraud(*transactions);
  EXPECT_EQ(evaluation.found, 1);
  EXPECT_EQ(evaluation.false_alarms, 1);
  EXPECT_EQ(evaluation.missed, 1);
  EXPECT_EQ(evaluation.rest, 1);
  EXPECT_EQ(evaluation.labelled, 3);
  EXPECT_DOUBLE_EQ(*evaluation.precision(), 0.5);
  EXPECT_DOUBLE_EQ(*evaluation.recall(), 0.5);
  ASSERT_EQ(evaluation.rules.size(), 1U);
  EXPECT_EQ(evaluation.rules[0].frauds, 2);
  EXPECT_EQ(evaluate_fraud({}).precision(), std::nullopt);
}

}  // namespace
}  // namespace bytebasket::analytics
