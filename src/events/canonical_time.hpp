// `2026-11-22T10:00:00.123Z`: the one form of a time in a canonical event, written and read without
// detours.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "base/time.hpp"

namespace bytebasket::events {

inline constexpr std::size_t canonical_time_size = 24;

/// Writes the `canonical_time_size` bytes of `time` to `at`; returns the place behind them.
char* write_canonical_time(char* at, Timestamp time);

/// nullopt where `text` has not exactly this form: parse_timestamp() reads the others.
std::optional<Timestamp> read_canonical_time(std::string_view text);

}  // namespace bytebasket::events
