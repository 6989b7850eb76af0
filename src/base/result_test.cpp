#include "base/result.hpp"

#include <memory>

#include <gtest/gtest.h>

namespace bytebasket {
namespace {

Result<std::unique_ptr<int>> halve(int number) {
  if (number % 2 != 0) return fail(ErrorCode::invalid_argument, std::to_string(number) + " is odd");
  return std::make_unique<int>(number / 2);
}

Result<int> quarter(int number) {
  BB_ASSIGN_OR_RETURN(const std::unique_ptr<int> half, halve(number));
  BB_ASSIGN_OR_RETURN(const std::unique_ptr<int> rest, halve(*half));
  return *rest;
}

Status require_quarter(int number) {
  BB_RETURN_IF_ERROR(quarter(number));
  return ok();
}

TEST(Result, HandsAValueThroughTheMacros) {
  EXPECT_EQ(quarter(12), 3);
  EXPECT_TRUE(require_quarter(12));
}

TEST(Result, HandsTheFirstErrorThroughTheMacros) {
  const auto result = quarter(6);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().message, "3 is odd");
  EXPECT_EQ(require_quarter(7).error().message, "7 is odd");
}

TEST(Error, GainsContextAndKeepsItsCode) {
  const Error error = Error{ErrorCode::unavailable, "connection refused"}.within("topic x");
  EXPECT_EQ(error.message, "topic x: connection refused");
  EXPECT_EQ(error.code, ErrorCode::unavailable);
}

TEST(ErrorCode, HasANameForEach) {
  for (int code = 0; code <= static_cast<int>(ErrorCode::internal); ++code) {
    EXPECT_NE(to_string(static_cast<ErrorCode>(code)), "unknown error");
  }
}

}  // namespace
}  // namespace bytebasket
