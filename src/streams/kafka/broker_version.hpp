// Which Kafka a broker is, as it says before anybody logs in: the answer to ApiVersions has the
// metadata version that the cluster has agreed on. librdkafka asks the same, and tells nobody.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace bytebasket::streams::kafka {

/// The frame that asks, without its length, by a client of ours of that version.
std::string api_versions_request(std::string_view client_version);

/// The level of `metadata.version` in the frame that is answered; nullopt where it names none (a
/// cluster without KRaft), `corrupt` where the bytes are no such answer.
Result<std::optional<std::int16_t>> read_metadata_level(std::string_view frame);

/// `Kafka 4.1` for the level that came with it. A release without a level of its own has that of
/// the one before it, and a cluster that was upgraded keeps its level until it is raised.
std::string release_of_metadata_level(std::int16_t level);

}  // namespace bytebasket::streams::kafka
