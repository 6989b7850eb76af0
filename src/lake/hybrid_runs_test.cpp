#include "lake/hybrid_runs.hpp"

#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "base/bytes.hpp"

namespace bytebasket::lake {
namespace {

/// As the format's document has it: read run by run, bit by bit.
std::vector<std::uint32_t> decoded(std::string_view bytes, unsigned width, std::size_t count) {
  std::vector<std::uint32_t> values;
  ByteReader reader(bytes);
  while (values.size() < count) {
    const std::uint64_t header = reader.take_varint();
    RC_ASSERT(reader.ok());
    if ((header & 1) == 0) {
      std::uint32_t value = 0;
      for (unsigned i = 0; i < (width + 7) / 8; ++i)
        value |= std::uint32_t{reader.take_u8()} << (8 * i);
      values.insert(values.end(), header >> 1, value);
      continue;
    }
    const std::string_view packed = reader.take_raw((header >> 1) * width);
    for (std::size_t i = 0; i < (header >> 1) * 8; ++i) {
      std::uint32_t value = 0;
      for (std::size_t bit = i * width; bit < (i + 1) * width; ++bit) {
        const auto set = static_cast<unsigned char>(packed[bit / 8]) >> (bit % 8) & 1;
        value |= static_cast<std::uint32_t>(set) << (bit - i * width);
      }
      values.push_back(value);
    }
  }
  RC_ASSERT(reader.ok() && reader.at_end());
  RC_ASSERT(values.size() < count + 8);
  values.resize(count);
  return values;
}

RC_GTEST_PROP(HybridRuns, AreReadBackAsTheyWere, ()) {
  const auto width = *rc::gen::inRange(1U, 33U);
  const std::uint64_t end = std::uint64_t{1} << width;
  std::vector<std::uint32_t> values;
  for (auto runs = *rc::gen::inRange(0, 20); runs > 0; --runs) {
    const auto value = static_cast<std::uint32_t>(*rc::gen::inRange<std::uint64_t>(0, end));
    values.insert(values.end(), *rc::gen::element<std::size_t>(1, 1, 2, 7, 8, 9, 100), value);
  }
  std::string bytes;
  append_hybrid_runs(bytes, values, width);
  RC_ASSERT(decoded(bytes, width, values.size()) == values);
  if (width > 8) return;
  std::string of_levels;
  append_hybrid_runs(of_levels, std::vector<std::uint8_t>(values.begin(), values.end()), width);
  RC_ASSERT(of_levels == bytes);
}

TEST(HybridRuns, OneValueTakesAFewBytesHoweverOftenItComes) {
  std::string bytes;
  append_hybrid_runs(bytes, std::vector<std::uint8_t>(65'536, 1), 1);
  EXPECT_EQ(bytes.size(), 4);
}

TEST(HybridRuns, NeedOneBitWhereAllIsZero) {
  EXPECT_EQ(bits_for(0), 1U);
  EXPECT_EQ(bits_for(1), 1U);
  EXPECT_EQ(bits_for(4), 3U);
  EXPECT_EQ(bits_for(65'535), 16U);
}

}  // namespace
}  // namespace bytebasket::lake
