// Messages for people go to standard error through spdlog; this is its only door.
#pragma once

#include <spdlog/spdlog.h>

namespace bytebasket {

enum class LogFormat { text, json };

/// Sets up the process's logger once, before any thread starts. `level` is one of trace, debug,
/// info, warn, error, off.
void configure_logging(spdlog::level::level_enum level, LogFormat format, bool colour);

}  // namespace bytebasket
