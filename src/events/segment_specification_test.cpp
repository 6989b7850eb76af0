// Every sample payload of Segment's e-commerce specification goes in and comes out again. The
// specification lies beside the repository (../shared/data); where it is absent the test says so
// and is skipped.
#include <cctype>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "events/event_reader.hpp"
#include "events/normalize.hpp"

namespace bytebasket::events {
namespace {

constexpr const char* specification =
    BYTEBASKET_SOURCE_DIR "/../shared/data/events_segment_spec/ecommerce_v2.md";

struct Sample {
  std::string event;
  std::string properties;  ///< a JavaScript object
};

/// The `analytics.track('Name', {…});` calls of the page.
std::vector<Sample> samples(const std::string& page) {
  static const std::string call = "analytics.track('";
  std::vector<Sample> found;
  for (std::size_t at = page.find(call); at != std::string::npos; at = page.find(call, at)) {
    at += call.size();
    const std::size_t quote = page.find('\'', at);
    const std::size_t brace = page.find('{', quote);
    const std::size_t end = page.find("});", brace);
    if (end == std::string::npos) break;
    found.push_back({page.substr(at, quote - at), page.substr(brace, end + 1 - brace)});
  }
  return found;
}

/// JavaScript's object literals as JSON: quotes around keys and strings, no trailing commas, and
/// the commas that the page itself forgets at the ends of some lines.
std::string to_json(const std::string& script) {
  std::string json;
  for (std::size_t i = 0; i < script.size(); ++i) {
    const char c = script[i];
    const bool after_value =
        !json.empty() &&
        (json.back() == '"' || std::isdigit(static_cast<unsigned char>(json.back())));
    if (c == '\'') {
      const std::size_t end = script.find('\'', i + 1);
      json += '"' + script.substr(i + 1, end - i - 1) + '"';
      i = end;
    } else if (std::isalpha(static_cast<unsigned char>(c))) {
      std::size_t end = i;
      while (std::isalnum(static_cast<unsigned char>(script[end])) || script[end] == '_') ++end;
      const std::string word = script.substr(i, end - i);
      if (script[end] == ':') {
        json += (after_value ? ",\"" : "\"") + word + '"';
      } else {
        json += word;
      }
      i = end - 1;
    } else if (!std::isspace(static_cast<unsigned char>(c))) {
      if ((c == '}' || c == ']') && json.back() == ',') json.pop_back();
      json += c;
    }
  }
  return json;
}

TEST(SegmentSpecification, EverySampleOfItIsAcceptedAndReadBack) {
  std::ifstream file(specification);
  if (!file)
    GTEST_SKIP()
        << "the specification is not there: ../shared/data/events_segment_spec/ecommerce_v2.md";
  std::stringstream page;
  page << file.rdbuf();
  const std::vector<Sample> found = samples(page.str());
  EXPECT_GE(found.size(), 28U);
  Normalizer normalizer;
  EventReader reader;
  for (const Sample& sample : found) {
    const std::string call = R"({"type":"track","userId":"u","event":")" + sample.event +
                             R"(","properties":)" + to_json(sample.properties) + "}";
    const NormalizedItem item =
        normalizer.normalize(call, {.received_at = timestamp_from_ms(1'767'225'600'000)});
    ASSERT_FALSE(item.refused) << item.refused->reason << "\n" << call;
    for (const Normalized& normalized : item.events) {
      const std::string padded = std::string(normalized.json) + std::string(64, ' ');
      const auto event = reader.read(std::string_view(padded).substr(0, normalized.json.size()));
      ASSERT_TRUE(event) << event.error().message << "\n" << normalized.json;
      EXPECT_NE(event->kind, EventKind::unknown) << sample.event;
      EXPECT_EQ(event->user_id, "u");
    }
  }
}

}  // namespace
}  // namespace bytebasket::events
