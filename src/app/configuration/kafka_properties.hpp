// config/kafka.yml: librdkafka's own properties.
#pragma once

#include <map>
#include <string>

#include "base/result.hpp"

namespace bytebasket::app {

struct KafkaProperties {
  std::map<std::string, std::string> common;
  std::map<std::string, std::string> producer;
  std::map<std::string, std::string> consumer;
};

/// Reads the sections `common`, `producer` and `consumer` of the file. `invalid_argument` has a
/// line for each mistake.
Result<KafkaProperties> read_kafka_properties(const std::string& file);

}  // namespace bytebasket::app
