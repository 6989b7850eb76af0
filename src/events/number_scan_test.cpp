#include "events/number_scan.hpp"

#include <algorithm>
#include <random>
#include <string>

#include <gtest/gtest.h>

namespace bytebasket::events {
namespace {

/// `text` with what may be read beyond it: more of what is looked for.
class Padded {
 public:
  explicit Padded(const std::string& text)
      : size_(text.size()), bytes_(text + std::string(64, '7')) {}
  [[nodiscard]] std::string_view text() const { return std::string_view(bytes_).substr(0, size_); }

 private:
  std::size_t size_;
  std::string bytes_;
};

TEST(NumberScan, FindsARunAtEveryPlace) {
  for (std::size_t at = 0; at < 150; ++at) {
    for (std::size_t run = 12; run < 17; ++run) {
      std::string text(200, 'x');
      for (std::size_t i = 0; i < run; ++i) text[at + i] = "0123456789 -"[i % 12];
      const Padded padded(text);
      ASSERT_EQ(has_number_run<14>(padded.text()), run >= 14) << at << " " << run;
      ASSERT_EQ(has_number_run<14>(padded.text().substr(at, 14)), run >= 14) << at << " " << run;
      ASSERT_FALSE(has_number_run<14>(padded.text().substr(at, 13))) << at << " " << run;
    }
  }
}

TEST(NumberScan, AgreesWithALookAtEveryByte) {
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  std::mt19937 random(1);
  static constexpr std::string_view alphabet = "0123456789 -x/:\xB0.";
  for (int round = 0; round < 2000; ++round) {
    std::string text(random() % 300, ' ');
    const std::size_t letters = 11 + random() % (alphabet.size() - 10);
    for (char& c : text) c = alphabet[random() % letters];
    std::size_t run = 0;
    std::size_t longest = 0;
    for (const char c : text) {
      run = is_digit(c) || c == ' ' || c == '-' ? run + 1 : 0;
      longest = std::max(longest, run);
    }
    const Padded padded(text);
    ASSERT_EQ(count_digits(padded.text()),
              static_cast<std::size_t>(std::count_if(text.begin(), text.end(), is_digit)));
    ASSERT_EQ(has_number_run<14>(padded.text()), longest >= 14) << text;
    ASSERT_EQ(has_number_run<32>(padded.text()), longest >= 32) << text;
    ASSERT_EQ(has_number_run<1>(padded.text()), longest >= 1) << text;
  }
}

}  // namespace
}  // namespace bytebasket::events
