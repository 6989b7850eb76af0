// The preset `snowplow`: enriched events of the Snowplow e-commerce tracker as CSV, with their
// contexts as JSON in columns. docs/guides/importing.md says what becomes of each action and which
// session figures follow.
#pragma once

#include <memory>

#include "producers/import/translator.hpp"

namespace bytebasket::producers::import_ {

std::unique_ptr<Translator> make_snowplow_translator();

}  // namespace bytebasket::producers::import_
