#include "app/configuration/kafka_properties.hpp"

#include <fstream>
#include <iterator>

#include "app/configuration/configuration_document.hpp"

namespace bytebasket::app {
namespace {

using Kind = DocumentNode::Kind;

void take_section(const DocumentNode& section, std::map<std::string, std::string>& properties,
                  std::string& wrong) {
  const auto note = [&](const DocumentNode& node, const std::string& text) {
    wrong += (wrong.empty() ? "" : "\n") + node.where + ": " + text;
  };
  if (section.kind == Kind::nothing) return;
  if (section.kind != Kind::map)
    return note(section, "expected properties, such as `linger.ms: 5`");
  for (const auto& [name, node] : section.entries) {
    if (node.kind != Kind::text) {
      note(node, name + ": expected one value");
    } else if (!properties.emplace(name, node.text).second) {
      note(node, name + " is given twice");
    }
  }
}

}  // namespace

Result<KafkaProperties> read_kafka_properties(const std::string& file) {
  KafkaProperties properties;
  if (file.empty()) return properties;
  std::ifstream stream(file);
  if (!stream) {
    return fail(ErrorCode::invalid_argument,
                file +
                    ": cannot be read: kafka.file is the path of a YAML file, from the folder "
                    "that the program is started in");
  }
  const std::string text{std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
  BB_ASSIGN_OR_RETURN(const DocumentNode document, read_document(text, file, true));
  std::string wrong;
  for (const auto& [name, node] : document.entries) {
    if (name == "common") {
      take_section(node, properties.common, wrong);
    } else if (name == "producer") {
      take_section(node, properties.producer, wrong);
    } else if (name == "consumer") {
      take_section(node, properties.consumer, wrong);
    } else {
      wrong += (wrong.empty() ? "" : "\n") + node.where + ": unknown section '" + name +
               "': there are common, producer and consumer";
    }
  }
  if (!wrong.empty()) return fail(ErrorCode::invalid_argument, std::move(wrong));
  return properties;
}

}  // namespace bytebasket::app
