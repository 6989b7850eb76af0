#include "events/text_index.hpp"

#include <algorithm>
#include <bit>

#include "events/wide_bytes.hpp"

namespace bytebasket::events {
namespace {

/// The place of the lowest bit; anything where there is none.
std::uint32_t lowest(std::uint64_t bits) {
#if defined(__AVX2__) && defined(__BMI__)
  return static_cast<std::uint32_t>(_tzcnt_u64(bits));  // without a branch for zero
#else
  return static_cast<std::uint32_t>(std::countr_zero(bits));
#endif
}

/// Appends the places of the bits that are set; writes up to 64 numbers, whatever their count.
std::uint32_t* append_places(std::uint32_t* out, std::uint64_t bits, std::uint32_t base) {
  // Most blocks have fewer stops than this: writing too many costs less than asking for each.
  constexpr int usual = 12;
  const int count = std::popcount(bits);
  for (int i = 0; i < usual; ++i, bits &= bits - 1) out[i] = base + lowest(bits);
  for (int i = usual; i < count; ++i, bits &= bits - 1) out[i] = base + lowest(bits);
  return out + count;
}

/// What may be written behind the stops found so far: a block's, and the sentinels.
constexpr std::size_t most_at_once = 64 + TextIndex::sentinels;

}  // namespace

/// Room for `most_at_once` behind the first `kept`.
void TextIndex::reserve_stops(std::size_t kept) {
  const std::size_t size = std::max<std::size_t>(1024, (kept + most_at_once) * 2);
  auto stops = std::make_unique_for_overwrite<std::uint32_t[]>(size);
  if (kept > 0) std::copy_n(stops_.get(), kept, stops.get());
  stops_ = std::move(stops);
  stops_size_ = size;
}

void TextIndex::mark(std::string_view text) {
  const std::size_t blocks = text.size() / 64 + 1;
  std::size_t count = 0;
  ascii_ = true;
  for (std::size_t i = 0; i < blocks; ++i) {
    const WideBytes block(text.data() + i * 64);
    std::uint64_t stops = block.stops();
    // The zero bytes of the padding are stops too; the sentinels stand for them.
    if (i + 1 == blocks) stops &= (std::uint64_t{1} << text.size() % 64) - 1;
    if (block.any_high()) ascii_ = false;
    if (stops_size_ - count < most_at_once) reserve_stops(count);
    std::uint32_t* const out = stops_.get() + count;
    count += static_cast<std::size_t>(
        append_places(out, stops, static_cast<std::uint32_t>(i * 64)) - out);
  }
  std::fill_n(stops_.get() + count, sentinels, static_cast<std::uint32_t>(text.size()));
}

}  // namespace bytebasket::events
