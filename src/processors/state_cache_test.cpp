#include "processors/state_cache.hpp"

#include <string>

#include <gtest/gtest.h>

namespace bytebasket::processors {
namespace {

/// A text as a state.
struct Word {
  std::string text;

  static Result<Word> decode(std::string_view bytes) { return Word{std::string(bytes)}; }
  [[nodiscard]] std::string encode() const { return text; }
  [[nodiscard]] std::size_t bytes() const { return sizeof(Word) + text.capacity(); }
};

using Words = StateCache<Word>;

constexpr Position stored{Epoch(1), Offset(7)};

std::string name(int number) { return "key-" + std::to_string(number); }

/// Makes `key` hold `text`, changed and stored.
void keep(Words& words, const std::string& key, const std::string& text) {
  if (words.ask(key)) {
    ASSERT_TRUE(words.put(key, std::nullopt));
  }
  Words::Entry& entry = words.entry(key);
  entry.state.text = text;
  words.touch(entry);
  words.drain(stored, [](const std::string&, const Word&) {});
}

TEST(StateCache, AsksForARowOnce) {
  Words words;
  EXPECT_TRUE(words.ask("a"));
  EXPECT_FALSE(words.ask("a"));
  EXPECT_EQ(words.find("a"), nullptr) << "it is on its way";
  ASSERT_TRUE(words.put("a", storage::StoredRow{"", "text", stored}));
  ASSERT_NE(words.find("a"), nullptr);
  EXPECT_EQ(words.find("a")->state.text, "text");
  EXPECT_EQ(words.find("a")->position, stored);
  EXPECT_FALSE(words.ask("a"));
}

TEST(StateCache, OverAnEmptyStoreReadsOnlyWhatItLetGo) {
  Words words;
  words.begin_empty(64 << 10);
  constexpr int many = 1000;
  for (int i = 0; i < many; ++i) {
    EXPECT_FALSE(words.ask(name(i))) << "nothing is stored yet";
    keep(words, name(i), "text");
  }
  words.shrink(0);
  int needless = 0;
  for (int i = 0; i < many; ++i) {
    EXPECT_TRUE(words.ask(name(i))) << "it was stored and let go";
    if (words.ask(name(many + i))) ++needless;
  }
  EXPECT_LT(needless, many / 100);
}

TEST(StateCache, WithoutKnowingTheStoreReadsEveryRow) {
  Words words;
  EXPECT_TRUE(words.ask("a"));
}

TEST(StateCache, KeepsNoPlaceForARowThatNeverWas) {
  Words words;
  EXPECT_NE(words.entry_unless_absent("a", Words::hash_of("a")), nullptr) << "it may be stored";
  Words over_nothing;
  over_nothing.begin_empty(64 << 10);
  EXPECT_EQ(over_nothing.entry_unless_absent("a", Words::hash_of("a")), nullptr);
  keep(over_nothing, "a", "text");
  EXPECT_EQ(over_nothing.entry_unless_absent("a", Words::hash_of("a")), over_nothing.find("a"));
  over_nothing.shrink(0);
  EXPECT_NE(over_nothing.entry_unless_absent("a", Words::hash_of("a")), nullptr)
      << "it was stored and let go";
}

TEST(StateCache, LetsGoOfWhatWasNotUsedSinceItsLastLook) {
  Words words;
  for (int i = 0; i < 100; ++i) keep(words, name(i), "text");
  words.shrink(words.memory() - 1);  // looks at all of them, and lets one go
  for (int i = 50; i < 100; ++i) static_cast<void>(words.find(name(i)));
  words.shrink(words.memory() / 3 * 2);
  for (int i = 50; i < 100; ++i) EXPECT_NE(words.find(name(i)), nullptr) << i;
  EXPECT_EQ(words.find(name(10)), nullptr);
}

TEST(StateCache, KeepsChangedRowsWhateverTheMemory) {
  Words words;
  keep(words, "a", "text");
  words.touch(words.entry("a"));
  words.shrink(0);
  EXPECT_NE(words.find("a"), nullptr);
}

TEST(StateCache, CountsNoMemoryForWhatItLetGo) {
  Words words;
  for (int i = 0; i < 200; ++i) keep(words, name(i), std::string(100, 'x'));
  EXPECT_GT(words.memory(), 200U * 100U);
  words.shrink(0);
  EXPECT_EQ(words.memory(), 0U);
  keep(words, name(0), "again");
  EXPECT_EQ(words.find(name(0))->state.text, "again");
}

}  // namespace
}  // namespace bytebasket::processors
