// The topics of the streams: how they should be, how they are, and what makes them so.
#pragma once

#include <string>
#include <vector>

#include "base/position.hpp"
#include "base/result.hpp"
#include "streams/kafka/admin.hpp"
#include "streams/kafka/options.hpp"

namespace bytebasket::streams::kafka {

/// One thing to do to a topic, and how people say it.
struct TopicChange {
  enum class Kind : std::uint8_t {
    create,
    set,     ///< settings
    refuse,  ///< cannot be done to a topic that has records: `what` says why and what to do
  };
  Kind kind = Kind::create;
  std::string topic;
  std::string what;
  NewTopic wanted;  ///< with all settings that it should have
};

/// What would make the topics as the options want them; empty when they are so. Settings that the
/// options do not speak of are left as they are.
Result<std::vector<TopicChange>> plan_topics(Admin& admin, const KafkaLogOptions& options);

/// Does one change. A new topic gets a new epoch.
Status apply_change(Admin& admin, const TopicChange& change);

/// The epoch of a topic. Debian's librdkafka cannot tell a topic's UUID, so a topic carries its
/// epoch in a setting that is made and lost with it and has no effect on topics that are not
/// compacted: `min.compaction.lag.ms`. nullopt where somebody else made the topic.
std::optional<Epoch> epoch_of(const TopicDescription& topic);

}  // namespace bytebasket::streams::kafka
