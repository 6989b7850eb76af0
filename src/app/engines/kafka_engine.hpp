// The event log over Apache Kafka, from the settings. In a program that was built without it every
// call says so.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/counters.hpp"
#include "base/result.hpp"
#include "schema/settings.hpp"
#include "streams/assignment.hpp"
#include "streams/event_log.hpp"

namespace bytebasket::app {

/// Whether streams.engine is kafka and all that is said about it can be: one line for each mistake.
Status check_kafka(const schema::Settings& settings);

/// Opens the topics; where this process collects, with a spool in data.dir before them.
Result<std::unique_ptr<streams::EventLog>> open_kafka(const schema::Settings& settings,
                                                      Counters& counters);

/// Joins the consumer group: of processing, or of archiving.
Result<std::unique_ptr<streams::Assignment>> join_kafka_group(const schema::Settings& settings,
                                                              std::string_view group);

/// What a topic needs, for people.
struct TopicStep {
  std::string topic;
  std::string what;
  bool possible = true;  ///< false: `what` says what stands against it and what to do
};

/// What would make the topics as the settings want them; nothing is changed.
Result<std::vector<TopicStep>> plan_topics(const schema::Settings& settings);
/// Does what is possible, and gives all that was planned.
Result<std::vector<TopicStep>> apply_topics(const schema::Settings& settings);

}  // namespace bytebasket::app
