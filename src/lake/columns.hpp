// The columns of the lake's files: their names and types. docs/formats/lake.md describes them.
#pragma once

#include <memory>
#include <string>
#include <vector>

namespace arrow {
class Schema;
}  // namespace arrow

namespace bytebasket::lake {

/// The version of these columns, in each file's metadata as `bytebasket.lake`.
inline constexpr const char* format_version = "1";

/// Made once; the first `record_columns` are all that a record is put together from.
const std::shared_ptr<arrow::Schema>& lake_schema();
inline constexpr int record_columns = 22;

/// Where hardly a value comes twice, or where equal ones stand next to each other anyway, so that
/// zstd finds them for less than a dictionary costs.
std::vector<std::string> columns_without_dictionary();

/// Whose least and largest value let a reader pass a row group, which is a run of the log, or one
/// of its pages, which are sorted by visitor. Texts have all values everywhere: comparing each
/// would help nobody.
std::vector<std::string> columns_with_statistics();

}  // namespace bytebasket::lake
