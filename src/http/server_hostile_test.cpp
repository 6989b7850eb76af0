// What no client should send, and clients that only want to take up room.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "http/server_fixture.hpp"

namespace bytebasket::http {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::Pair;
using testing::RawClient;
using testing::ServerTest;
using ::testing::StartsWith;

TEST_F(ServerTest, RefusesBodiesAndHeadersThatAreTooLarge) {
  start({.max_body_bytes = 10, .max_header_bytes = 500});
  RawClient large(port());
  large.send("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 11\r\n\r\n" + std::string(11, 'x'));
  EXPECT_THAT(large.read_all(), StartsWith("HTTP/1.1 413"));
  RawClient chunked(port());
  chunked.send("POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nb\r\n" +
               std::string(11, 'x'));
  EXPECT_THAT(chunked.read_all(), StartsWith("HTTP/1.1 413"));
  RawClient headers(port());
  headers.send("GET /hello HTTP/1.1\r\nX: " + std::string(1000, 'x') + "\r\n\r\n");
  EXPECT_THAT(headers.read_all(), StartsWith("HTTP/1.1 431"));
}

TEST_F(ServerTest, RefusesEndlessLinesAroundChunks) {
  start({.max_header_bytes = 500});
  const std::string head = "POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n";
  for (const char* begun : {"2;extension=", "0000", "2\r\nab\r\n0\r\nTrailer: "}) {
    RawClient client(port());
    client.send(head + begun + std::string(1000, '0'));
    EXPECT_THAT(client.read_all(), StartsWith("HTTP/1.1 431")) << begun;
  }
}

TEST_F(ServerTest, HoldsNoMoreOfLargeBodiesThanAllowedAndServesSmallOnesMeanwhile) {
  start({.max_held_body_bytes = 100'000});
  const auto head = [](std::size_t size) {
    return "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: " + std::to_string(size) + "\r\n\r\n";
  };
  RawClient slow(port());
  slow.send(head(90'001) + std::string(90'000, 'x'));
  RawClient small(port());
  small.send(head(5) + "small");
  EXPECT_THAT(small.read_until("small"), StartsWith("HTTP/1.1 200"));
  RawClient large(port());
  large.send(head(60'000) + std::string(60'000, 'x'));
  const std::string refused = large.read_all();
  EXPECT_THAT(refused, StartsWith("HTTP/1.1 503"));
  EXPECT_THAT(refused, HasSubstr("Retry-After: 1"));
  slow.send("y");
  EXPECT_THAT(slow.read_until("xy"), StartsWith("HTTP/1.1 200"));
  small.send(head(60'000) + std::string(60'000, 'z'));
  EXPECT_THAT(small.read_until("zzz"), StartsWith("HTTP/1.1 200"));
}

TEST_F(ServerTest, RefusesWhatIsNoRequestOrTwoInOne) {
  start();
  for (const char* text :
       {"nonsense\r\n\r\n", "GET /hello HTTP/1.1\r\nbad header\r\n\r\n",
        "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
        "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nTransfer-Encoding: "
        "chunked\r\n\r\n0\r\n\r\n"}) {
    RawClient client(port());
    client.send(text);
    EXPECT_THAT(client.read_all(), StartsWith("HTTP/1.1 400")) << text;
  }
}

TEST_F(ServerTest, RefusesABodyWhoseEndAProxyMayFindElsewhere) {
  start();
  for (const char* encoding : {"xchunked", "gzip", "identity", "chunked, identity", "gzip, chunked",
                               "chunked, chunked", "identity\r\nTransfer-Encoding: chunked"}) {
    RawClient client(port());
    client.send("POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: " + std::string(encoding) +
                "\r\n\r\n0\r\n\r\nGET /hello HTTP/1.1\r\nHost: x\r\n\r\n");
    const std::string answer = client.read_all();
    EXPECT_THAT(answer, StartsWith("HTTP/1.1 400")) << encoding;
    EXPECT_THAT(answer, Not(HasSubstr("\"hi\""))) << encoding;
  }
  RawClient old(port());
  old.send("POST /echo HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n");
  EXPECT_THAT(old.read_all(), StartsWith("HTTP/1.1 400"));
}

TEST_F(ServerTest, RefusesTwoHostsAndNone) {
  start();
  for (const char* hosts : {"", "Host: a\r\nHost: b\r\n"}) {
    RawClient client(port());
    client.send("GET /hello HTTP/1.1\r\n" + std::string(hosts) + "\r\n");
    EXPECT_THAT(client.read_all(), StartsWith("HTTP/1.1 400")) << hosts;
  }
}

TEST_F(ServerTest, TakesNoHeaderFromBehindABody) {
  server_ = std::make_unique<Server>(ServerOptions{});
  server_->route("POST", "/", [](auto request, Responder responder) {
    std::move(responder).respond({.body = "<" + std::string(request->header("x-late")) + ">"});
  });
  ASSERT_TRUE(server_->start());
  RawClient client(port());
  client.send(
      "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nX-Late: yes\r\n\r\n");
  EXPECT_THAT(client.read_until(">"), HasSubstr("<>"));
}

TEST_F(ServerTest, ClosesWhoSendsHalfARequestAndWaits) {
  start({.header_timeout = Milliseconds(500)});
  RawClient client(port());
  client.send("GET /hello HTTP/1.1\r\nHo");
  EXPECT_EQ(client.read_all(), "");
  RawClient body(port());
  body.send("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nx");
  EXPECT_EQ(body.read_all(), "");
}

TEST_F(ServerTest, ClosesWhoSendsMostOfALargeBodyAndWaits) {
  // At the slowest rate that is taken, all of it would be given a quarter of an hour.
  constexpr std::size_t size = 16 << 20;
  start({.max_body_bytes = size, .header_timeout = Milliseconds(2'000)});
  RawClient client(port());
  client.send("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: " + std::to_string(size) +
              "\r\n\r\n" + std::string(size - 1, 'x'));
  EXPECT_EQ(client.read_all(), "");
}

TEST_F(ServerTest, ClosesIdleConnections) {
  start({.idle_timeout = Milliseconds(500)});
  RawClient client(port());
  client.send("GET /hello HTTP/1.1\r\nHost: x\r\n\r\n");
  client.read_until("\"hi\"");
  EXPECT_EQ(client.read_all(), "");
}

TEST_F(ServerTest, TurnsAwayMoreConnectionsThanAllowed) {
  start({.max_connections = 1});
  RawClient first(port());
  first.send("GET /hello HTTP/1.1\r\nHost: x\r\n\r\n");
  first.read_until("\"hi\"");
  RawClient second(port());
  EXPECT_THAT(second.read_all(), HasSubstr("503 Service Unavailable"));
}

TEST_F(ServerTest, GivesUpAStreamWhoseClientDoesNotRead) {
  start();
  RawClient client(port());
  client.send("GET /events HTTP/1.1\r\nHost: x\r\n\r\n");
  const auto stream = take_stream();
  const std::string large(64 << 10, 'x');
  std::size_t sent = 0;
  while (stream->send("large", large)) ASSERT_LT(++sent, 10'000U);
  EXPECT_FALSE(stream->open());
}

TEST_F(ServerTest, LeavesOutWhatWouldStartAHeaderOfItsOwn) {
  server_ = std::make_unique<Server>(ServerOptions{});
  server_->route("GET", "/", [](auto, Responder responder) {
    std::move(responder).respond({.headers = {{"X-Name", "a\r\nX-Evil: 1"}}});
  });
  ASSERT_TRUE(server_->start());
  EXPECT_THAT(get("/").headers, Contains(Pair("x-name", "aX-Evil: 1")));
}

}  // namespace
}  // namespace bytebasket::http
