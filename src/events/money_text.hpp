// The plain form of most amounts of money, read and written without detours.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "events/money.hpp"

namespace bytebasket::events {

/// As parse_money() where `text` is the plain `25.1` that most amounts are: at most twelve digits,
/// and six behind the point. nullopt for what must go the long way.
std::optional<Micros> read_plain_money(std::string_view text);

/// True where `plain`, which read_plain_money() can read, is the shortest decimal of its amount.
bool is_shortest_money(std::string_view plain);

/// The longest amount with six decimals.
inline constexpr std::size_t longest_money = 22;

/// `25.1`, the shortest exact decimal, written to `at`, which has room for `longest_money` bytes;
/// returns the place behind it.
char* write_money_shortest(char* at, Micros amount);

}  // namespace bytebasket::events
