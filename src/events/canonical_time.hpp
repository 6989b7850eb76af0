// `2026-11-22T10:00:00.123Z`: the one form of a time in a canonical event, written and read without
// detours.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/time.hpp"

namespace bytebasket::events {

void append_canonical_time(std::string& out, Timestamp time);

/// nullopt where `text` has not exactly this form: parse_timestamp() reads the others.
std::optional<Timestamp> read_canonical_time(std::string_view text);

}  // namespace bytebasket::events
