#include "events/stop_index.hpp"

#include <string>

#include <gtest/gtest.h>

namespace bytebasket::events {
namespace {

TEST(StopIndex, FindsEveryStopAtEveryPlaceOfABlock) {
  for (const char stop : {'"', '\\', '\n', '\x01', '\x1F'}) {
    for (std::size_t at = 0; at < 200; ++at) {
      std::string text(200, 'x');
      text[at] = stop;
      text.append(StopIndex::padding, '\0');
      StopIndex index;
      index.mark(std::string_view(text).substr(0, 200));
      ASSERT_EQ(index.next(text.data()) - text.data(), at);
      ASSERT_EQ(index.next(text.data() + at) - text.data(), at);
      ASSERT_EQ(index.next(text.data() + at + 1) - text.data(), 200) << "the end is a stop";
    }
  }
}

TEST(StopIndex, StopsAtTheEndOfTextsOfEverySize) {
  StopIndex index;
  for (std::size_t size = 0; size < 200; ++size) {
    const std::string text = std::string(size, '\xFF') + std::string(StopIndex::padding, '\0');
    index.mark(std::string_view(text).substr(0, size));
    ASSERT_EQ(index.next(text.data()) - text.data(), size);
    ASSERT_EQ(index.next(text.data() + size) - text.data(), size);
  }
}

}  // namespace
}  // namespace bytebasket::events
