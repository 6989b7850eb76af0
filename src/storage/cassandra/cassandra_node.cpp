#include "storage/cassandra/cassandra_node.hpp"

#include "storage/cassandra/cql_session.hpp"

namespace bytebasket::storage {

Result<CassandraNode> ask_node(const CassandraOptions& options) {
  BB_ASSIGN_OR_RETURN(const auto session, CqlSession::open(options));
  BB_ASSIGN_OR_RETURN(
      const auto rows,
      session->query_now(
          "SELECT release_version, toTimestamp(now()) FROM system.local",
          {.consistency = static_cast<std::uint16_t>(Consistency::one), .prepared = false}));
  if (rows.rows != 1) return fail(ErrorCode::unavailable, "Cassandra says nothing of itself");
  CellReader cells = rows.reader();
  CassandraNode node;
  node.version = std::string(cells.take().value_or("of unknown version"));
  node.now = timestamp_from_ms(cells.take_integer());
  return node;
}

}  // namespace bytebasket::storage
