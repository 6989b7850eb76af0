#include "app/service/dead_letter_desk.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "support/in_memory_engines.hpp"

namespace bytebasket::app {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;

class DeadLetterDeskTest : public ::testing::Test {
 protected:
  void refused(std::string payload) {
    std::vector<streams::NewRecord> records(1);
    records[0].stream = streams::Stream::user_activity_dlq;
    records[0].type = streams::RecordType::dead_letter;
    records[0].value = std::move(payload);
    records[0].detail = R"({"reason":"it is bad","call":"page"})";
    ASSERT_TRUE(streams::append_and_wait(log_, std::move(records)));
  }
  json list(std::vector<std::pair<std::string, std::string>> parameters) {
    const auto answer = desk_.list(parameters);
    EXPECT_TRUE(answer) << answer.error().message;
    return json::parse(*answer);
  }
  Error refusal(const std::string& body) {
    const auto answer = desk_.resend(body);
    return answer ? Error{ErrorCode::internal, "taken: " + *answer} : answer.error();
  }

  testing::InMemoryLog log_{1};
  DeadLetterDesk desk_{log_, {}};
};

TEST_F(DeadLetterDeskTest, EncodesAPayloadThatIsNoText) {
  refused("{\"a\":1}");
  refused("\xFF\xFE");
  const json letters = list({})["letters"];
  EXPECT_EQ(letters[0]["payload"], "{\"a\":1}");
  EXPECT_EQ(letters[1]["payload_base64"], "//4=");
  EXPECT_FALSE(letters[1].contains("payload"));
}

TEST_F(DeadLetterDeskTest, SaysWhereThePageAfterBegins) {
  for (int i = 0; i < 3; ++i) refused("{}");
  EXPECT_EQ(list({{"limit", "2"}})["next"], 2);
  EXPECT_FALSE(list({{"from", "2"}, {"limit", "2"}}).contains("next"));
  EXPECT_EQ(list({{"stream", "transactions"}})["letters"], json::array());
}

TEST_F(DeadLetterDeskTest, SendsAMendedOneAgain) {
  refused(R"({"properties":{}})");
  EXPECT_EQ(refusal(R"({"offset":0})").code, ErrorCode::conflict);
  const auto sent = desk_.resend(R"({"offset":0,"payload":"{\"userId\":\"u\"}"})");
  ASSERT_TRUE(sent) << sent.error().message;
  EXPECT_EQ(json::parse(*sent), json({{"sent", 1}, {"refused", json::array()}}));
}

TEST_F(DeadLetterDeskTest, RefusesWhatItDoesNotUnderstandAndSaysWhatItTakes) {
  for (const char* body :
       {"", "[]", "{}", R"({"offset":-1})", R"({"offset":"1"})", R"({"offset":0,"all":true})",
        R"({"all":false})", R"({"all":true,"payload":"{}"})", R"({"all":true,"limit":0})",
        R"({"offset":0,"payload":{}})", R"({"offset":0,"speed":1})",
        R"({"stream":"lake","offset":0})"}) {
    EXPECT_EQ(refusal(body).code, ErrorCode::invalid_argument) << body;
  }
  EXPECT_THAT(refusal(R"({"offset":0,"speed":1})").message, HasSubstr("'speed'"));
  EXPECT_EQ(refusal(R"({"offset":9})").code, ErrorCode::not_found);
}

}  // namespace
}  // namespace bytebasket::app
