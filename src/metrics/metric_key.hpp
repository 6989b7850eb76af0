// Where the rows of a metric stand.
#pragma once

#include <cstdint>
#include <string>

#include "metrics/definition.hpp"
#include "metrics/dimensions.hpp"
#include "metrics/grain.hpp"
#include "schema/tables.hpp"

namespace bytebasket::metrics {

/// The key of rows of one table partition; window, values and source are left to be filled in.
inline schema::MetricsKey metric_key(const MetricDefinition& definition, Grain grain,
                                     DimensionSet dimensions, std::int64_t bucket) {
  schema::MetricsKey key;
  key.metric = definition.name;
  key.definition = definition.hash;
  key.grain = name_of(grain);
  key.dimensions = to_string(dimensions);
  key.bucket = bucket;
  return key;
}

}  // namespace bytebasket::metrics
