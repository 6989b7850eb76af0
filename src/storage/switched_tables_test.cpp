#include "storage/switched_tables.hpp"

#include <functional>
#include <vector>

#include <gtest/gtest.h>

namespace bytebasket::storage {
namespace {

/// Answers when it is told to, and says when it goes.
class LateTables final : public TableStore {
 public:
  explicit LateTables(bool& gone) : gone_(gone) {}
  ~LateTables() override { gone_ = true; }
  LateTables(const LateTables&) = delete;
  LateTables& operator=(const LateTables&) = delete;

  [[nodiscard]] bool atomic_writes() const override { return true; }
  void write(std::vector<Mutation> mutations, WriteCallback done) override {
    written += mutations.size();
    answers.push_back([done = std::move(done)] { done(ok()); });
  }
  void get(std::vector<RowKey> keys, GetCallback done) override {
    done(std::vector<std::optional<StoredRow>>(keys.size()));
  }
  void scan(ScanRequest /*request*/, ScanCallback done) override { done(ScanPage{}); }
  void enumerate(EnumerationRequest /*request*/, EnumerateCallback done) override {
    done(EnumerationPage{});
  }
  void compare_and_set(RowKey /*key*/, std::optional<std::string> /*expected*/,
                       std::string /*value*/, SwapCallback done) override {
    done(true);
  }
  Status sync() override { return ok(); }
  Status compact() override { return ok(); }
  void close() override {}

  std::size_t written = 0;
  std::vector<std::function<void()>> answers;

 private:
  bool& gone_;
};

TEST(SwitchedTables, HandCallsToTheStoreInPlaceAndKeepTheFormerOneUntilItsCallsAreAnswered) {
  bool former_gone = false;
  bool next_gone = false;
  auto former = std::make_shared<LateTables>(former_gone);
  auto next = std::make_shared<LateTables>(next_gone);
  std::vector<std::function<void()>> answers;
  int answered = 0;
  {
    SwitchedTables tables(former);
    tables.write({Mutation{}}, [&](const Status& done) { answered += done ? 1 : 0; });
    EXPECT_EQ(tables.put(next), former);
    tables.write({Mutation{}, Mutation{}}, [](const Status&) {});
    EXPECT_EQ(former->written, 1U);
    EXPECT_EQ(next->written, 2U);
    answers.swap(former->answers);
    former.reset();
    EXPECT_FALSE(former_gone) << "a call is under way";
    answers.front()();
    EXPECT_EQ(answered, 1);
    answers.clear();
    EXPECT_TRUE(former_gone);
    next->answers.clear();
    next.reset();
    EXPECT_FALSE(next_gone);
  }
  EXPECT_TRUE(next_gone);
}

}  // namespace
}  // namespace bytebasket::storage
