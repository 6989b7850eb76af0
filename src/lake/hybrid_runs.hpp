// Small numbers as Parquet packs them: runs of one number, and groups of eight bit by bit.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace bytebasket::lake {

/// The bits that numbers up to `most` take; at least one.
constexpr unsigned bits_for(std::uint64_t most) {
  return most == 0 ? 1 : static_cast<unsigned>(std::bit_width(most));
}

/// Appends `values`, each of at most `width` (1 to 32) bits, in Parquet's "RLE/bit-packing hybrid".
void append_hybrid_runs(std::string& out, std::span<const std::uint32_t> values, unsigned width);
void append_hybrid_runs(std::string& out, std::span<const std::uint8_t> values, unsigned width);

}  // namespace bytebasket::lake
