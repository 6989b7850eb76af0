
#include <fmt/format.h>

#include "app/doctor/doctor.hpp"
#include "app/doctor/reach.hpp"
#include "app/engines/cassandra_settings.hpp"
#include "app/engines/kafka_engine.hpp"
#ifdef BYTEBASKET_KAFKA
#include "streams/kafka/broker_version.hpp"
#endif
#if BYTEBASKET_CASSANDRA
#include "storage/cassandra/cassandra_node.hpp"
#include "storage/cassandra/cassandra_schema.hpp"
#endif

namespace bytebasket::app {
namespace {

constexpr Milliseconds patience{5'000};

/// One finding for each address. Nothing is asked of a server that nobody can reach.
bool look_at_addresses(const std::string& server, const std::vector<std::string>& addresses,
                       Findings& findings) {
  bool one_answers = false;
  for (const std::string& address : addresses) {
    const Status reached = reach(address, patience);
    one_answers |= reached.has_value();
    findings.push_back(
        {server, reached.has_value(), reached ? address + " answers" : reached.error().message});
  }
  return one_answers;
}

/// By the first broker that tells it. One that wants TLS first does not.
void look_at_kafka_version(const std::vector<std::string>& brokers, Findings& findings) {
#ifdef BYTEBASKET_KAFKA
  namespace kafka = streams::kafka;
  for (const std::string& broker : brokers) {
    const auto answer =
        exchange_frames(broker, kafka::api_versions_request(BYTEBASKET_VERSION), patience);
    if (!answer) continue;
    const auto level = kafka::read_metadata_level(*answer);
    if (!level || !*level) continue;
    findings.push_back({"Kafka's version", true,
                        fmt::format("{} (metadata.version {})",
                                    kafka::release_of_metadata_level(**level), **level)});
    return;
  }
#else
  static_cast<void>(brokers);
  static_cast<void>(findings);
#endif
}

void look_at_kafka(const schema::Settings& settings, Findings& findings) {
  if (settings.streams.engine != "kafka") return;
  if (const Status checked = check_kafka(settings); !checked) {
    findings.push_back({"Kafka", false, checked.error().message});
    return;
  }
  if (!look_at_addresses("Kafka", settings.kafka.brokers, findings)) return;
  look_at_kafka_version(settings.kafka.brokers, findings);
  const auto steps = plan_topics(settings);
  if (!steps) {
    findings.push_back({"Kafka's topics", false, steps.error().message});
    return;
  }
  for (const TopicStep& step : *steps) {
    findings.push_back({"Kafka's topics", false,
                        fmt::format("{}: {}{}", step.topic, step.what,
                                    step.possible ? "; `bytebasket topics apply` does it" : "")});
  }
  if (steps->empty()) findings.push_back({"Kafka's topics", true, "are as configured"});
}

Result<std::string> missing_tables(const schema::Settings& settings) {
#if BYTEBASKET_CASSANDRA
  BB_ASSIGN_OR_RETURN(const auto options, cassandra_options(settings.cassandra));
  BB_ASSIGN_OR_RETURN(const auto changes, storage::plan_schema(options));
  return changes.empty() ? std::string() : changes.front().title;
#else
  static_cast<void>(settings);
  return fail(without_cassandra());
#endif
}

/// The node that answers first: its version, and its clock.
void look_at_node(const schema::Settings& settings, Findings& findings) {
#if BYTEBASKET_CASSANDRA
  const auto options = cassandra_options(settings.cassandra);
  if (!options) return;
  const auto node = storage::ask_node(*options);
  // Why it does not answer is said where the tables are looked at.
  if (!node) return;
  findings.push_back({"Cassandra's version", true, "Cassandra " + node->version});
  findings.push_back(judge_clock("Cassandra's clock", node->now, SystemClock().now()));
#else
  static_cast<void>(settings);
  static_cast<void>(findings);
#endif
}

void look_at_cassandra(const schema::Settings& settings, Findings& findings) {
  if (settings.storage.engine != "cassandra") return;
  if (!look_at_addresses("Cassandra", settings.cassandra.contact_points, findings)) return;
  look_at_node(settings, findings);
  const auto missing = missing_tables(settings);
  const std::string keyspace = "keyspace " + settings.cassandra.keyspace;
  if (!missing) {
    findings.push_back({"Cassandra's tables", false, missing.error().message});
  } else if (missing->empty()) {
    findings.push_back({"Cassandra's tables", true, keyspace + " is as declared"});
  } else {
    findings.push_back({"Cassandra's tables", false,
                        fmt::format("{} is not as declared; `bytebasket schema apply` makes: {}",
                                    keyspace, *missing)});
  }
}

}  // namespace

Findings look_at_servers(const schema::Settings& settings) {
  Findings findings;
  look_at_kafka(settings, findings);
  look_at_cassandra(settings, findings);
  look_at_hdfs(settings, findings);
  return findings;
}

}  // namespace bytebasket::app
