#include "http/client.hpp"

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "http/server.hpp"

namespace bytebasket::http {
namespace {

TEST(Client, SaysWhatIsNoAddress) {
  for (const char* url : {"", "localhost:80", "https://x", "http://", "http://x:0",
                          "http://x:99999", "http://[::1"}) {
    EXPECT_FALSE(Client::create(url)) << url;
  }
}

TEST(Client, SaysThatNobodyAnswers) {
  Server server({});
  ASSERT_TRUE(server.start());
  const std::uint16_t port = server.port();
  server.stop();
  auto client = Client::create("http://127.0.0.1:" + std::to_string(port));
  EXPECT_EQ(client->send("GET", "/", {}, "").error().code, ErrorCode::unavailable);
}

TEST(Client, GivesUpAfterItsTime) {
  Server server({});
  std::vector<Responder> kept;
  server.route("GET", "/",
               [&](auto, Responder responder) { kept.push_back(std::move(responder)); });
  ASSERT_TRUE(server.start());
  auto client =
      Client::create("http://127.0.0.1:" + std::to_string(server.port()), Milliseconds(50));
  EXPECT_EQ(client->send("GET", "/", {}, "").error().code, ErrorCode::timed_out);
  server.stop(Milliseconds(0));
}

TEST(Client, ConnectsAnewWhereTheServerHasClosed) {
  auto server = std::make_unique<Server>(ServerOptions{});
  ASSERT_TRUE(server->start());
  const std::uint16_t port = server->port();
  auto client = Client::create("http://127.0.0.1:" + std::to_string(port));
  EXPECT_EQ(client->send("GET", "/", {}, "")->status, 404U);
  server = std::make_unique<Server>(ServerOptions{.port = port});
  ASSERT_TRUE(server->start());
  EXPECT_EQ(client->send("GET", "/", {}, "")->status, 404U);
}

}  // namespace
}  // namespace bytebasket::http
