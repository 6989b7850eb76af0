#include "events/canonical_copy.hpp"

#include <string>

#include <gtest/gtest.h>

namespace bytebasket::events {
namespace {

/// Copies the object of `json`: the member `old` is called `new`, and what stands under `price`
/// becomes 1.
std::string copied(std::string_view json) {
  JsonTape tape;
  EXPECT_TRUE(tape.parse(json, 32, 0));
  TextWriter out;
  CanonicalCopy copy(tape, 0, out);
  copy.open(0);
  tape.for_each_member(0, [&](NodeIndex key, NodeIndex value) {
    if (tape.raw(key) == "old") {
      copy.key(key, "new");
    } else {
      copy.key(key);
    }
    if (tape.raw(key) == "price") {
      copy.value(value, "1");
    } else {
      copy.value(value);
    }
  });
  copy.close(0);
  copy.finish();
  return std::string(out.text());
}

TEST(CanonicalCopy, KeepsWhatIsCanonical) {
  for (const std::string_view json :
       {"{}", R"({"a":1})", R"({"a":"b","c":[1,{"d":null}],"e":{}})"}) {
    EXPECT_EQ(copied(json), json);
  }
}

TEST(CanonicalCopy, ReplacesKeysAndValuesWhereverTheyStand) {
  EXPECT_EQ(copied(R"({"old":1})"), R"({"new":1})");
  EXPECT_EQ(copied(R"({"price":"12"})"), R"({"price":1})");
  EXPECT_EQ(copied(R"({"a":[],"old":"x","price":{"y":2},"z":0})"),
            R"({"a":[],"new":"x","price":1,"z":0})");
}

TEST(CanonicalCopy, MakesTheSameOfTextWithSpacesAndEscapes) {
  EXPECT_EQ(copied(R"( { "a" : [ ] , "old" : "\u0078\/", "price":{"y":2}, "z" :0 } )"),
            R"({"a":[],"new":"x/","price":1,"z":0})");
  EXPECT_EQ(copied("{\n}"), "{}");
}

}  // namespace
}  // namespace bytebasket::events
