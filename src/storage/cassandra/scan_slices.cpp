#include "storage/cassandra/scan_slices.hpp"

#include <algorithm>
#include <utility>

#include "storage/cassandra/key_cells.hpp"

namespace bytebasket::storage {
namespace {

using Cells = std::vector<std::string>;

/// One end of a range: where the scan starts ("near") or stops ("far").
struct Bound {
  Cells cells;
  bool inclusive = false;
};

Result<Bound> bound_of(const schema::TableDeclaration& table, std::string_view key,
                       bool inclusive) {
  auto cells = key_cells(table.clustering, key);
  if (!cells) {
    return fail(ErrorCode::invalid_argument,
                "a scan of table " + std::string(table.name) +
                    " has a bound that is neither a clustering key nor its first columns");
  }
  return Bound{std::move(*cells), inclusive};
}

/// The part of the far end that bounds column `given` of rows whose columns before are `given` of
/// `near`: none where those rows all lie before the far end.
struct FarEnd {
  bool nothing = false;  ///< no row of the slice lies in the range
  const std::string* cell = nullptr;
  bool inclusive = false;
};

FarEnd far_end(const Bound& near, const Bound& far, std::size_t given) {
  if (far.cells.empty()) return {};
  const std::size_t shared = std::min(given, far.cells.size());
  if (!std::equal(far.cells.begin(), far.cells.begin() + static_cast<std::ptrdiff_t>(shared),
                  near.cells.begin())) {
    return {};
  }
  if (far.cells.size() > given) {
    // Rows that begin with all of the far end are in the range only where it is inclusive. Where it
    // has more columns some of them may be: the reader looks.
    return {false, &far.cells[given], far.inclusive || far.cells.size() > given + 1};
  }
  return {!far.inclusive, nullptr, false};
}

Slice slice_of(const Bound& near, std::size_t given, const FarEnd& far, bool reverse) {
  Slice slice;
  slice.shape.given = given;
  slice.shape.reverse = reverse;
  for (std::size_t i = 0; i < given; ++i) slice.cells += near.cells[i];
  const bool has_near = near.cells.size() > given;
  const bool near_inclusive = near.inclusive && near.cells.size() == given + 1;
  const bool has_far = far.cell != nullptr;
  SliceShape& shape = slice.shape;
  (reverse ? shape.has_last : shape.has_first) = has_near;
  (reverse ? shape.last_inclusive : shape.first_inclusive) = has_near && near_inclusive;
  (reverse ? shape.has_first : shape.has_last) = has_far;
  (reverse ? shape.first_inclusive : shape.last_inclusive) = has_far && far.inclusive;
  if (reverse && has_far) slice.cells += *far.cell;
  if (has_near) slice.cells += near.cells[given];
  if (!reverse && has_far) slice.cells += *far.cell;
  return slice;
}

}  // namespace

Result<std::vector<Slice>> slices_of(const schema::TableDeclaration& table,
                                     const ScanRange& range) {
  BB_ASSIGN_OR_RETURN(Bound from, bound_of(table, range.from, range.from_inclusive));
  BB_ASSIGN_OR_RETURN(Bound until, bound_of(table, range.until, false));
  const Bound& near = range.reverse ? until : from;
  const Bound& far = range.reverse ? from : until;
  std::vector<Slice> slices;
  const std::size_t depth = std::max<std::size_t>(near.cells.size(), 1);
  for (std::size_t given = depth; given-- > 0;) {
    const FarEnd end = far_end(near, far, given);
    if (!end.nothing) slices.push_back(slice_of(near, given, end, range.reverse));
  }
  return slices;
}

}  // namespace bytebasket::storage
