// The columns of the lake's files: their names and types, and a row group of them made from rows.
// docs/formats/lake.md describes them.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "lake/lake_row.hpp"
#include "streams/event_log.hpp"

namespace arrow {
class RecordBatch;
class Schema;
}  // namespace arrow

namespace bytebasket::lake {

/// The version of these columns, in each file's metadata as `bytebasket.lake`.
inline constexpr const char* format_version = "1";

/// Made once; the first `record_columns` are all that a record is put together from.
const std::shared_ptr<arrow::Schema>& lake_schema();
inline constexpr int record_columns = 22;

/// Columns without a dictionary: hardly a value comes twice.
std::vector<std::string> columns_of_unique_values();

/// Sorts the rows by visitor and time (the order within a row group) and makes columns of them.
Result<std::shared_ptr<arrow::RecordBatch>> to_columns(PartitionId partition,
                                                       std::vector<LakeRow>& rows);

}  // namespace bytebasket::lake
