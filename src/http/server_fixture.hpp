// What tests of the server share: a server with some routes, and a client that says exactly what a
// test wants.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>
#include <gtest/gtest.h>

#include "http/client.hpp"
#include "http/server.hpp"

namespace bytebasket::http::testing {

namespace asio = boost::asio;

/// A connection on which a test says exactly what it wants.
class RawClient {
 public:
  explicit RawClient(std::uint16_t port) : socket_(context_) {
    socket_.connect({asio::ip::make_address("127.0.0.1"), port});
  }
  void send(std::string_view bytes) {
    asio::write(socket_, asio::buffer(bytes.data(), bytes.size()));
  }
  /// Everything up to and including `end`.
  std::string read_until(std::string_view end) {
    boost::system::error_code error;
    const std::size_t size =
        asio::read_until(socket_, asio::dynamic_buffer(held_), std::string(end), error);
    EXPECT_FALSE(error) << error.message() << ": " << held_;
    std::string taken = held_.substr(0, size);
    held_.erase(0, size);
    return taken;
  }
  /// Everything until the server closes.
  std::string read_all() {
    boost::system::error_code error;
    asio::read(socket_, asio::dynamic_buffer(held_), error);
    return std::exchange(held_, {});
  }
  void close() { socket_.close(); }

 private:
  asio::io_context context_;
  asio::ip::tcp::socket socket_;
  std::string held_;
};

class ServerTest : public ::testing::Test {
 protected:
  Server& start(ServerOptions options = {}) {
    server_ = std::make_unique<Server>(options);
    server_->route("GET", "/hello", [](auto, Responder responder) {
      std::move(responder).respond({.body = "\"hi\""});
    });
    server_->route("POST", "/echo", [](auto request, Responder responder) {
      std::move(responder).respond({.content_type = "text/plain", .body = request->body});
    });
    server_->route("GET", "/users/{id}/orders/{order}", [](auto request, Responder responder) {
      std::move(responder).respond(
          {.body = request->parameters.at("id") + "|" + request->parameters.at("order")});
    });
    server_->route("GET", "/users/me/orders/{order}", [](auto, Responder responder) {
      std::move(responder).respond({.body = "mine"});
    });
    server_->route("GET", "/files/*", [](auto request, Responder responder) {
      std::move(responder).respond(
          {.body = request->parameters.at("*") + "?" +
                   std::string(request->query.empty() ? "" : request->query[0].second)});
    });
    server_->route("GET", "/lost", [](auto, Responder) {});
    server_->route("GET", "/throws", [](auto, Responder) { throw std::runtime_error("no"); });
    server_->route("GET", "/wait", [this](auto, Responder responder) {
      const std::lock_guard lock(mutex_);
      waiting_.push_back(std::move(responder));
      arrived_.notify_all();
    });
    server_->route("GET", "/events", [this](auto, Responder responder) {
      auto stream = std::move(responder).stream();
      const std::lock_guard lock(mutex_);
      stream_ = std::move(stream);
      arrived_.notify_all();
    });
    const auto status = server_->start();
    EXPECT_TRUE(status) << status.error().message;
    return *server_;
  }
  std::uint16_t port() const { return server_->port(); }
  ClientResponse get(std::string_view target) { return send("GET", target); }
  ClientResponse send(std::string_view method, std::string_view target, std::string body = "") {
    auto client = Client::create("http://127.0.0.1:" + std::to_string(port()));
    auto response = client->send(method, target, {}, std::move(body));
    EXPECT_TRUE(response) << response.error().message;
    return response ? std::move(*response) : ClientResponse();
  }
  Responder take_waiting() {
    std::unique_lock lock(mutex_);
    arrived_.wait(lock, [&] { return !waiting_.empty(); });
    Responder responder = std::move(waiting_.front());
    waiting_.erase(waiting_.begin());
    return responder;
  }
  std::shared_ptr<EventStream> take_stream() {
    std::unique_lock lock(mutex_);
    arrived_.wait(lock, [&] { return stream_ != nullptr; });
    return std::move(stream_);
  }

  std::unique_ptr<Server> server_;
  std::mutex mutex_;
  std::condition_variable arrived_;
  std::vector<Responder> waiting_;
  std::shared_ptr<EventStream> stream_;
};

}  // namespace bytebasket::http::testing
