// Keys taken apart by the declaration of their table, for those who know a table only by its
// number.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "storage/table_store.hpp"

namespace bytebasket::storage {

/// The two halves of a key that stand one after the other; views into it.
struct KeyParts {
  std::string_view partition;
  std::string_view clustering;
};

/// Where the partition key of `key` (partition key | clustering key) ends; nullopt where the bytes
/// are no key of the table.
std::optional<KeyParts> split_key(TableId table, std::string_view key);

/// A column of a key as people read it: a timestamp as RFC 3339, a number in decimals.
struct KeyColumn {
  std::string_view name;
  std::string value;
  bool operator==(const KeyColumn&) const = default;
};

/// The columns of a row's key in order of their declaration; nullopt where the bytes are no key of
/// the table.
std::optional<std::vector<KeyColumn>> key_columns(const RowKey& key);

}  // namespace bytebasket::storage
