// Many rows at once, in the order of their keys.
#pragma once

#include <functional>
#include <optional>
#include <string_view>

#include "base/position.hpp"
#include "base/time.hpp"
#include "schema/tables.hpp"

namespace bytebasket::storage {

/// A row without memory of its own.
struct RowView {
  schema::TableId table{};
  std::string_view partition;
  std::string_view clustering;
  std::string_view value;  ///< empty: the row is emptied
  Position position;
  std::optional<Timestamp> expires_at;

  [[nodiscard]] bool expired(Timestamp now) const { return expires_at && *expires_at <= now; }
};

/// One row after the other in the order of table, partition and clustering key, each once; each is
/// valid until the next is asked for. nullopt: there is none left.
using NextRow = std::function<std::optional<RowView>()>;

}  // namespace bytebasket::storage
