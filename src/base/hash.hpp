// Hashes that are stored or that decide a partition: fixed for ever (XXH3, 64 bits, seed 0, as
// published by xxHash 0.8).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace bytebasket {

/// XXH3-64 of the bytes. The same on every machine and in every version.
std::uint64_t hash64(std::string_view bytes);

/// XXH3-64 with a seed, where several independent hashes of one value are needed.
std::uint64_t hash64(std::string_view bytes, std::uint64_t seed);

/// 16 lower-case hexadecimal digits.
std::string to_hex(std::uint64_t hash);

}  // namespace bytebasket
