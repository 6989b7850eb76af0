#include "metrics/hash_index.hpp"

#include <gtest/gtest.h>

namespace bytebasket::metrics {
namespace {

TEST(HashIndex, FindsWhatWasInsertedUntilItIsErased) {
  HashIndex index;
  for (std::uint32_t i = 0; i < 1000; ++i) index.insert(std::uint64_t{i} * i, i);
  for (std::uint32_t i = 0; i < 1000; i += 2) index.erase(std::uint64_t{i} * i, i);
  for (std::uint32_t i = 0; i < 1000; ++i) {
    const auto found =
        index.find(std::uint64_t{i} * i, [i](std::uint32_t place) { return place == i; });
    EXPECT_EQ(found, i % 2 == 0 ? HashIndex::npos : i);
  }
}

TEST(HashIndex, HasNoPlaceThatAClientCouldFillByChoosingHashes) {
  // Halves that cancel each other out, and the same low bits: what a place could be read from.
  HashIndex index;
  for (std::uint64_t i = 1; i < 100; ++i) index.insert(i << 40 | i << 8, 0);
  EXPECT_EQ(index.first_alike(std::uint64_t{100} << 40 | std::uint64_t{100} << 8), HashIndex::npos);
}

}  // namespace
}  // namespace bytebasket::metrics
