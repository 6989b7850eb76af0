// A small HTTP/1.1 server on Boost.Asio and Beast: the collector and the API are handlers of it.
//
// Life cycle: construct, add routes, start(), stop(). Handlers run on the server's threads and must
// not block: one that has to wait takes the Responder away and answers later, from any thread.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"

namespace bytebasket::http {

/// A request, whole: headers and body are within their limits. Views live until the Responder has
/// answered.
struct Request {
  std::string method;  ///< GET, POST, …, upper case
  std::string target;  ///< path and query as sent
  std::string path;    ///< percent-decoded path without the query
  std::vector<std::pair<std::string, std::string>> query;      ///< percent-decoded, in order
  std::vector<std::pair<std::string, std::string>> headers;    ///< names in lower case
  std::map<std::string, std::string, std::less<>> parameters;  ///< of the route, `{name}` parts
  std::string body;  ///< as sent (perhaps gzip: see decompress())
  std::string remote_address;

  [[nodiscard]] std::string_view header(std::string_view lower_case_name) const;
};

struct Response {
  unsigned status = 200;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string content_type = "application/json";
  std::string body;
  /// In the place of `body`: bytes that outlive the server. A client that asks for a large document
  /// and does not read costs no memory then.
  std::string_view lasting_body = {};

  [[nodiscard]] std::string_view content() const {
    return lasting_body.empty() ? std::string_view(body) : lasting_body;
  }
};

/// An RFC 9457 problem document.
Response problem(unsigned status, std::string_view title, std::string_view detail);

/// Writes a stream of server-sent events; ends when the client is gone or the server stops.
/// Thread-safe.
class EventStream {
 public:
  virtual ~EventStream() = default;
  /// Queues one event. False when the client is gone or is too slow (its bounded queue is full):
  /// drop the stream then.
  virtual bool send(std::string_view event_name, std::string_view data) = 0;
  virtual bool open() const = 0;
};

/// The right, and the duty, to answer one request; once. Movable, may cross threads. Destroyed
/// unanswered it answers 500.
class Responder {
 public:
  struct Sink {
    virtual ~Sink() = default;
    virtual void respond(Response response) = 0;
    virtual std::shared_ptr<EventStream> stream() = 0;
  };
  explicit Responder(std::shared_ptr<Sink> sink) : sink_(std::move(sink)) {}
  Responder(Responder&&) noexcept = default;
  Responder& operator=(Responder&&) noexcept = default;
  ~Responder();

  void respond(Response response) &&;
  /// Answers 200 with `text/event-stream` and keeps the connection.
  std::shared_ptr<EventStream> stream() &&;

 private:
  std::shared_ptr<Sink> sink_;
};

using Handler = std::function<void(std::shared_ptr<const Request>, Responder)>;

struct ServerOptions {
  std::string address = "127.0.0.1";
  std::uint16_t port = 0;  ///< 0: any free port
  unsigned threads = 1;
  std::size_t max_body_bytes = 4 << 20;  ///< 413 above it
  std::size_t max_header_bytes = 16 << 10;
  /// Of the bodies of all requests that are read or answered at a time; 503 above it. The first
  /// 16 KiB of each do not count.
  std::size_t max_held_body_bytes = 256 << 20;
  std::size_t max_connections = 10'000;  ///< 503 above it
  Milliseconds header_timeout{10'000};   ///< a half-sent request is closed after this
  Milliseconds idle_timeout{60'000};
};

class Server {
 public:
  explicit Server(ServerOptions options);
  ~Server();  ///< stops, if that has not been done

  /// `path` may have `{name}` parts, and end in `*` (takes the rest). Routes are added before
  /// start(). The most literal route wins. A known path with another method is 405 with `Allow`;
  /// HEAD is served by GET's handler.
  void route(std::string method, std::string path, Handler handler);
  /// Called for every finished request, for metrics: route pattern, method, status, seconds.
  void on_finished(
      std::function<void(std::string_view, std::string_view, unsigned, double)> observer);

  /// Listens. `already_exists` when the port is taken (the message says by what address).
  Status start();
  /// Answers what is under way for at most `grace`, then closes. Idempotent.
  void stop(Milliseconds grace = Milliseconds(2000));
  [[nodiscard]] std::uint16_t port() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// Undoes gzip (or passes plain bytes through), to at most `max_bytes`: `resource_exhausted` above
/// it, `invalid_argument` for broken gzip. Looks at the bytes, not at a header.
Result<std::string> decompress(std::string_view body, std::size_t max_bytes);

}  // namespace bytebasket::http
