// A Translator that does what a mapping says.
#pragma once

#include <memory>

#include "producers/import/mapping.hpp"
#include "producers/import/translator.hpp"

namespace bytebasket::producers::import_ {

std::unique_ptr<Translator> make_mapping_translator(Mapping mapping);

}  // namespace bytebasket::producers::import_
