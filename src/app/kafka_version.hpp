// Which Kafka a broker is, as it says before anybody logs in: the answer to ApiVersions has the
// metadata version that the cluster has agreed on.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "base/time.hpp"

namespace bytebasket::app {

/// The frame that asks, without its length.
std::string api_versions_request();

/// The level of `metadata.version` in the frame that is answered; nullopt where it names none (a
/// cluster without KRaft), `corrupt` where the bytes are no such answer.
Result<std::optional<std::int16_t>> read_metadata_level(std::string_view frame);

/// `Kafka 4.1` for the level that came with it. A release without a level of its own has that of
/// the one before it, and a cluster that was upgraded keeps its level until it is raised.
std::string release_of_metadata_level(std::int16_t level);

/// Asks the broker at `HOST:PORT`. An error where it wants TLS first, or does not answer.
Result<std::optional<std::int16_t>> ask_metadata_level(const std::string& address,
                                                       Milliseconds patience);

}  // namespace bytebasket::app
