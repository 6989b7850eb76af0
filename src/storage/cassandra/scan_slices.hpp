// A range of a partition as the slices that Cassandra reads one after the other.
//
// A range of encoded keys is one of tuples of columns, and columns may be sorted either way. CQL
// has no relation for that, so a range that begins at (a, b, c) is read as: first column a, second
// b, third from c on; first a, second after b; first after a.
#pragma once

#include <string>
#include <vector>

#include "base/result.hpp"
#include "storage/cassandra/table_cql.hpp"
#include "storage/table_store.hpp"

namespace bytebasket::storage {

struct Slice {
  SliceShape shape;
  std::string cells;  ///< the values of its clustering columns, in the order of `TableCql::slice`
};

/// From where a scan goes on: all the range, or what is left of it after a row.
struct ScanRange {
  std::string from;  ///< a clustering key, or its first columns
  bool from_inclusive = true;
  std::string until;  ///< exclusive; empty: the end
  bool reverse = false;
};

/// The slices that hold all rows of the range, in the order of the scan; some may hold a few rows
/// outside of it too, at its far end. `invalid_argument` where a bound is no key of the table.
Result<std::vector<Slice>> slices_of(const schema::TableDeclaration& table, const ScanRange& range);

}  // namespace bytebasket::storage
