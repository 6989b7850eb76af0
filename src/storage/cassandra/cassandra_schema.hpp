// The keyspace and its tables: what has to be done so that they are as schema/tables.toml declares.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "storage/cassandra/cassandra_options.hpp"

namespace bytebasket::storage {

class CqlSession;

/// A step from what stands in Cassandra to what is declared.
struct SchemaChange {
  std::string title;
  std::vector<std::string> statements;  ///< CQL
};

/// What apply_schema would do; nothing where all is as declared. `conflict`: the keyspace is of a
/// newer ByteBasket, or a migration was applied in another form.
Result<std::vector<SchemaChange>> plan_schema(const CassandraOptions& options);

/// Does what the plan says, step by step, and says each that is done. Every step can be done again:
/// after a failure, or while another does the same, nothing is harmed.
Status apply_schema(const CassandraOptions& options,
                    const std::function<void(const SchemaChange&)>& done);

/// Ok where there is nothing to apply; else `not_found`, with what to do.
Status check_schema(CqlSession& session, const CassandraOptions& options);

/// A keyspace is named by a small letter and then small letters, digits and underscores, 48 in all.
Status check_keyspace_name(std::string_view name);

}  // namespace bytebasket::storage
