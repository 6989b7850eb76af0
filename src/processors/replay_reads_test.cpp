#include "processors/replay_reads.hpp"

#include <algorithm>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "metrics/aggregate.hpp"
#include "processors/partition_runner.hpp"
#include "processors/transactions.hpp"
#include "processors/user_activity_processor.hpp"
#include "storage/forwarding_tables.hpp"
#include "support/in_memory_engines.hpp"
#include "support/small_shop.hpp"

namespace bytebasket::processors {
namespace {

using storage::Mutation;
using storage::RowKey;
using testing::InMemoryLog;
using testing::InMemoryTables;
using testing::SmallShop;

using Dice = std::mt19937_64;

/// What of a partition's rows one replica has, where no other has it.
using Part = std::map<RowKey, Mutation>;

/// A store whose last writes land late: while somebody else reads already. What lands is one table
/// partition after another, each whole.
class LateTables final : public storage::ForwardingTables {
 public:
  LateTables(InMemoryTables& tables, Dice& dice)
      : ForwardingTables(tables), tables_(tables), dice_(dice) {}

  /// Of the writes from the `first` on nothing lands yet, but they are answered as if they had: as
  /// seen by a former owner who goes on with them.
  void hold_from(int first) {
    left_ = first;
    answers_ = true;
  }
  /// The `first` write is begun and not finished, and answered by `timed_out`; there is no other.
  void time_out_at(int first) {
    left_ = first;
    answers_ = false;
  }
  /// What is held is on one replica of three, and a read may find that one or not; what it finds it
  /// gives to the others.
  void on_one_replica() { torn_ = true; }
  /// Who comes now writes at once.
  void let_others_in() { left_.reset(); }
  [[nodiscard]] bool holds_some() const { return !late_.empty(); }
  void land_all() {
    while (!late_.empty()) land_next();
  }

  void write(std::vector<Mutation> mutations, WriteCallback done) override {
    if (!left_ || (*left_)-- > 0)
      return ForwardingTables::write(std::move(mutations), std::move(done));
    if (answers_ || *left_ == -1) hold(mutations);
    done(answers_ ? ok() : Status(fail(ErrorCode::timed_out, "the store is slow")));
  }
  void get(std::vector<RowKey> keys, GetCallback done) override {
    if (!left_) happen([&](const RowKey& row) { return std::ranges::count(keys, row) > 0; });
    ForwardingTables::get(std::move(keys), std::move(done));
  }
  void scan(storage::ScanRequest request, ScanCallback done) override {
    happen([&](const RowKey& row) {
      return row.table == request.table && row.partition == request.partition;
    });
    ForwardingTables::scan(std::move(request), std::move(done));
  }

 private:
  void hold(const std::vector<Mutation>& mutations) {
    std::map<std::pair<storage::TableId, std::string>, Part> parts;
    for (const Mutation& mutation : mutations)
      parts[{mutation.key.table, mutation.key.partition}].emplace(mutation.key, mutation);
    for (auto& [partition, part] : parts) late_.push_back(std::move(part));
  }

  void happen(const std::function<bool(const RowKey&)>& is_read) {
    if (!torn_) {
      for (std::size_t lands = dice_() % 8; lands > 0 && !late_.empty(); --lands) land_next();
      return;
    }
    for (Part& part : late_) {
      if (dice_() % 2 == 0) continue;
      for (const auto& [key, mutation] : part) {
        if (is_read(key)) store(mutation);
      }
    }
  }

  void land_next() {
    for (const auto& [key, mutation] : late_.front()) store(mutation);
    late_.pop_front();
  }
  void store(const Mutation& mutation) {
    tables_.write({mutation}, [](const Status&) {});
  }

  InMemoryTables& tables_;
  Dice& dice_;
  std::optional<int> left_;
  bool answers_ = false;
  bool torn_ = false;
  std::deque<Part> late_;
};

std::unique_ptr<PartitionRunner> runner_on(InMemoryLog& log, storage::TableStore& tables,
                                           streams::TopicPartition where, std::size_t records) {
  std::unique_ptr<Processor> processor;
  if (where.stream == streams::Stream::user_activity) {
    processor = std::make_unique<UserActivityProcessor>(UserActivityOptions{});
  } else {
    processor = std::make_unique<TransactionsProcessor>(TransactionsOptions{});
  }
  RunnerOptions options;
  options.where = where;
  options.flush_interval = std::chrono::hours(1);
  options.read.max_records = records;
  options.definitions = {
      DefinitionDocument::of("metrics", std::string(metrics::built_in_document()))};
  return std::make_unique<PartitionRunner>(log, tables, std::move(processor), std::move(options));
}

/// Applies what the log holds, `records` at a time, and stores it.
Status run_to_end(InMemoryLog& log, storage::TableStore& tables, streams::TopicPartition where,
                  std::size_t records) {
  const auto runner = runner_on(log, tables, where, records);
  BB_RETURN_IF_ERROR(runner->start());
  BB_ASSIGN_OR_RETURN(const auto range, log.range(where));
  while (runner->applied().offset.next() < range.end) {
    BB_ASSIGN_OR_RETURN(const std::size_t read, runner->step(Milliseconds(0)));
    static_cast<void>(read);
  }
  return runner->flush();
}

/// The rows, without those that depend on where the log was cut: marks, and metrics whose changes
/// add up to nothing.
std::map<RowKey, std::string> what_rows_say(const InMemoryTables& tables) {
  auto rows = tables.contents();
  std::erase_if(rows, [](const auto& row) {
    if (row.first.table != storage::TableId::metrics) return false;
    const auto key = schema::MetricsKey::decode(row.first.partition, row.first.clustering);
    if (!key || key->metric.empty()) return true;
    const auto aggregate = metrics::Aggregate::decode(row.second);
    return aggregate && aggregate->is_identity();
  });
  return rows;
}

struct Shop {
  explicit Shop(std::uint64_t seed) : dice(seed), shop(seed) { log.set_now(SmallShop::start); }

  void sell(int events) { ASSERT_TRUE(append_and_wait(log, shop.next(events))); }

  /// The first row that differs from what a run without any disturbance leaves; empty: none does.
  std::string difference(const InMemoryTables& tables, streams::TopicPartition where) {
    InMemoryTables undisturbed(true);
    EXPECT_TRUE(run_to_end(log, undisturbed, where, 1'000));
    const auto found = what_rows_say(tables);
    const auto wanted = what_rows_say(undisturbed);
    if (found == wanted) return {};
    const auto [is, should] = std::ranges::mismatch(found, wanted);
    const auto name = [](const auto& row, const auto& rows) {
      if (row == rows.end()) return std::string("none");
      return std::string(schema::declaration_of(row->first.table).name) + " " +
             ::testing::PrintToString(row->first.clustering) + " = " +
             ::testing::PrintToString(row->second);
    };
    return name(is, found) + " instead of " + name(should, wanted);
  }

  Dice dice;
  SmallShop shop;
  InMemoryLog log{1};
};

/// An heir repeats the flush while what is left of it lands. How often it had to begin anew.
int inherit(Shop& shop, LateTables& late, streams::TopicPartition where) {
  constexpr int patience = 1'000;
  late.let_others_in();
  int tries = 1;
  for (; tries < patience; ++tries) {
    const Status done = run_to_end(shop.log, late, where, 7);
    if (done) break;
    EXPECT_EQ(done.error().code, ErrorCode::unavailable) << done.error().message;
  }
  EXPECT_LT(tries, patience);
  return tries;
}

class ReplayBeside : public ::testing::TestWithParam<streams::Stream> {
 protected:
  /// Some is stored, and more has come.
  void begin(Shop& shop, InMemoryTables& tables) const {
    ASSERT_TRUE(runner_on(shop.log, tables, where_, 1'000)->start());
    shop.sell(150);
    ASSERT_TRUE(run_to_end(shop.log, tables, where_, 1'000));
    shop.sell(250);
  }

  const streams::TopicPartition where_{GetParam(), PartitionId(0)};
  const int levels_ = GetParam() == streams::Stream::user_activity ? 4 : 7;
};

TEST_P(ReplayBeside, AFormerOwnerWhoIsStillWriting) {
  int anew = 0;
  for (std::uint64_t seed = 0; seed < 24; ++seed) {
    Shop shop(seed);
    InMemoryTables tables(false);
    LateTables late(tables, shop.dice);
    ASSERT_NO_FATAL_FAILURE(begin(shop, tables));
    late.hold_from(static_cast<int>(shop.dice() % 3));
    ASSERT_TRUE(run_to_end(shop.log, late, where_, 1'000));
    ASSERT_TRUE(late.holds_some());
    if (shop.dice() % 2 == 0) shop.sell(60);
    anew += inherit(shop, late, where_) - 1;
    late.land_all();
    shop.sell(60);
    ASSERT_TRUE(run_to_end(shop.log, tables, where_, 1'000));
    ASSERT_EQ(shop.difference(tables, where_), "") << "seed " << seed;
  }
  EXPECT_GT(anew, 0) << "nothing landed while the heir was reading";
}

TEST_P(ReplayBeside, AWriteThatWasNeverFinished) {
  for (std::uint64_t seed = 0; seed < 48; ++seed) {
    Shop shop(seed);
    InMemoryTables tables(false);
    LateTables late(tables, shop.dice);
    ASSERT_NO_FATAL_FAILURE(begin(shop, tables));
    late.time_out_at(static_cast<int>(shop.dice() % static_cast<unsigned>(levels_)));
    ASSERT_FALSE(run_to_end(shop.log, late, where_, 1'000));
    if (seed % 2 == 0) late.on_one_replica();
    inherit(shop, late, where_);
    if (shop.dice() % 2 == 0) late.land_all();
    shop.sell(60);
    ASSERT_TRUE(run_to_end(shop.log, tables, where_, 1'000));
    ASSERT_EQ(shop.difference(tables, where_), "") << "seed " << seed;
  }
}

INSTANTIATE_TEST_SUITE_P(ReplayReads, ReplayBeside,
                         ::testing::Values(streams::Stream::user_activity,
                                           streams::Stream::transactions),
                         [](const auto& stream) {
                           return stream.param == streams::Stream::user_activity ? "UserActivity"
                                                                                 : "Transactions";
                         });

}  // namespace
}  // namespace bytebasket::processors
