// The `fields` of a mapping file: how the members of events, and of their lines, are filled.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "documents/reader.hpp"
#include "producers/import/mapping.hpp"

namespace bytebasket::producers::import_ {

/// Members of an event are named from a few roots; those of a line are plain names.
enum class FieldsOf : std::uint8_t { event, line };

/// Reads fields. Columns that they name are added to `columns`.
std::vector<FieldRule> read_fields(documents::Reader& yaml, const YAML::Node& node, FieldsOf of,
                                   std::vector<std::string>& columns);

/// The place in `columns` of the column that `node` names; a new one is added.
ColumnIndex read_column(documents::Reader& yaml, const YAML::Node& node,
                        std::vector<std::string>& columns);

}  // namespace bytebasket::producers::import_
