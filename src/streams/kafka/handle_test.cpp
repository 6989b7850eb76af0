#include "streams/kafka/handle.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace bytebasket::streams::kafka {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

std::string mistakes(const ClientProperties& properties) {
  const auto checked = check_properties(properties);
  return checked ? "" : checked.error().message;
}

TEST(KafkaProperties, AreThoseOfTheClientLibrary) {
  EXPECT_EQ(mistakes({.common = {{"security.protocol", "sasl_ssl"},
                                 {"sasl.mechanism", "SCRAM-SHA-512"},
                                 {"sasl.username", "shop"},
                                 {"sasl.password", "secret"}},
                      .producer = {{"linger.ms", "50"}, {"compression.type", "zstd"}},
                      .consumer = {{"fetch.min.bytes", "1"}}}),
            "");
}

TEST(KafkaProperties, ThatDoNotExistOrDoNotFitAreAllNamed) {
  const std::string found =
      mistakes({.common = {{"lingre.ms", "5"}, {"security.protocol", "none"}}});
  EXPECT_THAT(found, HasSubstr("lingre.ms"));
  EXPECT_THAT(found, HasSubstr("security.protocol"));
}

TEST(KafkaProperties, OnWhichPromisesRestCannotBeChanged) {
  EXPECT_THAT(mistakes({.producer = {{"acks", "1"}}}), HasSubstr("acks: must be 'all'"));
  EXPECT_THAT(mistakes({.consumer = {{"isolation.level", "read_uncommitted"}}}),
              HasSubstr("isolation.level: must be 'read_committed'"));
}

TEST(KafkaProperties, ThatAreSecretAreNotRepeated) {
  const std::string found = mistakes({.common = {{"ssl.key.pem", "no key but secret"}}});
  EXPECT_THAT(found, Not(HasSubstr("but secret")));
}

}  // namespace
}  // namespace bytebasket::streams::kafka
