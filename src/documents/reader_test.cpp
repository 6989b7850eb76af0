#include "documents/reader.hpp"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <yaml-cpp/yaml.h>

namespace bytebasket::documents {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

/// What is said of a document after `take` has looked at its root.
std::string mistakes_of(std::string_view document,
                        const std::function<void(Reader&, const YAML::Node&)>& take) {
  Reader reader("shop.yml");
  reader.read(document, [&](const YAML::Node& root) { take(reader, root); });
  const Status outcome = reader.outcome();
  if (outcome) return "";
  EXPECT_EQ(outcome.error().code, ErrorCode::invalid_argument);
  return outcome.error().message;
}

TEST(DocumentReader, NamesEveryMistakeInTheOrderOfTheLines) {
  const std::string mistakes = mistakes_of("a: 1\nb: x\n", [](Reader& reader, const auto& root) {
    reader.wrong(root["b"], "b is wrong");
    reader.wrong(root["a"], "a is wrong");
    reader.wrong(root["b"], "and wrong again");
  });
  EXPECT_EQ(mistakes,
            "shop.yml:1: a is wrong\nshop.yml:2: b is wrong\nshop.yml:2: and wrong again");
}

TEST(DocumentReader, SaysWhereADocumentIsNoYaml) {
  bool looked = false;
  EXPECT_THAT(mistakes_of("a: 1\nb: [1, 2\nc: }", [&](auto&, const auto&) { looked = true; }),
              StartsWith("shop.yml:3: not YAML: "));
  EXPECT_FALSE(looked);
}

TEST(DocumentReader, RefusesKeysThatAreUnknownOrThereTwice) {
  const auto check = [](Reader& reader, const YAML::Node& root) {
    EXPECT_FALSE(reader.keys(root, "a shop", {"name", "size"}));
  };
  EXPECT_EQ(mistakes_of("name: x\ncolour: red\nname: y", check),
            "shop.yml:2: unknown key 'colour' in a shop; allowed are name, size\n"
            "shop.yml:3: 'name' is there twice");
  EXPECT_THAT(mistakes_of("? [a]\n: 1", check), HasSubstr("unknown key '?'"));
}

TEST(DocumentReader, GivesValuesOfTheKindThatIsAskedFor) {
  const std::string mistakes =
      mistakes_of("{text: a, texts: [a, b], truth: false, whole: -3, map: {}, list: []}",
                  [](Reader& reader, const YAML::Node& root) {
                    EXPECT_EQ(reader.text(root["text"], "it"), "a");
                    EXPECT_EQ(reader.needed_text_at(root, "text"), "a");
                    EXPECT_EQ(reader.text_at(root, "nothing"), std::nullopt);
                    EXPECT_THAT(reader.texts(root["text"], "it"), ElementsAre("a"));
                    EXPECT_THAT(reader.texts(root["texts"], "it"), ElementsAre("a", "b"));
                    EXPECT_EQ(reader.truth(root["truth"], "it"), false);
                    EXPECT_EQ(reader.whole(root["whole"], "it", -3, 3), -3);
                    EXPECT_TRUE(reader.map(root["map"], "it"));
                    EXPECT_TRUE(reader.list(root["list"], "it"));
                    EXPECT_EQ(reader.value(root["text"], Result<int>(7)), 7);
                  });
  EXPECT_THAT(mistakes, IsEmpty());
}

TEST(DocumentReader, SaysWhatAValueOfAnotherKindMustBe) {
  const auto said = [](const char* value, auto ask) {
    return mistakes_of(value, [&](Reader& reader, const YAML::Node& root) { ask(reader, root); });
  };
  EXPECT_EQ(said("[a]", [](auto& reader, const auto& node) { reader.text(node, "name"); }),
            "shop.yml:1: name must be one text or number");
  EXPECT_EQ(
      said("{a: b}", [](auto& reader, const auto& node) { reader.needed_text_at(node, "c"); }),
      "shop.yml:1: 'c' is missing");
  EXPECT_EQ(said("{a: [b]}", [](auto& reader, const auto& node) { reader.text_at(node, "a"); }),
            "shop.yml:1: 'a' must be one text or number");
  EXPECT_EQ(said("{a: b}", [](auto& reader, const auto& node) { reader.texts(node, "names"); }),
            "shop.yml:1: names must be a text or a list of texts");
  EXPECT_EQ(said("maybe", [](auto& reader, const auto& node) { reader.truth(node, "open"); }),
            "shop.yml:1: open must be true or false");
  for (const char* number : {"0", "11", "1.5", "many", "[1]"}) {
    EXPECT_EQ(said(number, [](auto& reader, const auto& node) { reader.whole(node, "n", 1, 10); }),
              "shop.yml:1: n must be a whole number from 1 to 10")
        << number;
  }
  EXPECT_EQ(said("[a]", [](auto& reader, const auto& node) { reader.map(node, "shop"); }),
            "shop.yml:1: shop must be a map of names to values");
  EXPECT_EQ(said("a", [](auto& reader, const auto& node) { reader.list(node, "rules"); }),
            "shop.yml:1: rules must be a list");
  EXPECT_EQ(said("a",
                 [](auto& reader, const auto& node) {
                   reader.value(node, Result<int>(fail(ErrorCode::invalid_argument, "too red")));
                 }),
            "shop.yml:1: too red");
}

}  // namespace
}  // namespace bytebasket::documents
