// How a row is stored: one key, one value that carries its position and its expiry.
//
//   key    table u8 | partition key | clustering key, as schema/tables.hpp encodes them: every part
//   says itself where it
//          ends, so no two rows share a key and the rows of a partition stand together in
//          clustering order
//   value  epoch varint | offset varint | expiry ms + 1 varint, 0 for none | the row's bytes
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "storage/table_store.hpp"

namespace bytebasket::storage {

std::string row_key(TableId table, std::string_view partition, std::string_view clustering);
void append_row_key(std::string& out, TableId table, std::string_view partition,
                    std::string_view clustering);

/// The key after all keys that start with `prefix`.
std::string end_of_prefix(std::string prefix);

/// A stored value taken apart; the view points into it.
struct RowValue {
  Position position;
  std::optional<Timestamp> expires_at;
  std::string_view bytes;

  /// A row that is emptied ("deleted") or expired is not shown.
  [[nodiscard]] bool is_shown(Timestamp now) const {
    return !bytes.empty() && (!expires_at || *expires_at > now);
  }
};

/// What stands before the row's bytes.
std::string encode_row_head(Position position, std::optional<Timestamp> expires_at);
/// nullopt where the bytes are no stored value.
std::optional<RowValue> decode_row(std::string_view stored);

}  // namespace bytebasket::storage
