// From the encoded keys of schema/tables.hpp to the typed columns of a Cassandra table, and back.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "schema/tables.hpp"
#include "storage/cassandra/cql_cells.hpp"

namespace bytebasket::storage {

/// The cells of a key's first columns, as many as it has. nullopt where the bytes are no such
/// columns, or a text is no UTF-8: Cassandra could not hold it.
std::optional<std::vector<std::string>> key_cells(std::span<const schema::Column> columns,
                                                  std::string_view key);

/// Appends the cells of a whole key. False, with `cells` unchanged, where there is no such key.
bool append_key_cells(std::string& cells, std::span<const schema::Column> columns,
                      std::string_view key);

/// True where Cassandra can hold the partition: it takes no empty key.
bool is_partition(std::span<const schema::Column> columns, std::string_view key);

/// Takes a key's columns off `cells` and gives their encoding.
std::string take_key(std::span<const schema::Column> columns, CellReader& cells);

}  // namespace bytebasket::storage
