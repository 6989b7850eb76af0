#include "app/engines/kafka_engine.hpp"

#include <filesystem>
#include <functional>
#include <utility>

#include "app/configuration/kafka_properties.hpp"
#include "app/configuration/roles.hpp"

#ifdef BYTEBASKET_KAFKA
#include "processors/partition_runner.hpp"
#include "streams/embedded/embedded_log.hpp"
#include "streams/kafka/admin.hpp"
#include "streams/kafka/group_assignment.hpp"
#include "streams/kafka/kafka_log.hpp"
#include "streams/kafka/topics.hpp"
#include "streams/spooled_log.hpp"
#endif

namespace bytebasket::app {

#ifdef BYTEBASKET_KAFKA

namespace {

using streams::KafkaLogOptions;
namespace kafka = streams::kafka;

Result<KafkaLogOptions> options_of(const schema::Settings& settings) {
  BB_ASSIGN_OR_RETURN(KafkaProperties given, read_kafka_properties(settings.kafka.file));
  KafkaLogOptions options;
  options.properties = {std::move(given.common), std::move(given.producer),
                        std::move(given.consumer)};
  std::string brokers;
  for (const std::string& broker : settings.kafka.brokers)
    brokers += (brokers.empty() ? "" : ",") + broker;
  if (!brokers.empty()) options.properties.common["bootstrap.servers"] = brokers;
  options.prefix = settings.kafka.topic_prefix;
  options.user_activity_partitions =
      static_cast<std::int32_t>(settings.streams.user_activity_partitions);
  options.replication = static_cast<std::int32_t>(settings.kafka.replication);
  options.min_insync_replicas = static_cast<std::int32_t>(settings.kafka.min_insync_replicas);
  options.topic_retention = settings.kafka.topic_retention;
  options.create_topics = settings.kafka.create_topics;
  options.max_queued_records = static_cast<std::size_t>(settings.streams.queue_records);
  options.max_queued_bytes = settings.streams.queue_bytes;
  options.patience = settings.kafka.timeout;
  // The file may say it in the library's words.
  const std::int64_t session = settings.kafka.session_timeout.count();
  options.properties.consumer.try_emplace("session.timeout.ms", std::to_string(session));
  options.properties.consumer.try_emplace("heartbeat.interval.ms", std::to_string(session / 3));
  return options;
}

Result<std::unique_ptr<streams::EventLog>> with_spool(std::unique_ptr<streams::EventLog> log,
                                                      const schema::Settings& settings,
                                                      Counters& counters) {
  BB_ASSIGN_OR_RETURN(
      auto spool,
      streams::EmbeddedLog::open(
          {.folder = std::filesystem::path(settings.data.dir) / "spool",
           .user_activity_partitions =
               static_cast<std::int32_t>(settings.streams.user_activity_partitions),
           .max_queued_records = static_cast<std::size_t>(settings.streams.queue_records),
           .max_queued_bytes = settings.streams.queue_bytes}));
  BB_ASSIGN_OR_RETURN(auto spooled,
                      streams::SpooledLog::open(std::move(log), std::move(spool),
                                                {.max_bytes = settings.kafka.spool_bytes,
                                                 .max_waiting_bytes = settings.streams.queue_bytes},
                                                counters.log));
  return spooled;
}

/// Plans the topics' changes, and hands those that are possible to `act`.
Result<std::vector<TopicStep>> take_steps(
    const schema::Settings& settings,
    const std::function<Status(kafka::Admin&, const kafka::TopicChange&)>& act) {
  BB_ASSIGN_OR_RETURN(const KafkaLogOptions options, options_of(settings));
  BB_ASSIGN_OR_RETURN(const auto admin, kafka::Admin::open(options.properties, options.patience));
  BB_ASSIGN_OR_RETURN(const auto changes, kafka::plan_topics(*admin, options));
  std::vector<TopicStep> steps;
  for (const kafka::TopicChange& change : changes) {
    const bool possible = change.kind != kafka::TopicChange::Kind::refuse;
    steps.push_back({change.topic, change.what, possible});
    if (possible) BB_RETURN_IF_ERROR(act(*admin, change));
  }
  return steps;
}

}  // namespace

Status check_kafka(const schema::Settings& settings) {
  if (settings.streams.engine != "kafka") return ok();
  BB_ASSIGN_OR_RETURN(const KafkaLogOptions options, options_of(settings));
  if (!options.properties.common.contains("bootstrap.servers")) {
    return fail(ErrorCode::invalid_argument,
                "kafka.brokers: streams.engine is kafka, so it must be given: where brokers are");
  }
  auto checked = kafka::check_properties(options.properties);
  const std::string file = settings.kafka.file.empty() ? "kafka" : settings.kafka.file;
  if (!checked) return fail(checked.error().within(file));
  return ok();
}

Result<std::unique_ptr<streams::EventLog>> open_kafka(const schema::Settings& settings,
                                                      Counters& counters) {
  BB_RETURN_IF_ERROR(check_kafka(settings));
  BB_ASSIGN_OR_RETURN(KafkaLogOptions options, options_of(settings));
  const bool spooled = settings.kafka.spool_bytes > 0 && roles_of(settings).collect;
  if (spooled) options.seen_file = std::filesystem::path(settings.data.dir) / "spool.topics";
  BB_ASSIGN_OR_RETURN(std::unique_ptr<streams::EventLog> log,
                      streams::KafkaLog::open(std::move(options)));
  if (!spooled) return log;
  return with_spool(std::move(log), settings, counters);
}

Result<std::unique_ptr<streams::Assignment>> join_kafka_group(const schema::Settings& settings,
                                                              std::string_view group) {
  BB_ASSIGN_OR_RETURN(KafkaLogOptions options, options_of(settings));
  BB_ASSIGN_OR_RETURN(auto member,
                      streams::GroupAssignment::join(
                          std::move(options), std::string(group),
                          {streams::Stream::user_activity, streams::Stream::transactions}));
  return member;
}

Result<std::vector<TopicStep>> plan_topics(const schema::Settings& settings) {
  return take_steps(settings, [](kafka::Admin&, const kafka::TopicChange&) { return ok(); });
}

Result<std::vector<TopicStep>> apply_topics(const schema::Settings& settings) {
  return take_steps(settings, kafka::apply_change);
}

#else

namespace {

tl::unexpected<Error> not_built() {
  return fail(ErrorCode::invalid_argument,
              "streams.engine: kafka is not in this program: build it with -D BYTEBASKET_KAFKA=ON "
              "(it needs librdkafka-dev), or use embedded");
}

}  // namespace

Status check_kafka(const schema::Settings& settings) {
  if (settings.streams.engine != "kafka") return ok();
  return not_built();
}

Result<std::unique_ptr<streams::EventLog>> open_kafka(const schema::Settings&, Counters&) {
  return not_built();
}

Result<std::unique_ptr<streams::Assignment>> join_kafka_group(const schema::Settings&,
                                                              std::string_view /*group*/) {
  return not_built();
}

Result<std::vector<TopicStep>> plan_topics(const schema::Settings&) { return not_built(); }

Result<std::vector<TopicStep>> apply_topics(const schema::Settings&) { return not_built(); }

#endif

}  // namespace bytebasket::app
