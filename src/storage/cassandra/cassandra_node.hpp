// What a node of Cassandra says of itself.
#pragma once

#include <string>

#include "base/result.hpp"
#include "base/time.hpp"
#include "storage/cassandra/cassandra_options.hpp"

namespace bytebasket::storage {

struct CassandraNode {
  std::string version;  ///< `5.0.9`
  Timestamp now;        ///< by its clock
};

/// Asks whichever node answers first.
Result<CassandraNode> ask_node(const CassandraOptions& options);

}  // namespace bytebasket::storage
