#include <atomic>
#include <condition_variable>
#include <map>
#include <mutex>
#include <thread>

#include "base/hash.hpp"
#include "contract/event_log_contract.hpp"

namespace bytebasket::streams {
namespace {

TEST_P(EventLogContract, GivesOffsetsFromZeroInTheOrderOfTheCall) {
  const auto places = append({transaction("a"), transaction("b")});
  ASSERT_EQ(places.size(), 2U);
  EXPECT_EQ(places[0].where, transactions);
  EXPECT_EQ(places[0].offset, Offset(0));
  EXPECT_EQ(places[1].offset, Offset(1));
  EXPECT_EQ(append({transaction("c")})[0].offset, Offset(2));
  EXPECT_EQ(values(transactions, Offset(0)), (std::vector<std::string>{"a", "b", "c"}));
}

TEST_P(EventLogContract, AnswersAnEmptyAppendWithNothing) { EXPECT_TRUE(append({}).empty()); }

TEST_P(EventLogContract, PutsAKeyIntoThePartitionOfItsHash) {
  for (int i = 0; i < 50; ++i) {
    const std::string key = "visitor-" + std::to_string(i);
    const auto place = append({record(Stream::user_activity, key, "v")})[0];
    EXPECT_EQ(place.where.partition, PartitionId(static_cast<std::int32_t>(hash64(key) % 4)));
  }
}

TEST_P(EventLogContract, PutsARecordIntoThePartitionItNames) {
  std::vector<NewRecord> records;
  for (int partition = 0; partition < 4; ++partition) {
    records.push_back(record(Stream::user_activity, "same key", std::to_string(partition)));
    records.back().partition = PartitionId(partition);
    records.back().type = RecordType::control;
  }
  append(std::move(records));
  for (int partition = 0; partition < 4; ++partition) {
    EXPECT_EQ(values({Stream::user_activity, PartitionId(partition)}, Offset(0)),
              std::vector<std::string>{std::to_string(partition)});
  }
}

TEST_P(EventLogContract, RefusesAPartitionThatDoesNotExist) {
  NewRecord stray = transaction("v");
  stray.partition = PartitionId(1);
  const auto result = append_and_wait(log(), {transaction("good"), stray});
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, ErrorCode::invalid_argument);
  EXPECT_EQ(log().range(transactions)->end, Offset(0)) << "nothing of a refused append is stored";
}

TEST_P(EventLogContract, KeepsEverythingARecordIs) {
  NewRecord refused =
      record(Stream::user_activity_dlq, std::string("k\0ey", 4), std::string("\xFF\0{", 3));
  refused.detail = R"({"reason":"no JSON"})";
  refused.type = RecordType::dead_letter;
  refused.received_at = timestamp_from_ms(1'234'567'890'123);
  append({refused});
  const auto batch = log().read({Stream::user_activity_dlq, PartitionId(0)}, Offset(0), {});
  ASSERT_TRUE(batch);
  const Record& read = batch->records().at(0);
  EXPECT_EQ(read.key, refused.key);
  EXPECT_EQ(read.value, refused.value);
  EXPECT_EQ(read.detail, refused.detail);
  EXPECT_EQ(read.type, RecordType::dead_letter);
  EXPECT_EQ(read.received_at, refused.received_at);
}

TEST_P(EventLogContract, SpreadsOneCallOverStreamsAndPartitions) {
  std::vector<NewRecord> records;
  for (int i = 0; i < 1000; ++i) {
    const Stream stream = i % 3 == 0 ? Stream::transactions : Stream::user_activity;
    records.push_back(record(stream, "key-" + std::to_string(i % 97), std::to_string(i)));
  }
  const auto places = append(records);
  ASSERT_EQ(places.size(), records.size());
  for (std::size_t i = 0; i < places.size(); ++i) {
    const auto batch = log().read(places[i].where, places[i].offset, {.max_records = 1});
    ASSERT_TRUE(batch);
    EXPECT_EQ(batch->records().at(0).value, records[i].value);
  }
}

TEST_P(EventLogContract, ManyThreadsGetEveryRecordOnceAndInTheirOwnOrder) {
  constexpr int threads = 8;
  constexpr int appends = 100;
  std::vector<std::thread> writers;
  for (int writer = 0; writer < threads; ++writer) {
    writers.emplace_back([&, writer] {
      for (int i = 0; i < appends; ++i) {
        append({transaction(std::to_string(writer) + ":" + std::to_string(i))});
      }
    });
  }
  for (auto& writer : writers) writer.join();

  std::map<std::string, int> next;
  const auto found = values(transactions, Offset(0), {.max_records = 10'000});
  EXPECT_EQ(found.size(), static_cast<std::size_t>(threads * appends));
  for (const std::string& value : found) {
    const auto colon = value.find(':');
    EXPECT_EQ(std::stoi(value.substr(colon + 1)), next[value.substr(0, colon)]++);
  }
}

TEST_P(EventLogContract, AnswersOnlyWhenReadersSeeTheRecords) {
  for (int i = 0; i < 20; ++i) {
    append({transaction("v")});
    EXPECT_EQ(log().range(transactions)->end, Offset(i + 1));
  }
}

TEST_P(EventLogContract, RefusesAtOnceWhatItsQueueDoesNotTake) {
  reopen({.max_queued_records = 10});
  constexpr int calls = 200;
  std::mutex mutex;
  std::condition_variable changed;
  int answered = 0;
  int stored = 0;
  int refused = 0;
  for (int i = 0; i < calls; ++i) {
    std::vector<NewRecord> records(5, transaction(std::string(1000, 'x')));
    log().append(std::move(records), [&](auto result) {
      const std::lock_guard lock(mutex);
      ++answered;
      if (result) {
        ++stored;
      } else {
        EXPECT_EQ(result.error().code, ErrorCode::resource_exhausted);
        ++refused;
      }
      changed.notify_one();
    });
  }
  std::unique_lock lock(mutex);
  changed.wait(lock, [&] { return answered == calls; });
  EXPECT_GT(refused, 0);
  EXPECT_GT(stored, 0);
  EXPECT_EQ(log().range(transactions)->end, Offset(stored * 5));
}

TEST_P(EventLogContract, CloseAnswersWhatIsQueuedAndRefusesWhatComesAfter) {
  std::atomic<int> answered = 0;
  for (int i = 0; i < 50; ++i) {
    log().append({transaction("v")}, [&](auto) { ++answered; });
  }
  log().close();
  EXPECT_EQ(answered, 50);
  const auto late = append_and_wait(log(), {transaction("late")});
  ASSERT_FALSE(late);
  EXPECT_EQ(late.error().code, ErrorCode::cancelled);
}

}  // namespace
}  // namespace bytebasket::streams
