// Documents of definitions (metrics.yml, fraud.yml) that act from a position of the log on.
//
// A new version is activated by a control record in every partition, so a replay computes what the
// first run computed.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/position.hpp"
#include "base/result.hpp"
#include "storage/table_store.hpp"
#include "streams/event_log.hpp"

namespace bytebasket::processors {

/// A document of definitions and its identity.
struct DefinitionDocument {
  std::string kind;  ///< "metrics" or "fraud"
  std::string text;  ///< YAML
  std::string hash;  ///< hash64 of the text, in hexadecimal

  static DefinitionDocument of(std::string kind, std::string text);
};

/// The control record's value: `{"kind":…,"hash":…,"document":…}`.
std::string to_control_record(const DefinitionDocument& document);
Result<DefinitionDocument> from_control_record(std::string_view json);
/// The record that makes a document act in a partition, from its place on.
streams::NewRecord control_record(const DefinitionDocument& document,
                                  streams::TopicPartition where);

/// Makes the documents act in every partition of the two streams that holds nothing yet: what is
/// collected before anything processes it counts too.
Status announce_in_new_partitions(streams::EventLog& log,
                                  const std::vector<DefinitionDocument>& documents);

/// The row of table `definitions` that keeps a document and since when it acts in a source
/// partition.
storage::Mutation definition_row(const DefinitionDocument& document, std::int32_t source,
                                 Position since);
/// What such a row says.
struct StoredDefinition {
  DefinitionDocument document;
  Position since;
};
Result<StoredDefinition> read_definition(std::string_view kind, std::string_view row);
Result<DefinitionDocument> load_definition(storage::TableStore& tables, std::string_view kind,
                                           std::string_view hash, std::int32_t source);

}  // namespace bytebasket::processors
