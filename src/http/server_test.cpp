#include "http/server.hpp"

#include <future>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "http/server_fixture.hpp"

namespace bytebasket::http {
namespace {

using ::testing::HasSubstr;
using testing::RawClient;
using testing::ServerTest;
using ::testing::StartsWith;

std::string header(const ClientResponse& response, std::string_view name) {
  for (const auto& [key, value] : response.headers) {
    if (key == name) return value;
  }
  return {};
}

TEST_F(ServerTest, AnswersWithLengthTypeAndDate) {
  start();
  const ClientResponse response = get("/hello");
  EXPECT_EQ(response.status, 200U);
  EXPECT_EQ(response.body, "\"hi\"");
  EXPECT_EQ(header(response, "content-type"), "application/json");
  EXPECT_EQ(header(response, "content-length"), "4");
  EXPECT_THAT(header(response, "date"), HasSubstr("GMT"));
}

TEST_F(ServerTest, TakesTheMostLiteralRouteAndItsParameters) {
  start();
  EXPECT_EQ(get("/users/a%2Fb/orders/7").body, "a/b|7");
  EXPECT_EQ(get("/users/me/orders/7").body, "mine");
  EXPECT_EQ(get("/files/css/a%20b.css?v=1+2").body, "css/a b.css?1 2");
  EXPECT_EQ(get("/users//orders/7").status, 404U);
  EXPECT_EQ(get("/users/1/orders/7/8").status, 404U);
  EXPECT_EQ(get("/%75sers/1/orders/7").status, 404U);
}

TEST_F(ServerTest, SaysWhatIsMissingAsAProblemDocument) {
  start();
  const ClientResponse missing = get("/nothing");
  EXPECT_EQ(missing.status, 404U);
  EXPECT_EQ(header(missing, "content-type"), "application/problem+json");
  EXPECT_EQ(
      missing.body,
      R"({"type":"about:blank","title":"Not Found","status":404,"detail":"there is nothing at /nothing"})");
  const ClientResponse wrong = send("DELETE", "/hello");
  EXPECT_EQ(wrong.status, 405U);
  EXPECT_EQ(header(wrong, "allow"), "GET, HEAD");
  EXPECT_EQ(get("/%zz").status, 400U);
}

TEST_F(ServerTest, ServesHeadByTheHandlerOfGetWithoutABody) {
  start();
  RawClient client(port());
  client.send("HEAD /hello HTTP/1.1\r\nHost: x\r\n\r\nGET /hello HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_THAT(client.read_until("\r\n\r\n"), HasSubstr("Content-Length: 4"));
  EXPECT_THAT(client.read_until("\r\n\r\n"), StartsWith("HTTP/1.1 200 OK"));
}

TEST_F(ServerTest, SendsBytesThatOutliveItWhereverTheyStand) {
  static const std::string large(100'000, 'x');
  server_ = std::make_unique<Server>(ServerOptions{});
  server_->route("GET", "/{size}", [](auto request, Responder responder) {
    const std::size_t size = std::stoul(request->parameters.at("size"));
    std::move(responder).respond({.lasting_body = std::string_view(large).substr(0, size)});
  });
  ASSERT_TRUE(server_->start());
  for (const std::size_t size : {0UL, 10UL, 100'000UL}) {
    EXPECT_EQ(get("/" + std::to_string(size)).body, large.substr(0, size));
    EXPECT_EQ(header(send("HEAD", "/" + std::to_string(size)), "content-length"),
              std::to_string(size));
  }
}

TEST_F(ServerTest, AnswersPipelinedRequestsInTheirOrder) {
  start();
  RawClient client(port());
  std::string requests;
  for (int i = 0; i < 100; ++i) {
    requests +=
        "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\n" + std::to_string(1000 + i);
  }
  client.send(requests);
  for (int i = 0; i < 100; ++i)
    EXPECT_THAT(client.read_until(std::to_string(1000 + i)), HasSubstr("200 OK"));
}

TEST_F(ServerTest, ReadsRequestsByteByByteAndInChunks) {
  start();
  RawClient client(port());
  for (const char c : std::string_view("POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: "
                                       "chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n")) {
    client.send({&c, 1});
  }
  EXPECT_THAT(client.read_until("abcde"), HasSubstr("Content-Length: 5"));
}

TEST_F(ServerTest, TellsAClientThatAsksToGoOn) {
  start();
  RawClient client(port());
  client.send(
      "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n");
  EXPECT_EQ(client.read_until("\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
  client.send("ok");
  EXPECT_THAT(client.read_until("\r\n\r\nok"), HasSubstr("200 OK"));
}

TEST_F(ServerTest, ClosesAfterTheAnswerWhereTheClientAsks) {
  start();
  RawClient client(port());
  client.send("GET /hello HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  EXPECT_THAT(client.read_all(), HasSubstr("Connection: close"));
  RawClient old(port());
  old.send("GET /hello HTTP/1.0\r\n\r\n");
  EXPECT_THAT(old.read_all(), HasSubstr("200 OK"));
}

TEST_F(ServerTest, LetsAHandlerAnswerLaterFromAnotherThread) {
  start({.threads = 2});
  auto response = std::async(std::launch::async, [this] { return get("/wait"); });
  Responder responder = take_waiting();
  std::thread([&] { std::move(responder).respond({.body = "late"}); }).join();
  EXPECT_EQ(response.get().body, "late");
}

TEST_F(ServerTest, AnswersForAHandlerThatForgotOrFailed) {
  start();
  EXPECT_EQ(get("/lost").status, 500U);
  EXPECT_EQ(get("/throws").status, 500U);
}

TEST_F(ServerTest, ReportsEveryRequestThatIsFinished) {
  server_ = std::make_unique<Server>(ServerOptions{});
  std::promise<std::string> seen;
  server_->route("GET", "/items/{id}",
                 [](auto, Responder responder) { std::move(responder).respond({.status = 201}); });
  server_->on_finished([&](std::string_view pattern, std::string_view method, unsigned status,
                           double seconds) {
    EXPECT_GE(seconds, 0);
    seen.set_value(std::string(method) + " " + std::string(pattern) + " " + std::to_string(status));
  });
  ASSERT_TRUE(server_->start());
  get("/items/5");
  EXPECT_EQ(seen.get_future().get(), "GET /items/{id} 201");
}

TEST_F(ServerTest, SaysWhoHasThePort) {
  start();
  Server other({.port = port()});
  const auto status = other.start();
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().code, ErrorCode::already_exists);
  EXPECT_THAT(status.error().message, HasSubstr("127.0.0.1:" + std::to_string(port())));
  Server nowhere({.address = "not an address"});
  EXPECT_EQ(nowhere.start().error().code, ErrorCode::invalid_argument);
}

TEST_F(ServerTest, StreamsEventsUntilTheClientGoes) {
  start();
  RawClient client(port());
  client.send("GET /events HTTP/1.1\r\nHost: x\r\n\r\n");
  const auto stream = take_stream();
  EXPECT_TRUE(stream->send("tick", "one\ntwo"));
  EXPECT_TRUE(stream->send("", "three"));
  EXPECT_THAT(client.read_until("three\n\n"), HasSubstr("text/event-stream"));
  client.close();
  while (stream->send("tick", "x")) std::this_thread::yield();
  EXPECT_FALSE(stream->open());
}

TEST_F(ServerTest, AnswersAQuestionForTheHeadOfAStreamWithTheHeadAlone) {
  start();
  RawClient client(port());
  client.send("HEAD /events HTTP/1.1\r\nHost: x\r\n\r\n");
  const auto stream = take_stream();
  stream->send("tick", "one");
  const std::string answer = client.read_all();
  EXPECT_THAT(answer, HasSubstr("text/event-stream"));
  EXPECT_THAT(answer, ::testing::EndsWith("\r\n\r\n"));
  EXPECT_FALSE(stream->open());
}

TEST_F(ServerTest, EndsAStreamThatItsHandlerDrops) {
  start();
  RawClient client(port());
  client.send("GET /events HTTP/1.1\r\nHost: x\r\n\r\n");
  take_stream()->send("last", "words");
  EXPECT_THAT(client.read_all(), ::testing::EndsWith("event: last\ndata: words\n\n"));
}

TEST_F(ServerTest, FinishesWhatIsUnderWayBeforeItStops) {
  start();
  auto response = std::async(std::launch::async, [this] { return get("/wait"); });
  Responder responder = take_waiting();
  auto stopped = std::async(std::launch::async, [this] { server_->stop(Milliseconds(60'000)); });
  std::move(responder).respond({.body = "done"});
  EXPECT_EQ(response.get().body, "done");
  stopped.get();
  server_->stop();
}

TEST_F(ServerTest, OutlivesAnswersThatComeAfterItIsGone) {
  start();
  RawClient client(port());
  client.send("GET /wait HTTP/1.1\r\nHost: x\r\n\r\n");
  Responder responder = take_waiting();
  RawClient watcher(port());
  watcher.send("GET /events HTTP/1.1\r\nHost: x\r\n\r\n");
  const auto stream = take_stream();
  server_->stop(Milliseconds(0));
  server_.reset();
  std::move(responder).respond({.body = "too late"});
  EXPECT_FALSE(stream->send("a", "b"));
  EXPECT_EQ(client.read_all(), "");
}

TEST_F(ServerTest, ServesManyClientsOnManyThreads) {
  start({.threads = 4});
  std::vector<std::future<int>> clients;
  for (int i = 0; i < 8; ++i) {
    clients.push_back(std::async(std::launch::async, [this, i] {
      auto client = Client::create("http://127.0.0.1:" + std::to_string(port()));
      int right = 0;
      for (int n = 0; n < 200; ++n) {
        const std::string body =
            std::string(static_cast<std::size_t>(n * 37), static_cast<char>('a' + i));
        const auto response = client->send("POST", "/echo", {}, body);
        right += response && response->body == body ? 1 : 0;
      }
      return right;
    }));
  }
  for (auto& client : clients) EXPECT_EQ(client.get(), 200);
}

}  // namespace
}  // namespace bytebasket::http
