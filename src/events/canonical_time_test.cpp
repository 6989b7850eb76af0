#include "events/canonical_time.hpp"

#include <array>
#include <string>

#include <gtest/gtest.h>

namespace bytebasket::events {
namespace {

std::string written(Timestamp time) {
  std::array<char, canonical_time_size> text;
  const char* const end = write_canonical_time(text.data(), time);
  return {text.data(), static_cast<std::size_t>(end - text.data())};
}

TEST(CanonicalTime, IsWrittenAsTheSlowWayWritesItAndReadBack) {
  // A step that comes by every month, hour, minute and second sooner or later.
  for (std::int64_t ms = 0; ms < 253'402'300'800'000; ms += 98'765'432'123) {
    const Timestamp time = timestamp_from_ms(ms);
    std::string slow;
    append_timestamp_ms(slow, time);
    ASSERT_EQ(written(time), slow);
    ASSERT_EQ(read_canonical_time(slow), time);
  }
}

TEST(CanonicalTime, LeavesEveryOtherFormToTheSlowWay) {
  const std::string good = "2026-11-22T10:00:00.123Z";
  ASSERT_TRUE(read_canonical_time(good));
  for (std::size_t at = 0; at < good.size(); ++at) {
    const bool digit = good[at] >= '0' && good[at] <= '9';
    for (int byte = 0; byte < 256; ++byte) {
      std::string text = good;
      text[at] = static_cast<char>(byte);
      if (text == good || (digit && byte >= '0' && byte <= '9')) continue;
      EXPECT_FALSE(read_canonical_time(text)) << text;
    }
  }
  for (const std::string_view text :
       {"2026-11-22T10:00:00Z", "2026-02-30T10:00:00.000Z", "2026-11-22T24:00:00.000Z",
        "1969-12-31T23:59:59.999Z", "2026-11-22T10:00:60.000Z", ""}) {
    EXPECT_FALSE(read_canonical_time(text)) << text;
  }
}

}  // namespace
}  // namespace bytebasket::events
