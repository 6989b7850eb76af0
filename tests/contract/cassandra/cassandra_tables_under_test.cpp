// The contract of the tables over a real Cassandra: one keyspace for the whole program, emptied
// before each test, for making tables takes seconds.
#include <array>
#include <cstdlib>

#include "contract/table_store_contract.hpp"
#include "storage/cassandra/cassandra_schema.hpp"
#include "storage/cassandra/cassandra_tables.hpp"
#include "storage/cassandra/cql_session.hpp"
#include "support/test_server.hpp"

namespace bytebasket::storage {
namespace {

CassandraOptions options() {
  CassandraOptions options;
  options.contact_points = {testing::test_server("BYTEBASKET_TEST_CASSANDRA")};
  options.keyspace = "contract";
  return options;
}

/// The keyspace, and a connection that empties its tables.
class Keyspace {
 public:
  /// Made by the first test.
  static Keyspace& instance() {
    static Keyspace keyspace;
    return keyspace;
  }

  void empty_tables() {
    ASSERT_NE(session_, nullptr);
    for (const TableId table : used_tables) {
      const auto emptied = session_->query_now(
          "TRUNCATE contract." + std::string(schema::declaration_of(table).name),
          {.consistency = static_cast<std::uint16_t>(Consistency::all), .prepared = false});
      EXPECT_TRUE(emptied) << (emptied ? "" : emptied.error().message);
    }
  }

 private:
  Keyspace() {
    const auto applied = apply_schema(options(), [](const SchemaChange&) {});
    EXPECT_TRUE(applied) << (applied ? "" : applied.error().message);
    auto session = CqlSession::open(options());
    EXPECT_TRUE(session) << (session ? "" : session.error().message);
    if (session) session_ = std::move(*session);
  }

  /// Those that the contract writes to.
  static constexpr std::array used_tables{TableId::decisions,     TableId::orders,
                                          TableId::velocity,      TableId::transactions_by_time,
                                          TableId::flush_intents, TableId::visitors};
  std::unique_ptr<CqlSession> session_;
};

class CassandraTablesUnderTest final : public StoreUnderTest {
 public:
  CassandraTablesUnderTest() { Keyspace::instance().empty_tables(); }

  std::unique_ptr<TableStore> open() override {
    auto tables = CassandraTables::open(options());
    EXPECT_TRUE(tables) << (tables ? "" : tables.error().message);
    return tables ? std::move(*tables) : nullptr;
  }
};

const StoreEngine cassandra{"cassandra",
                            [] { return std::make_unique<CassandraTablesUnderTest>(); }};

INSTANTIATE_TEST_SUITE_P(Cassandra, TableStoreContract, ::testing::Values(cassandra));
INSTANTIATE_TEST_SUITE_P(Cassandra, TableStoreScan, ::testing::Values(cassandra));
INSTANTIATE_TEST_SUITE_P(Cassandra, TableStoreEnumeration, ::testing::Values(cassandra));

}  // namespace
}  // namespace bytebasket::storage
