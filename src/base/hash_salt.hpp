// What makes hashes of tables in memory different in every process.
#pragma once

#include <cstdint>

namespace bytebasket {

std::uint64_t random_salt();

/// Whoever sends events chooses the texts that stand in our tables. Who knew their hashes could
/// choose texts that all have one, and make every look-up go through all of them. Never stored.
inline const std::uint64_t hash_salt = random_salt();
inline const std::uint64_t second_hash_salt = random_salt();

}  // namespace bytebasket
