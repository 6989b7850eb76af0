#include "http/conversation.hpp"

#include <algorithm>

#include "base/log.hpp"
#include "http/response_text.hpp"
#include "http/url.hpp"

namespace bytebasket::http {
namespace {

constexpr Milliseconds heartbeat{15'000};  ///< between comments on a quiet event stream
constexpr Milliseconds linger{
    1'000};  ///< reading on after a refusal, so that the client gets to see it
constexpr std::int64_t slowest_bytes_per_second = 16 << 10;  ///< of a body
constexpr std::string_view go_on = "HTTP/1.1 100 Continue\r\n\r\n";

/// One request and the right to answer it.
struct Exchange final : Responder::Sink {
  Exchange(Request given, std::shared_ptr<Conversation> with)
      : request(std::move(given)), conversation(std::move(with)) {}
  void respond(Response response) override { conversation->answer(std::move(response)); }
  std::shared_ptr<EventStream> stream() override { return conversation->open_stream(); }

  Request request;
  std::shared_ptr<Conversation> conversation;
};

/// A handler's end of an event stream.
class ClientStream final : public EventStream {
 public:
  ClientStream(std::shared_ptr<Conversation> conversation, std::shared_ptr<EventQueue> queue)
      : conversation_(std::move(conversation)), queue_(std::move(queue)) {}
  ~ClientStream() override { conversation_->end_stream(); }
  ClientStream(const ClientStream&) = delete;
  ClientStream& operator=(const ClientStream&) = delete;

  bool send(std::string_view event_name, std::string_view data) override {
    std::string text;
    append_event(text, event_name, data);
    const EventQueue::Pushed pushed = queue_->push(text);
    if (pushed == EventQueue::Pushed::first) conversation_->flush_stream();
    return pushed != EventQueue::Pushed::refused;
  }
  [[nodiscard]] bool open() const override { return queue_->open(); }

 private:
  std::shared_ptr<Conversation> conversation_;
  std::shared_ptr<EventQueue> queue_;
};

}  // namespace

Conversation::Conversation(std::shared_ptr<const Service> service,
                           std::unique_ptr<Transport> transport)
    : service_(std::move(service)),
      transport_(std::move(transport)),
      remote_address_(transport_->remote_address()),
      parser_(service_->options.max_header_bytes, service_->options.max_body_bytes),
      held_(service_->bodies) {}

Conversation::~Conversation() {
  if (events_) events_->close();
}

void Conversation::start() {
  set_deadline(service_->options.idle_timeout);
  read();
}

void Conversation::close() {
  if (phase_ == Phase::closed) return;
  phase_ = Phase::closed;
  if (events_) events_->close();
  transport_->close();
}

void Conversation::check_deadline(SteadyTime now) {
  if (now < deadline_) return;
  // An event stream whose client reads is quiet, not late.
  if (phase_ != Phase::streaming || writing_events_) return close();
  set_deadline(heartbeat);
  if (events_->push(":\n\n") == EventQueue::Pushed::first) write_events();
}

void Conversation::retire() {
  const bool between_requests =
      phase_ == Phase::reading && read_state_ == RequestParser::State::idle;
  if (between_requests || phase_ == Phase::streaming || phase_ == Phase::lingering) close();
}

void Conversation::on_read(std::string_view bytes) {
  if (phase_ == Phase::closed) return;
  // The client of an event stream, or one that was refused, has nothing to say that is heard.
  if (phase_ != Phase::reading) return read();
  if (input_.empty()) {
    // Most bytes go straight into the parser.
    input_ = bytes.substr(parser_.feed(bytes));
    return process();
  }
  input_ += bytes;
  process_input();
}

void Conversation::process_input() {
  input_.erase(0, parser_.feed(input_));
  process();
}

/// Goes on from where the parser is.
void Conversation::process() {
  const RequestParser::State before = read_state_;
  read_state_ = parser_.state();
  if (read_state_ == RequestParser::State::failed) return refuse_unread(parser_.failure());
  if (!held_.grow_to(parser_.body_bytes())) {
    Response later = problem(503, "Service Unavailable",
                             "more large requests are under way than is allowed; send again later");
    later.headers.emplace_back("Retry-After", "1");
    return refuse_unread(later);
  }
  if (read_state_ == RequestParser::State::complete) return handle();
  if (read_state_ != before) set_reading_deadline();
  if (read_state_ == RequestParser::State::body && parser_.body_bytes() >= body_goal_)
    set_body_deadline();
  if (parser_.wants_continue()) {
    transport_->write(shared_from_this(), go_on, {});
  } else {
    read();
  }
}

/// Answers a request of which not all was read, and may never be.
void Conversation::refuse_unread(const Response& refusal) {
  keep_alive_ = false;
  head_only_ = false;
  pattern_ = "";
  method_.clear();
  begun_ = std::chrono::steady_clock::now();
  write_answer(refusal);
  parser_.take();  // what of its body has come
  held_.release();
}

void Conversation::set_reading_deadline() {
  body_goal_ = 0;
  set_deadline(service_->options.header_timeout);
}

/// A body is asked for piece by piece: who has sent most of a large one and then waits is not given
/// the time that all of it may take.
void Conversation::set_body_deadline() {
  const Milliseconds pause = service_->options.header_timeout;
  const auto piece = static_cast<std::size_t>(pause.count() * slowest_bytes_per_second / 1000);
  const std::size_t come = parser_.body_bytes();
  body_goal_ = come + std::clamp<std::size_t>(parser_.expected_body_bytes() - come, 1, piece);
  const auto wanted = static_cast<std::int64_t>(body_goal_ - come);
  set_deadline(pause + Milliseconds(1000 * wanted / slowest_bytes_per_second));
}

void Conversation::handle() {
  phase_ = Phase::handling;
  deadline_ = SteadyTime::max();
  begun_ = std::chrono::steady_clock::now();
  keep_alive_ = parser_.keep_alive();
  Request request = parser_.take();
  read_state_ = RequestParser::State::idle;
  method_ = request.method;
  head_only_ = request.method == "HEAD";
  request.remote_address = remote_address_;
  const std::string_view target = request.target;
  const std::size_t question = target.find('?');
  const std::string_view raw_path = target.substr(0, question);
  auto path = percent_decode(raw_path, false);
  auto query = parse_query(question == std::string_view::npos ? std::string_view()
                                                              : target.substr(question + 1));
  pattern_ = "";
  if (!path || !query)
    return write_answer(problem(400, "Bad Request", "the target is not properly percent-encoded"));
  request.path = std::move(*path);
  request.query = std::move(*query);
  const Router::Match match = service_->router.find(request.method, raw_path, request.parameters);
  pattern_ = match.pattern;
  if (match.handler != nullptr) return dispatch(std::move(request), *match.handler);
  if (match.allowed.empty())
    return write_answer(problem(404, "Not Found", "there is nothing at " + request.path));
  Response refusal = problem(405, "Method Not Allowed", request.path + " takes " + match.allowed);
  refusal.headers.emplace_back("Allow", match.allowed);
  write_answer(std::move(refusal));
}

void Conversation::dispatch(Request request, const Handler& handler) {
  auto exchange = std::make_shared<Exchange>(std::move(request), shared_from_this());
  const Request* const view = &exchange->request;
  Responder responder(exchange);
  try {
    handler(std::shared_ptr<const Request>(std::move(exchange), view), std::move(responder));
  } catch (const std::exception& error) {
    // The Responder has answered 500 on its way out.
    spdlog::error("the handler of {} failed: {}", pattern_, error.what());
  }
}

void Conversation::answer(Response response) {
  if (transport_->on_own_thread()) {
    if (phase_ == Phase::handling) write_answer(std::move(response));
    return;
  }
  transport_->post([self = shared_from_this(), response = std::move(response)]() mutable {
    if (self->phase_ == Phase::handling) self->write_answer(std::move(response));
  });
}

void Conversation::write_answer(Response response) {
  phase_ = Phase::writing;
  status_ = response.status;
  if (service_->stopping) keep_alive_ = false;
  set_deadline(service_->options.idle_timeout);
  head_.clear();
  append_head(head_, response, transport_->date(), keep_alive_);
  body_.clear();
  std::string_view body;
  // A small body is cheaper behind the head than in a buffer of its own.
  constexpr std::size_t small = 1 << 10;
  if (!head_only_ && response.content().size() <= small) {
    head_ += response.content();
  } else if (!head_only_) {
    body_ = std::move(response.body);
    body = response.lasting_body.empty() ? body_ : response.lasting_body;
  }
  transport_->write(shared_from_this(), head_, body);
}

void Conversation::on_written(bool all) {
  if (phase_ == Phase::closed) return;
  if (phase_ == Phase::writing) return finish_answer(all);
  if (!all) return close();
  if (phase_ == Phase::reading) return read();  // it was told to go on
  writing_events_ = false;
  set_deadline(heartbeat);
  write_events();
}

void Conversation::finish_answer(bool all) {
  if (service_->observer) {
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begun_;
    service_->observer(pattern_, method_, status_, took.count());
  }
  held_.release();
  if (!all) return close();
  if (keep_alive_) {
    phase_ = Phase::reading;
    set_deadline(service_->options.idle_timeout);
    return input_.empty() ? read() : process_input();
  }
  // Closing with bytes unread would reset the connection and could take the answer back from the
  // client.
  phase_ = Phase::lingering;
  set_deadline(linger);
  transport_->stop_sending();
  read();
}

std::shared_ptr<EventStream> Conversation::open_stream() {
  auto queue = std::make_shared<EventQueue>();
  auto stream = std::make_shared<ClientStream>(shared_from_this(), queue);
  transport_->post([self = shared_from_this(), queue] {
    self->events_ = queue;
    if (self->phase_ == Phase::handling) return self->start_stream();
    queue->close();
  });
  return stream;
}

void Conversation::start_stream() {
  phase_ = Phase::streaming;
  held_.release();
  set_deadline(heartbeat);
  if (head_only_) {
    events_->end();
    events_->take_all();
  }
  events_->push_first("HTTP/1.1 200 OK\r\nDate: " + std::string(transport_->date()) +
                      "\r\nContent-Type: text/event-stream\r\nCache-Control: "
                      "no-store\r\nConnection: close\r\n\r\n");
  write_events();
  read();  // to see the client go
}

void Conversation::flush_stream() {
  transport_->post([self = shared_from_this()] {
    if (self->phase_ == Phase::streaming) self->write_events();
  });
}

void Conversation::end_stream() {
  transport_->post([self = shared_from_this()] {
    if (!self->events_) return;
    self->events_->end();
    if (self->phase_ == Phase::streaming) self->write_events();
  });
}

void Conversation::write_events() {
  if (writing_events_) return;
  body_ = events_->take_all();
  if (body_.empty()) {
    if (events_->finished()) close();
    return;
  }
  writing_events_ = true;
  set_deadline(service_->options.idle_timeout);
  transport_->write(shared_from_this(), body_, {});
}

}  // namespace bytebasket::http
