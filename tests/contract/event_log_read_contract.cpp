#include <future>
#include <thread>

#include "contract/event_log_contract.hpp"

namespace bytebasket::streams {
namespace {

constexpr Milliseconds long_wait{60'000};

TEST_P(EventLogContract, ReadsNothingFromAnEmptyPartition) {
  EXPECT_TRUE(values(transactions, Offset(0)).empty());
  EXPECT_EQ(log().range(transactions)->first, Offset(0));
  EXPECT_EQ(log().range(transactions)->end, Offset(0));
}

TEST_P(EventLogContract, ReadsFromTheMiddleOfWhatWasAppendedTogether) {
  append({transaction("a"), transaction("b"), transaction("c"), transaction("d")});
  EXPECT_EQ(values(transactions, Offset(2)), (std::vector<std::string>{"c", "d"}));
  EXPECT_EQ(values(transactions, Offset(1), {.max_records = 2}),
            (std::vector<std::string>{"b", "c"}));
}

TEST_P(EventLogContract, KeepsToTheLimitsOfARead) {
  std::vector<NewRecord> records;
  for (int i = 0; i < 100; ++i) records.push_back(transaction(std::string(1000, 'x')));
  append(records);
  append(records);
  EXPECT_EQ(values(transactions, Offset(0), {.max_records = 150}).size(), 150U);
  const auto by_size = values(transactions, Offset(0), {.max_bytes = 50'000}).size();
  EXPECT_GT(by_size, 0U);
  EXPECT_LE(by_size, 50U);
  EXPECT_EQ(values(transactions, Offset(0), {.max_bytes = 1}).size(), 1U)
      << "one record is always given";
}

TEST_P(EventLogContract, RefusesAReadBeyondTheEnd) {
  append({transaction("a")});
  EXPECT_TRUE(values(transactions, Offset(1)).empty());
  const auto beyond = log().read(transactions, Offset(2), {});
  ASSERT_FALSE(beyond);
  EXPECT_EQ(beyond.error().code, ErrorCode::invalid_argument);
  const auto elsewhere = log().read({Stream::transactions, PartitionId(1)}, Offset(0), {});
  ASSERT_FALSE(elsewhere);
  EXPECT_EQ(elsewhere.error().code, ErrorCode::invalid_argument);
}

TEST_P(EventLogContract, ViewsOutliveTheMoveOfTheirBatchAndSimdjsonMayReadBeyondThem) {
  append({transaction("first"), transaction(std::string(1000, 'x'))});
  auto read = log().read(transactions, Offset(0), {});
  ASSERT_TRUE(read);
  const RecordBatch moved = std::move(*read);
  EXPECT_EQ(moved.records()[0].value, "first");
  unsigned sum = 0;
  for (const Record& record : moved.records()) {
    const std::string_view padded(record.value.data(), record.value.size() + 64);
    for (const char c : padded) sum += static_cast<unsigned char>(c);
  }
  EXPECT_GT(sum, 0U);
}

TEST_P(EventLogContract, AppendTimesNeverDecrease) {
  for (int i = 0; i < 20; ++i) append({transaction("v")});
  reopen();
  for (int i = 0; i < 20; ++i) append({transaction("v")});
  const auto batch = log().read(transactions, Offset(0), {});
  ASSERT_TRUE(batch);
  Timestamp last;
  for (const Record& record : batch->records()) {
    EXPECT_GE(record.append_time, last);
    last = record.append_time;
  }
}

TEST_P(EventLogContract, AWaitingReadWakesForANewRecord) {
  auto reading = std::async(
      std::launch::async, [&] { return values(transactions, Offset(0), {.max_wait = long_wait}); });
  append({transaction("news")});
  EXPECT_EQ(reading.get(), std::vector<std::string>{"news"});
}

TEST_P(EventLogContract, AWaitingReadEndsEmptyWhenNothingComes) {
  EXPECT_TRUE(values(transactions, Offset(0), {.max_wait = Milliseconds(5)}).empty());
}

TEST_P(EventLogContract, AReadThatMayWaitForEverStillAnswersAtOnceWhenThereIsSomething) {
  append({transaction("v")});
  EXPECT_EQ(values(transactions, Offset(0), {.max_wait = Milliseconds::max()}).size(), 1U);
}

TEST_P(EventLogContract, CloseCancelsAWaitingRead) {
  std::promise<void> started;
  auto reading = std::async(std::launch::async, [&] {
    started.set_value();
    return log().read(transactions, Offset(0), {.max_wait = long_wait});
  });
  started.get_future().wait();
  log().close();
  const auto result = reading.get();
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, ErrorCode::cancelled);
}

TEST_P(EventLogContract, AReaderThatFollowsAWriterSeesEveryRecordInOrder) {
  constexpr int count = 2000;
  std::thread writer([&] {
    for (int i = 0; i < count; i += 20) {
      std::vector<NewRecord> records;
      for (int j = i; j < i + 20; ++j) records.push_back(transaction(std::to_string(j)));
      append(std::move(records));
    }
  });
  int next = 0;
  while (next < count) {
    const auto batch =
        log().read(transactions, Offset(next), {.max_records = 7, .max_wait = long_wait});
    if (!batch || batch->empty()) break;
    for (const Record& record : batch->records()) {
      EXPECT_EQ(record.offset, Offset(next));
      EXPECT_EQ(record.value, std::to_string(next));
      ++next;
    }
  }
  writer.join();
  EXPECT_EQ(next, count);
}

}  // namespace
}  // namespace bytebasket::streams
