#include "base/log.hpp"

#include <gtest/gtest.h>

namespace bytebasket {
namespace {

TEST(Log, AJsonMessageCannotEndItsStringOrItsLine) {
  testing::internal::CaptureStderr();
  spdlog::drop("bytebasket");
  configure_logging(spdlog::level::info, LogFormat::json, false);
  spdlog::info("say \"no\"\nC:\\dir\x01");
  const std::string written = testing::internal::GetCapturedStderr();
  EXPECT_NE(written.find(R"("message":"say \"no\"\nC:\\dir\u0001"})"), std::string::npos)
      << written;
  EXPECT_EQ(written.find('\n'), written.size() - 1);
}

TEST(Log, ATextMessageIsOneLineThatSteersNoTerminal) {
  testing::internal::CaptureStderr();
  spdlog::drop("bytebasket");
  configure_logging(spdlog::level::info, LogFormat::text, false);
  spdlog::warn("no event 'a\n2026-01-01 error forged \x1b[2J'");
  const std::string written = testing::internal::GetCapturedStderr();
  EXPECT_NE(written.find("warning no event 'a\\n2026-01-01 error forged \\x1b[2J'\n"),
            std::string::npos)
      << written;
  EXPECT_EQ(written.find('\n'), written.size() - 1);
}

}  // namespace
}  // namespace bytebasket
