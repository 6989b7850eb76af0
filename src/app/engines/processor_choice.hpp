// Which processor works on which stream, by the settings: the same for the pipeline, for `verify`
// and for `rebuild`.
#pragma once

#include <functional>
#include <memory>

#include "processors/processor.hpp"
#include "processors/transactions.hpp"
#include "schema/settings.hpp"
#include "streams/event_log.hpp"

namespace bytebasket::app {

/// `settings` must outlive it. `on_decision` may be empty.
std::function<std::unique_ptr<processors::Processor>(streams::TopicPartition)> processor_choice(
    const schema::Settings& settings,
    std::function<void(const processors::DecisionAnswer&)> on_decision);

/// The partitions of both streams that are processed.
std::vector<streams::TopicPartition> processed_partitions(const streams::EventLog& log);

}  // namespace bytebasket::app
