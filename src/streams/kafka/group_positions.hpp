// Offsets that consumer groups without members keep on the cluster.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "base/position.hpp"
#include "base/result.hpp"
#include "streams/kafka/options.hpp"

namespace bytebasket::streams::kafka {

/// Thread-safe. A group that has members takes commits from them alone (see GroupAssignment): for
/// anybody else commit() fails with `conflict`.
class GroupPositions {
 public:
  explicit GroupPositions(const KafkaLogOptions& options) : options_(options) {}

  Status commit(std::string_view group, TopicPartition where, Offset next);
  Result<std::optional<Offset>> committed(std::string_view group, TopicPartition where);

 private:
  /// The client that speaks for a group; made when it is first asked for.
  Result<rd_kafka_s*> client_of(std::string_view group);

  const KafkaLogOptions& options_;
  std::mutex mutex_;
  std::map<std::string, Handle, std::less<>> clients_;
};

}  // namespace bytebasket::streams::kafka
