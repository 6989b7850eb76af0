#include "events/object_scan.hpp"

#include <optional>
#include <string>

#include <gtest/gtest.h>

namespace bytebasket::events {
namespace {

/// What a scan for the member `app` finds: the object's text, and all that follows the colon.
struct Found {
  std::string object;
  std::optional<std::string> value;
};

std::optional<Found> scan(const std::string& json, std::size_t size = std::string::npos) {
  const std::string padded = json + std::string(64, '"');
  const char* const begin = padded.data();
  const char* const end = begin + std::min(size, json.size());
  const auto object = ObjectScan(R"("app")").find(begin, end);
  if (!object) return std::nullopt;
  Found found{.object = {begin, object->end}, .value = std::nullopt};
  if (object->value != nullptr) found.value = std::string(object->value, object->end);
  return found;
}

TEST(ObjectScan, EndsBehindTheBracketThatClosesTheObject) {
  for (const std::string object :
       {R"({})", R"({"a":1})", R"({"a":{"b":[{},[]]},"c":"}"})", R"({"a":"]}{","b":"{"})"}) {
    const auto found = scan(object + R"(,"more":{"a":1}})");
    ASSERT_TRUE(found) << object;
    EXPECT_EQ(found->object, object);
    EXPECT_EQ(found->value, std::nullopt);
  }
}

TEST(ObjectScan, FindsTheMemberAtEveryPlaceOfABlock) {
  for (std::size_t before = 0; before < 150; ++before) {
    const std::string object =
        R"({"x":")" + std::string(before, '{') + R"(","app":{"name":"Shop"},"y":[1,2]})";
    const auto found = scan(object + "}");
    ASSERT_TRUE(found) << before;
    EXPECT_EQ(found->object, object);
    EXPECT_EQ(found->value, R"({"name":"Shop"},"y":[1,2]})");
  }
}

TEST(ObjectScan, TakesTheLastMemberOfTheNameAndNoneThatStandsDeeper) {
  EXPECT_EQ(scan(R"({"app":1,"app":2})")->value, "2}");
  EXPECT_EQ(scan(R"({"x":{"app":1}})")->value, std::nullopt);
  EXPECT_EQ(scan(R"({"x":{"app":1},"app":3})")->value, "3}");
  EXPECT_EQ(scan(R"({"x":"no app"})")->value, std::nullopt);
}

TEST(ObjectScan, LeavesWhatIsNotPlainToACloserLook) {
  EXPECT_FALSE(scan(R"({"a":"\"","b":1})")) << "an escape";
  EXPECT_FALSE(scan("{\"a\":\n1}")) << "a line break";
  EXPECT_FALSE(scan(R"({"x":"app"})")) << "the name as a value";
  EXPECT_FALSE(scan(R"({"app" :1})")) << "a space before the colon";
  EXPECT_TRUE(scan("{\"a\":1}\\\n")) << "what follows the object is not looked at";
}

TEST(ObjectScan, NeverEndsBeyondTheText) {
  const std::string object =
      R"({"userAgent":")" + std::string(70, 'x') + R"(","app":{"name":"Shop"}})";
  for (std::size_t size = 0; size < object.size(); ++size) EXPECT_FALSE(scan(object, size)) << size;
  EXPECT_TRUE(scan(object));
}

}  // namespace
}  // namespace bytebasket::events
