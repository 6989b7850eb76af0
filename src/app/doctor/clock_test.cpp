#include <gtest/gtest.h>

#include "app/doctor/doctor.hpp"

namespace bytebasket::app {
namespace {

const Timestamp noon = *parse_timestamp("2026-11-27T12:00:00Z");

TEST(DoctorsClock, AgreesWithinSeconds) {
  EXPECT_TRUE(judge_clock("HDFS's clock", noon + Milliseconds(4'900), noon).well);
  EXPECT_TRUE(judge_clock("HDFS's clock", noon - Milliseconds(4'900), noon).well);
}

TEST(DoctorsClock, SaysHowFarAndWhichWayItIsWrong) {
  const Finding ahead = judge_clock("HDFS's clock", noon + Milliseconds(61'000), noon);
  EXPECT_FALSE(ahead.well);
  EXPECT_EQ(ahead.what, "HDFS's clock");
  EXPECT_TRUE(ahead.detail.starts_with("61 s ahead of")) << ahead.detail;
  const Finding behind = judge_clock("clock", noon - Milliseconds(61'000), noon);
  EXPECT_TRUE(behind.detail.starts_with("61 s behind")) << behind.detail;
  EXPECT_FALSE(judge_clock("clock", std::nullopt, noon).well);
}

TEST(DoctorsClock, ReadsTheDateOfAnHttpAnswer) {
  EXPECT_EQ(parse_http_date("Fri, 27 Nov 2026 12:00:00 GMT"), noon);
  for (const char* text : {"", "noon", "Fri, 27 Nov 2026 12:00:00", "2026-11-27T12:00:00Z"})
    EXPECT_EQ(parse_http_date(text), std::nullopt) << text;
}

}  // namespace
}  // namespace bytebasket::app
