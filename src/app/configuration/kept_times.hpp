// How long what is made of events is kept, by the names of the settings below `retention`.
#pragma once

#include <map>
#include <string>

#include "base/time.hpp"
#include "schema/settings.hpp"

namespace bytebasket::app {

/// `metrics_1m` → 14 days
using KeptTimes = std::map<std::string, Milliseconds>;

KeptTimes kept_times(const schema::RetentionSettings& retention);

}  // namespace bytebasket::app
