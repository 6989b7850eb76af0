#include "streams/kafka/broker_version.hpp"

#include <gtest/gtest.h>

namespace bytebasket::streams::kafka {
namespace {

using namespace std::string_literals;

/// An answer as a broker of Kafka 4 gives it, with two APIs.
std::string answer(const std::string& features) {
  std::string frame = "\0\0\0\x01\0\0"s;  // correlation, no error
  frame += "\x03"s;                       // two APIs
  frame += "\0\0\0\x03\0\x0C\0"s + "\0\x12\0\0\0\x04\0"s;
  frame += "\0\0\0\0"s;                    // no throttling
  frame += "\x02"s;                        // two tagged fields
  frame += "\x01\x08\0\0\0\0\0\0\0\x05"s;  // the epoch of the features
  return frame + "\x02"s + static_cast<char>(features.size()) + features;
}

const std::string metadata = "\x11metadata.version\0\x1F\0\x1F\0"s;
const std::string shares = "\x0Eshare.version\0\x01\0\x01\0"s;

TEST(KafkaVersion, IsReadFromTheFeaturesThatTheClusterHasAgreedOn) {
  EXPECT_EQ(*read_metadata_level(answer("\x03"s + shares + metadata)), std::int16_t{31});
  EXPECT_EQ(*read_metadata_level(answer("\x02"s + shares)), std::nullopt);
}

TEST(KafkaVersion, RefusesWhatIsNoWholeAnswer) {
  const std::string whole = answer("\x02"s + metadata);
  for (std::size_t size = 0; size < whole.size(); ++size)
    EXPECT_FALSE(read_metadata_level(std::string_view(whole).substr(0, size))) << size;
  EXPECT_FALSE(read_metadata_level("HTTP/1.1 400 Bad Request"));
}

TEST(KafkaVersion, NamesTheReleaseThatALevelCameWith) {
  EXPECT_EQ(release_of_metadata_level(25), "Kafka 4.0");
  EXPECT_EQ(release_of_metadata_level(26), "Kafka 4.1");
  EXPECT_EQ(release_of_metadata_level(33), "Kafka 4.4");
  EXPECT_EQ(release_of_metadata_level(99), "Kafka 4.5 or later");
  EXPECT_EQ(release_of_metadata_level(1), "Kafka before 3.3");
}

}  // namespace
}  // namespace bytebasket::streams::kafka
