// The documents of definitions that the configuration names, read and checked.
#pragma once

#include <string>
#include <vector>

#include "base/result.hpp"
#include "metrics/definition.hpp"
#include "processors/definitions.hpp"
#include "schema/settings.hpp"

namespace bytebasket::app {

struct Documents {
  std::vector<processors::DefinitionDocument> all;  ///< metrics, fraud
  metrics::MetricCatalogue metrics;
};

metrics::GrainRetention grain_retention(const schema::Settings& settings);

/// Reads metrics.file and fraud.file (or the built-in documents). The error has every mistake of
/// both on a line of its own, as `file:line: …`.
Result<Documents> read_documents(const schema::Settings& settings);

}  // namespace bytebasket::app
