#include "storage/hdfs/remote_error.hpp"

#include <string>

#include <gtest/gtest.h>

namespace bytebasket::storage {
namespace {

std::string answer(const std::string& exception) {
  return R"({"RemoteException":{"exception":")" + exception +
         R"(","javaClassName":"org.apache.hadoop.X","message":"first line\nsecond"}})";
}

TEST(RemoteError, AStandbyAndASafeModeAreTriedElsewhereOrAgain) {
  for (const char* exception : {"StandbyException", "RetriableException", "SafeModeException"}) {
    const RemoteError error = remote_error(403, answer(exception));
    EXPECT_EQ(error.error.code, ErrorCode::unavailable) << exception;
    EXPECT_TRUE(error.another) << exception;
  }
}

TEST(RemoteError, WhatIsWrongForGoodIsSaidAtOnce) {
  EXPECT_EQ(remote_error(404, answer("FileNotFoundException")).error.code, ErrorCode::not_found);
  EXPECT_EQ(remote_error(403, answer("AccessControlException")).error.code,
            ErrorCode::permission_denied);
  EXPECT_EQ(remote_error(403, answer("DSQuotaExceededException")).error.code,
            ErrorCode::resource_exhausted);
  EXPECT_FALSE(remote_error(404, answer("FileNotFoundException")).another);
  EXPECT_FALSE(remote_error(403, answer("IOException")).another);
}

TEST(RemoteError, NamesTheExceptionAndItsFirstLine) {
  EXPECT_EQ(remote_error(404, answer("FileNotFoundException")).error.message,
            "FileNotFoundException: first line");
}

TEST(RemoteError, AnAnswerThatIsNoExceptionCountsByItsStatus) {
  EXPECT_EQ(remote_error(401, "<html>").error.code, ErrorCode::permission_denied);
  EXPECT_TRUE(remote_error(503, "").another);
  EXPECT_EQ(remote_error(503, "").error.message, "HTTP status 503");
}

}  // namespace
}  // namespace bytebasket::storage
