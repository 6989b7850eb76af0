// Where the rows of a declared metric come from: which facts, what of them, by which dimensions and
// in which grains.
#pragma once

#include "documents/reader.hpp"
#include "metrics/definition.hpp"
#include "metrics/grain.hpp"

namespace bytebasket::metrics {

/// Reads the sources of one metric (`from`, `where`, `value`, `dimensions`, `grains`, `bounds`,
/// `breakdowns`) into its definition, whose aggregate, unit and times are known already.
class SourceReader {
 public:
  SourceReader(documents::Reader& yaml, MetricDefinition& definition)
      : yaml_(yaml), definition_(definition) {}

  void read(const YAML::Node& node);

 private:
  MetricSource read_source(const YAML::Node& node, GrainSet grains);
  void read_sets(const YAML::Node& list, GrainSet grains, MetricSource& source);
  void read_dimension(const YAML::Node& node, FactKind from, DimensionSet& set);
  [[nodiscard]] DimensionSet with_currency(DimensionSet set) const;
  void check_sets(const YAML::Node& node, const MetricSource& source);
  GrainSet read_grains(const YAML::Node& node);
  void read_bounds(const YAML::Node& node);

  documents::Reader& yaml_;
  MetricDefinition& definition_;
};

}  // namespace bytebasket::metrics
