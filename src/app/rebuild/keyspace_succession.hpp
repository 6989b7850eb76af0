// Tables in Cassandra that take the present ones' place: a keyspace of their own, which a row in
// the configured keyspace names for all processes (keyspace_generations.hpp).
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "app/rebuild/table_succession.hpp"
#include "base/result.hpp"
#include "schema/settings.hpp"

namespace bytebasket::app {

/// Names the new keyspace as the next one; the KeyspaceFollower of every process does the rest.
std::unique_ptr<TableSuccession> keyspace_succession(Engines& engines,
                                                     const schema::Settings& settings);

/// Makes a keyspace with all tables, or what is missing of it.
Status make_keyspace(const schema::Settings& settings, const std::string& keyspace);

/// The configured keyspace, which has all tables, and those that rebuilds put in its place.
Result<std::vector<std::string>> keyspaces_in_use(const schema::Settings& settings);

/// Whether nothing was ever processed into the tables.
Result<bool> is_empty(storage::TableStore& tables);

}  // namespace bytebasket::app
