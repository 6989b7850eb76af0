#include "lake/hybrid_runs.hpp"

#include <algorithm>
#include <bit>
#include <cstring>

#include "base/bytes.hpp"

namespace bytebasket::lake {
namespace {

static_assert(std::endian::native == std::endian::little);

constexpr std::size_t group = 8;

constexpr std::size_t bytes_for(unsigned width) { return (width + 7) / 8; }

/// A run of fewer values takes more bytes than they do packed among the others.
constexpr std::size_t least_run(unsigned width) {
  constexpr std::size_t headers = 4;  ///< the run's own, and that of what is packed behind it
  return group * ((headers + bytes_for(width)) / width + 1);
}

template <typename Value>
bool is_one_value(const Value* values) {
  bool same = true;
  for (std::size_t i = 1; i < group; ++i) same = same & (values[i] == values[0]);
  return same;
}

/// Where the groups of one value that begin at `begin` end: there, where the first is none.
template <typename Value>
std::size_t run_end(std::span<const Value> values, std::size_t begin) {
  std::size_t end = begin;
  while (end + group <= values.size() && values[end] == values[begin] && is_one_value(&values[end]))
    end += group;
  return end;
}

template <typename Value>
void append_run(std::string& out, Value value, std::size_t count, unsigned width) {
  ByteWriter(out).put_varint(std::uint64_t{count} << 1);
  for (std::size_t i = 0; i < bytes_for(width); ++i)
    out.push_back(static_cast<char>(std::uint64_t{value} >> (8 * i)));
}

/// Bit by bit to `at`, where zeros stand.
template <typename Value>
void pack(char* at, std::span<const Value> values, unsigned width) {
  std::uint64_t bits = 0;
  unsigned held = 0;
  for (const Value value : values) {
    bits |= std::uint64_t{value} << held;
    held += width;
    if (held < 32) continue;
    std::memcpy(at, &bits, 4);
    at += 4;
    bits >>= 32;
    held -= 32;
  }
  for (; held > 0; held -= std::min(held, 8U), bits >>= 8) *at++ = static_cast<char>(bits);
}

/// Of eight bytes that are 0 or 1 each, the first in the lowest bit.
char packed_bits(const std::uint8_t* values) {
  std::uint64_t bytes = 0;
  std::memcpy(&bytes, values, sizeof(bytes));
  return static_cast<char>(bytes * 0x0102'0408'1020'4080U >> 56);
}

void pack(char* at, std::span<const std::uint8_t> values, unsigned width) {
  if (width != 1) return pack<std::uint8_t>(at, values, width);
  std::size_t i = 0;
  for (; i + group <= values.size(); i += group) *at++ = packed_bits(&values[i]);
  pack<std::uint8_t>(at, values.subspan(i), width);
}

/// In whole groups: what is missing of the last is zeros.
template <typename Value>
void append_packed(std::string& out, std::span<const Value> values, unsigned width) {
  const std::size_t groups = (values.size() + group - 1) / group;
  ByteWriter(out).put_varint(std::uint64_t{groups} << 1 | 1);
  const std::size_t begin = out.size();
  out.resize(begin + groups * width, '\0');
  pack(out.data() + begin, values, width);
}

template <typename Value>
void append(std::string& out, std::span<const Value> values, unsigned width) {
  std::size_t packed = 0;  // all before it is written; groups are counted from there
  for (std::size_t begin = 0; begin + group <= values.size();) {
    std::size_t end = run_end(values, begin);
    if (end < begin + least_run(width)) {
      begin = std::max(end, begin + group);
      continue;
    }
    while (end < values.size() && values[end] == values[begin]) ++end;
    if (begin > packed) append_packed(out, values.subspan(packed, begin - packed), width);
    append_run(out, values[begin], end - begin, width);
    packed = begin = end;
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
