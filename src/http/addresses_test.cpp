#include "http/addresses.hpp"

#include <gtest/gtest.h>

namespace bytebasket::http {
namespace {

TEST(Addresses, OfLoopbackAreKnownInBothFamilies) {
  for (const char* ours : {"127.0.0.1", "127.1.2.3", "::1", "::ffff:127.0.0.1"})
    EXPECT_TRUE(is_loopback_address(ours)) << ours;
  for (const char* other : {"", "128.0.0.1", "127.evil.example", "::2", "::ffff:10.0.0.1"})
    EXPECT_FALSE(is_loopback_address(other)) << other;
}

TEST(Addresses, AHostNamesLoopbackByAddressOrAsLocalhost) {
  for (const char* ours : {"127.0.0.1", "127.0.0.1:8080", "localhost", "LocalHost:80", "[::1]:8080",
                           "[::1]", "[::ffff:127.0.0.1]:1"})
    EXPECT_TRUE(names_loopback(ours)) << ours;
  for (const char* other : {"", "evil.example:8080", "127.0.0.1.evil.example",
                            "localhost.evil.example", "[::2]:8080", "[::1", "10.0.0.1"})
    EXPECT_FALSE(names_loopback(other)) << other;
}

TEST(Addresses, WhatTheNearestProxySaysIsTheLastAddressOfTheLastHeader) {
  Request request;
  EXPECT_EQ(forwarded_for(request), "");
  request.headers = {{"x-forwarded-for", "6.6.6.6"}};
  EXPECT_EQ(forwarded_for(request), "6.6.6.6");
  // Some proxies add to the header that came, others add a header behind it.
  request.headers = {{"x-forwarded-for", "6.6.6.6, 10.0.0.7"}};
  EXPECT_EQ(forwarded_for(request), "10.0.0.7");
  request.headers = {{"x-forwarded-for", "6.6.6.6"}, {"a", "b"}, {"x-forwarded-for", "10.0.0.7"}};
  EXPECT_EQ(forwarded_for(request), "10.0.0.7");
}

}  // namespace
}  // namespace bytebasket::http
