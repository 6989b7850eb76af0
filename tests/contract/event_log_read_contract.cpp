#include <algorithm>
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

/// Reads on from `from` to the end, passing over what begins with "no"; checks what each batch
/// says.
std::vector<std::string> wanted_of(EventLog& log, Offset from, Offset end) {
  const auto passes_over = [](std::string_view beginning) {
    const volatile char last_readable = beginning.data()[beginning.size() + 63];
    static_cast<void>(last_readable);
    return beginning.starts_with("no");
  };
  std::vector<std::string> found;
  while (from < end) {
    const auto batch =
        log.read(transactions, from, {.max_records = 64, .passes_over = passes_over});
    if (!batch || batch->empty()) break;
    const std::int64_t last = batch->last().value();
    EXPECT_EQ(batch->size(), batch->records().size() + batch->passed_over());
    EXPECT_EQ(static_cast<std::int64_t>(batch->size()), last + 1 - from.value());
    for (const Record& record : batch->records()) {
      found.emplace_back(record.value);
      if (record.type != RecordType::control) continue;
      EXPECT_EQ(last - record.offset.value(), &batch->records().back() - &record)
          << "nothing behind it is left out";
    }
    from = batch->last().next();
  }
  return found;
}

TEST_P(EventLogContract, LeavesOutNothingButWhatMayBePassedOver) {
  std::vector<NewRecord> records;
  std::vector<std::string> wanted;
  for (int i = 0; i < 1'000; ++i) {
    const bool is_wanted = i % 7 == 0;
    std::string value = (is_wanted ? "yes" : "no") + std::to_string(i) + std::string(150, 'x');
    if (i % 10 == 3) value.resize(7);
    if (is_wanted) wanted.push_back(value);
    records.push_back(transaction(std::move(value)));
  }
  NewRecord control = transaction("control " + std::string(150, 'x'));
  control.type = RecordType::control;
  records.insert(records.begin() + 500, control);
  const auto appended = append(std::move(records));
  const Offset end = appended.back().offset.next();
  auto found = wanted_of(log(), Offset(0), end);
  EXPECT_EQ(std::ranges::count(found, control.value.view()), 1);
  std::erase_if(found, [&](const std::string& value) { return !value.starts_with("yes"); });
  EXPECT_EQ(found, wanted);
}

TEST_P(EventLogContract, PassesOverAllThereIs) {
  append(std::vector<NewRecord>(100, transaction("no" + std::string(100, 'x'))));
  const auto found = wanted_of(log(), Offset(0), Offset(100));
  EXPECT_TRUE(found.empty() || found.size() == 100U) << "an engine may hand out all";
  EXPECT_TRUE(values(transactions, Offset(100)).empty());
}

}  // namespace
}  // namespace bytebasket::streams
