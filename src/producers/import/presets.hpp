// The formats that `import --format` knows by name.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "producers/import/translator.hpp"

namespace bytebasket::producers::import_ {

/// segment, rees46, retailrocket, online-retail, snowplow
std::vector<std::string_view> preset_names();

/// The mapping behind a preset, for people to begin their own with; empty where the preset is code
/// (segment, snowplow) or unknown.
std::string_view preset_mapping(std::string_view name);

/// The translator of a preset, or of the mapping file where `format` ends in .yml or .yaml.
/// `invalid_argument` names every mistake of the file, or the formats there are.
Result<std::unique_ptr<Translator>> make_translator(const std::string& format);

}  // namespace bytebasket::producers::import_
