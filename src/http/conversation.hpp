// What is said on one connection: requests are read, handled and answered one after another. Knows
// no sockets.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "http/body_memory.hpp"
#include "http/event_queue.hpp"
#include "http/request_parser.hpp"
#include "http/router.hpp"
#include "http/server.hpp"

namespace bytebasket::http {

using SteadyTime = std::chrono::steady_clock::time_point;

/// What all conversations of a server share.
struct Service {
  explicit Service(ServerOptions given)
      : options(std::move(given)),
        bodies(std::make_shared<BodyMemory>(options.max_held_body_bytes)) {}

  ServerOptions options;
  const std::shared_ptr<BodyMemory> bodies;
  Router router;
  std::function<void(std::string_view, std::string_view, unsigned, double)> observer;
  std::atomic<bool> stopping{false};  ///< no further requests on any connection
};

class Conversation;

/// The connection below a conversation. Everything but post() is called on the connection's own
/// thread only.
class Transport {
 public:
  virtual ~Transport() = default;
  /// Reads something, once; then calls on_read() or on_gone().
  virtual void read(std::shared_ptr<Conversation> reader) = 0;
  /// Writes all of both; then calls on_written(). The bytes stay where they are until then.
  virtual void write(std::shared_ptr<Conversation> writer, std::string_view head,
                     std::string_view body) = 0;
  virtual void stop_sending() = 0;
  virtual void close() = 0;
  /// Runs `action` on the connection's own thread, now where that is the caller's; drops it when
  /// the server is gone.
  virtual void post(std::function<void()> action) = 0;
  [[nodiscard]] virtual bool on_own_thread() const = 0;
  [[nodiscard]] virtual std::string_view date() const = 0;
  [[nodiscard]] virtual std::string remote_address() const = 0;
};

/// One client. Alive while something is under way: a read, a write, or a request whose answer is
/// owed.
class Conversation : public std::enable_shared_from_this<Conversation> {
 public:
  Conversation(std::shared_ptr<const Service> service, std::unique_ptr<Transport> transport);
  ~Conversation();
  Conversation(const Conversation&) = delete;
  Conversation& operator=(const Conversation&) = delete;

  void start();
  void check_deadline(SteadyTime now);
  /// Ends what waits for the client's next request, and event streams; what is under way is
  /// finished first.
  void retire();
  void close();

  // Called by the transport.
  void on_read(std::string_view bytes);
  void on_gone() { close(); }
  void on_written(bool all);

  // Called from any thread.
  void answer(Response response);
  std::shared_ptr<EventStream> open_stream();
  void flush_stream();
  void end_stream();

 private:
  enum class Phase { reading, handling, writing, streaming, lingering, closed };

  void read() { transport_->read(shared_from_this()); }
  void process_input();
  void process();
  void set_reading_deadline();
  void set_body_deadline();
  void refuse_unread(const Response& refusal);
  void set_deadline(Milliseconds from_now) {
    deadline_ = std::chrono::steady_clock::now() + from_now;
  }
  void handle();
  void dispatch(Request request, const Handler& handler);
  void write_answer(Response response);
  void finish_answer(bool all);
  void start_stream();
  void write_events();

  std::shared_ptr<const Service> service_;
  std::unique_ptr<Transport> transport_;
  const std::string remote_address_;
  RequestParser parser_;
  RequestParser::State read_state_ = RequestParser::State::idle;
  std::string input_;          ///< bytes read and not yet parsed
  HeldBody held_;              ///< the body of the request at hand
  std::size_t body_goal_ = 0;  ///< what of it must have come by the deadline
  std::string head_;           ///< of what is being written
  std::string body_;
  Phase phase_ = Phase::reading;
  SteadyTime deadline_ = SteadyTime::max();
  bool keep_alive_ = true;
  bool head_only_ = false;
  std::shared_ptr<EventQueue> events_;
  bool writing_events_ = false;

  // Of the request at hand, for the observer.
  std::string_view pattern_;
  std::string method_;
  unsigned status_ = 0;
  SteadyTime begun_;
};

}  // namespace bytebasket::http
