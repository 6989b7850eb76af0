// The formats that `import --format` knows by name.
#pragma once

#include <memory>
#include <string>

#include "base/result.hpp"
#include "producers/import/translator.hpp"

namespace bytebasket::producers::import_ {

/// The translator of a preset (segment, rees46, retailrocket, online-retail, snowplow), or of the
/// mapping file where `format` ends in .yml or .yaml.
/// `invalid_argument` names every mistake of the file, or the formats there are.
Result<std::unique_ptr<Translator>> make_translator(const std::string& format);

}  // namespace bytebasket::producers::import_
