// The CQL of one table: what it is made by, and the statements that run on it.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "schema/tables.hpp"

namespace bytebasket::storage {

/// Columns beside the declared ones: the position that wrote the row. Its write timestamp orders
/// rows; these say it.
inline constexpr std::string_view epoch_column = "log_epoch";
inline constexpr std::string_view offset_column = "log_offset";

/// A part of a partition in which the first columns of the clustering key are given and the next
/// one lies in a range: what Cassandra reads in one go, in order, whichever way columns are sorted.
struct SliceShape {
  std::size_t given = 0;
  bool has_first = false, first_inclusive = false;  ///< first in the order of the table
  bool has_last = false, last_inclusive = false;
  bool reverse = false;
  auto operator<=>(const SliceShape&) const = default;
};

/// `keyspace` must be a plain identifier.
class TableCql {
 public:
  TableCql(std::string_view keyspace, const schema::TableDeclaration& table);

  /// Binds partition, clustering, value, epoch, offset, timestamp, TTL.
  [[nodiscard]] std::string upsert() const;
  /// Binds partition, clustering; gives value, epoch, offset.
  [[nodiscard]] std::string row() const;
  /// Binds partition, a list of clustering keys; gives clustering, value, epoch, offset.
  [[nodiscard]] std::string rows() const;
  /// Binds partition, the given columns, the range's ends, the number of rows; gives clustering,
  /// value, epoch, offset.
  [[nodiscard]] std::string slice(const SliceShape& shape) const;
  /// Gives partition, clustering, value, epoch, offset of all rows, partition by partition.
  [[nodiscard]] std::string everything() const;
  /// Binds the new value, partition, clustering, the expected value (null: none).
  [[nodiscard]] std::string compare_and_set() const;

 private:
  [[nodiscard]] std::string key_is_given() const;

  std::string name_;
  const schema::TableDeclaration& table_;
};

}  // namespace bytebasket::storage
