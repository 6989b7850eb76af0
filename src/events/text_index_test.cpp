#include "events/text_index.hpp"

#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace bytebasket::events {
namespace {

/// A text of these bytes, marked.
class Marked {
 public:
  explicit Marked(std::string text) : size(text.size()), text_(std::move(text)) {
    text_.append(TextIndex::padding, '\0');
    index.mark(std::string_view(text_).substr(0, size));
  }
  [[nodiscard]] std::vector<std::uint32_t> stops() const {
    std::vector<std::uint32_t> found;
    for (const std::uint32_t* at = index.stops(); *at < size; ++at) found.push_back(*at);
    return found;
  }

  TextIndex index;
  std::size_t size;

 private:
  std::string text_;
};

bool is_stop(char c) { return c == '"' || c == '\\' || static_cast<unsigned char>(c) < 0x20; }

TEST(TextIndex, FindsEveryStopAtEveryPlaceOfABlock) {
  for (const char stop : {'"', '\\', '\n', '\x01', '\x1F', '\0'}) {
    for (std::uint32_t at = 0; at < 200; ++at) {
      std::string text(200, 'x');
      text[at] = stop;
      ASSERT_EQ(Marked(text).stops(), std::vector<std::uint32_t>{at});
    }
  }
}

TEST(TextIndex, EndsItsStopsWithTheSizeOfTheText) {
  for (std::size_t size = 0; size < 200; ++size) {
    for (const char c : {'x', '"'}) {
      const Marked marked(std::string(size, c));
      const std::uint32_t* const end = marked.index.stops() + (c == '"' ? size : 0);
      ASSERT_EQ(end[0], size);
      ASSERT_EQ(end[TextIndex::sentinels - 1], size);
    }
  }
}

TEST(TextIndex, TellsAsciiFromOtherBytes) {
  EXPECT_TRUE(Marked("").index.is_ascii());
  EXPECT_TRUE(Marked(std::string(100, '\x7F')).index.is_ascii());
  for (std::size_t at = 0; at < 100; ++at) {
    std::string text(100, 'x');
    text[at] = '\x80';
    EXPECT_FALSE(Marked(text).index.is_ascii()) << at;
  }
}

TEST(TextIndex, AgreesWithALookAtEveryByte) {
  std::mt19937 random(1);
  static constexpr std::string_view alphabet = "x\"\\\n\xC3.";
  for (int round = 0; round < 300; ++round) {
    std::string text(random() % 300, ' ');
    const std::size_t letters = 2 + random() % (alphabet.size() - 1);
    for (char& c : text) c = alphabet[random() % letters];
    std::vector<std::uint32_t> stops;
    for (std::uint32_t i = 0; i < text.size(); ++i) {
      if (is_stop(text[i])) stops.push_back(i);
    }
    ASSERT_EQ(Marked(text).stops(), stops) << text;
  }
}

}  // namespace
}  // namespace bytebasket::events
