// The preset `segment`: one event of Segment's tracking API on each line, as `generate` and
// Segment's own exports write.
#pragma once

#include <memory>

#include "producers/import/translator.hpp"

namespace bytebasket::producers::import_ {

std::unique_ptr<Translator> make_segment_translator();

}  // namespace bytebasket::producers::import_
