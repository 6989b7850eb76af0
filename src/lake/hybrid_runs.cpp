#include "lake/hybrid_runs.hpp"

#include <algorithm>

#include "base/bytes.hpp"

namespace bytebasket::lake {
namespace {

constexpr std::size_t group = 8;

/// Where the run of equal values that begins at `begin` ends.
template <typename Value>
std::size_t run_end(std::span<const Value> values, std::size_t begin) {
  const Value value = values[begin];
  std::size_t end = begin + 1;
  for (; end + group <= values.size(); end += group) {
    bool same = true;
    for (std::size_t i = 0; i < group; ++i) same = same & (values[end + i] == value);
    if (!same) break;
  }
  while (end < values.size() && values[end] == value) ++end;
  return end;
}

void append_little_endian(std::string& out, std::uint64_t value, unsigned bytes) {
  for (unsigned i = 0; i < bytes; ++i) out.push_back(static_cast<char>(value >> (8 * i)));
}

template <typename Value>
void append_run(std::string& out, Value value, std::size_t count, unsigned width) {
  ByteWriter(out).put_varint(std::uint64_t{count} << 1);
  append_little_endian(out, value, (width + 7) / 8);
}

/// In whole groups: what is missing of the last is zeros.
template <typename Value>
void append_packed(std::string& out, std::span<const Value> values, unsigned width) {
  const std::size_t groups = (values.size() + group - 1) / group;
  ByteWriter(out).put_varint(std::uint64_t{groups} << 1 | 1);
  const std::size_t end = out.size() + groups * width;
  std::uint64_t bits = 0;
  unsigned held = 0;
  for (const Value value : values) {
    bits |= std::uint64_t{value} << held;
    held += width;
    if (held < 32) continue;
    append_little_endian(out, bits, 4);
    bits >>= 32;
    held -= 32;
  }
  append_little_endian(out, bits, std::min<unsigned>(8, static_cast<unsigned>(end - out.size())));
  out.resize(end, '\0');
}

template <typename Value>
void append(std::string& out, std::span<const Value> values, unsigned width) {
  std::size_t packed = 0;  // all before it is written
  for (std::size_t begin = 0; begin < values.size();) {
    const std::size_t end = run_end(values, begin);
    // What stands before a run is packed in whole groups, which the run's first values fill up.
    const std::size_t filled = begin + (group - (begin - packed) % group) % group;
    if (end >= filled + group) {
      if (filled > packed) append_packed(out, values.subspan(packed, filled - packed), width);
      append_run(out, values[begin], end - filled, width);
      packed = end;
    }
    begin = end;
  }
  if (packed < values.size()) append_packed(out, values.subspan(packed), width);
}

}  // namespace

void append_hybrid_runs(std::string& out, std::span<const std::uint32_t> values, unsigned width) {
  append(out, values, width);
}
void append_hybrid_runs(std::string& out, std::span<const std::uint8_t> values, unsigned width) {
  append(out, values, width);
}

}  // namespace bytebasket::lake
