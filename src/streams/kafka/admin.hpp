// What is asked of the cluster besides writing and reading: topics, their settings, offsets.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/position.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "streams/kafka/handle.hpp"

namespace bytebasket::streams::kafka {

struct TopicDescription {
  std::int32_t partitions = 0;
  std::int32_t replication = 0;
  bool has_leaders = false;  ///< every partition can be written and read
  Properties settings;       ///< those that are set for this topic; filled by describe()
};

struct NewTopic {
  std::string name;
  std::int32_t partitions = 1;
  std::int32_t replication = 1;
  Properties settings;
};

struct OffsetRange {
  Offset first;
  Offset end;
};

/// Thread-safe. Every call waits for the cluster, at most `patience`, and fails with `unavailable`
/// when no answer comes.
class Admin {
 public:
  static Result<std::unique_ptr<Admin>> open(const ClientProperties& properties,
                                             Milliseconds patience);

  /// nullopt where there is no such topic. Does not create it.
  Result<std::optional<TopicDescription>> find_topic(const std::string& name);
  /// The same with its settings.
  Result<std::optional<TopicDescription>> describe(const std::string& name);
  /// Returns when the topic can be used.
  Status create_topic(const NewTopic& topic);
  Status wait_for_topic(const std::string& name);
  /// Sets all of a topic's settings: what is not in `settings` goes back to the broker's default.
  Status set_settings(const std::string& name, const Properties& settings);
  Status add_partitions(const std::string& name, std::int32_t total);
  Status delete_topic(const std::string& name);

  Result<OffsetRange> range(const std::string& topic, std::int32_t partition);
  /// The first offset whose time is not before `time`; nullopt where all records are older.
  Result<std::optional<Offset>> first_at(const std::string& topic, std::int32_t partition,
                                         Timestamp time);
  /// Removes records before `offset`.
  Status delete_before(const std::string& topic, std::int32_t partition, Offset offset);

 private:
  /// Why a broker last turned the client away, by password or certificate.
  struct Refusal {
    std::mutex mutex;
    std::string text;
  };

  /// An error with the reason why the client was turned away, where it was.
  Status explained(Status status);
  /// Asks the cluster who leads the topic's partitions.
  void learn_leaders(const std::string& topic);
  /// Calls `ask` again where what it asked does not lead the partition (any more).
  template <typename Ask>
  auto ask_leader(const std::string& topic, Ask ask);
  /// The first offset whose time (milliseconds, or one that the protocol knows) is not before
  /// `time`; below 0 where there is none.
  Result<Offset> offset_at(const std::string& topic, std::int32_t partition, std::int64_t time);

  Admin(std::unique_ptr<Refusal> refusal, Handle handle, Milliseconds patience);

  const std::unique_ptr<Refusal> refusal_;  ///< the client writes to it, so it goes after it
  Handle handle_;
  const Milliseconds patience_;
};

}  // namespace bytebasket::streams::kafka
