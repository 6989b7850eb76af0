// The columns of a row that are not its key: value, epoch, offset.
#pragma once

#include <optional>
#include <string>

#include "base/position.hpp"
#include "storage/cassandra/cql_cells.hpp"

namespace bytebasket::storage {

struct RowContents {
  std::string value;  ///< empty: the row is emptied
  Position position;  ///< none in rows of compare_and_set
};

/// Takes them off `cells`; nullopt for a row of nothing, which expired before it was written.
inline std::optional<RowContents> take_row(CellReader& cells) {
  const auto value = cells.take();
  const auto epoch = cells.take();
  const auto offset = cells.take();
  if (!value) return std::nullopt;
  RowContents row{std::string(*value), {}};
  if (epoch && offset) {
    row.position.epoch = Epoch(static_cast<Epoch::rep>(integer_of(*epoch)));
    row.position.offset = Offset(integer_of(*offset));
  }
  return row;
}

}  // namespace bytebasket::storage
