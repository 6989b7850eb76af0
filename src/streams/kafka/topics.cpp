#include "streams/kafka/topics.hpp"

#include <charconv>
#include <utility>

namespace bytebasket::streams {
namespace kafka {
namespace {

constexpr std::string_view common_prefix = "bytebasket.";
constexpr const char* epoch_setting = "min.compaction.lag.ms";
/// Record, headers and the batch around them.
constexpr std::size_t message_overhead = 1 << 20;

std::string renamed(const KafkaLogOptions& options, std::string_view name) {
  if (name.starts_with(common_prefix)) name.remove_prefix(common_prefix.size());
  return options.prefix + std::string(name);
}

NewTopic wanted_topic(const KafkaLogOptions& options, Stream stream) {
  const bool activity = stream == Stream::user_activity;
  const bool forever = options.topic_retention == Milliseconds::max();
  NewTopic topic{
      .name = topic_name(options, stream),
      .partitions = activity ? options.user_activity_partitions : 1,
      .replication = options.replication,
      .settings = {
          {"cleanup.policy", "delete"},
          {"compression.type", "producer"},
          // Age is counted from the log's own clock, never from what a producer says.
          {"message.timestamp.type", "LogAppendTime"},
          {"max.message.bytes", std::to_string(options.max_record_bytes + message_overhead)},
          {"min.insync.replicas", std::to_string(options.min_insync_replicas)},
          {"retention.bytes", "-1"},
          {"retention.ms", forever ? "-1" : std::to_string(options.topic_retention.count())}}};
  return topic;
}

/// Seconds since 2020: a later life of a topic has a larger epoch.
std::string new_epoch() {
  constexpr std::int64_t start = 1'577'836'800;
  return std::to_string(to_ms(SystemClock().now()) / 1000 - start);
}

TopicChange refusal(const NewTopic& wanted, std::string what) {
  return {TopicChange::Kind::refuse, wanted.name, std::move(what), wanted};
}

/// The settings that differ, as people read them.
std::string differences(const NewTopic& wanted, const TopicDescription& found) {
  std::string text;
  for (const auto& [name, value] : wanted.settings) {
    const auto is = found.settings.find(name);
    if (is != found.settings.end() && is->second == value) continue;
    if (!text.empty()) text += ", ";
    text.append(name).append(" = ").append(value);
    if (is != found.settings.end()) text.append(" (was ").append(is->second).append(")");
  }
  return text;
}

void compare(NewTopic wanted, const TopicDescription& found, std::vector<TopicChange>& changes) {
  if (found.partitions != wanted.partitions) {
    changes.push_back(refusal(
        wanted, "has " + std::to_string(found.partitions) + " partitions, " +
                    std::to_string(wanted.partitions) +
                    " are configured: partitions are fixed for an epoch of a log, so keep " +
                    std::to_string(found.partitions) +
                    " or start with another kafka.topic_prefix"));
  }
  if (found.replication != wanted.replication) {
    changes.push_back(refusal(wanted, "has " + std::to_string(found.replication) + " replicas, " +
                                          std::to_string(wanted.replication) +
                                          " are configured: move its partitions with "
                                          "kafka-reassign-partitions"));
  }
  std::string different = differences(wanted, found);
  if (!epoch_of(found)) {
    wanted.settings[epoch_setting] = new_epoch();
    different += (different.empty() ? "" : ", ") + std::string("a new epoch");
  }
  if (different.empty()) return;
  for (const auto& [name, value] : found.settings) wanted.settings.try_emplace(name, value);
  changes.push_back({TopicChange::Kind::set, wanted.name, std::move(different), wanted});
}

}  // namespace

std::string topic_name(const KafkaLogOptions& options, Stream stream) {
  return renamed(options, topic_of(stream));
}

std::string group_name(const KafkaLogOptions& options, std::string_view group) {
  return renamed(options, group);
}

std::optional<Epoch> epoch_of(const TopicDescription& topic) {
  const auto found = topic.settings.find(epoch_setting);
  if (found == topic.settings.end()) return std::nullopt;
  std::int32_t epoch = 0;
  const char* end = found->second.data() + found->second.size();
  const auto [rest, error] = std::from_chars(found->second.data(), end, epoch);
  if (error != std::errc() || rest != end || epoch <= 0) return std::nullopt;
  return Epoch(epoch);
}

Result<std::vector<TopicChange>> plan_topics(Admin& admin, const KafkaLogOptions& options) {
  std::vector<TopicChange> changes;
  for (std::size_t i = 0; i < stream_count; ++i) {
    NewTopic wanted = wanted_topic(options, static_cast<Stream>(i));
    BB_ASSIGN_OR_RETURN(const auto found, admin.describe(wanted.name));
    if (found) {
      compare(std::move(wanted), *found, changes);
    } else {
      changes.push_back({TopicChange::Kind::create, wanted.name,
                         "create with " + std::to_string(wanted.partitions) + " partitions, " +
                             std::to_string(wanted.replication) + " replicas",
                         wanted});
    }
  }
  return changes;
}

Status apply_change(Admin& admin, const TopicChange& change) {
  switch (change.kind) {
    case TopicChange::Kind::create: {
      NewTopic topic = change.wanted;
      topic.settings[epoch_setting] = new_epoch();
      return admin.create_topic(topic);
    }
    case TopicChange::Kind::set:
      return admin.set_settings(change.topic, change.wanted.settings);
    case TopicChange::Kind::refuse:
      break;
  }
  return fail(ErrorCode::conflict, "topic " + change.topic + " " + change.what);
}

}  // namespace kafka
}  // namespace bytebasket::streams
