#include "http/server.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <unistd.h>

#include "base/log.hpp"
#include "http/conversation.hpp"
#include "http/listening_socket.hpp"
#include "http/response_text.hpp"

namespace bytebasket::http {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;
using tcp = asio::ip::tcp;
using Executor = asio::io_context::executor_type;
using Socket = asio::basic_stream_socket<tcp, Executor>;
using Acceptor = asio::basic_socket_acceptor<tcp, Executor>;
using Timer = asio::basic_waitable_timer<std::chrono::steady_clock,
                                         asio::wait_traits<std::chrono::steady_clock>, Executor>;

constexpr Milliseconds tick{250};
constexpr Milliseconds accept_pause{100};    ///< when the process has no file descriptor left
constexpr std::size_t read_size = 64 << 10;  ///< most batches in one piece

class SocketTransport;

/// One thread, its sockets and its clock tick. Each connection lives on one worker's thread only.
struct Worker {
  asio::io_context context{1};
  Timer timer{context};
  std::vector<SocketTransport*> connections;
  std::array<char, read_size> read_buffer{};
  std::string date;
  std::thread thread;
};

/// What connections share. They keep it alive, so that an answer that comes after the server is
/// gone finds it.
struct Core : Service {
  using Service::Service;

  std::vector<std::unique_ptr<Worker>> workers;
  std::atomic<bool> stopped{false};  ///< the threads are gone: nothing may be posted any more
  std::atomic<std::size_t> connection_count{0};
  std::mutex mutex;
  std::condition_variable connection_gone;
};

class SocketTransport final : public Transport {
 public:
  SocketTransport(std::shared_ptr<Core> core, Worker& worker, Socket socket)
      : core_(std::move(core)),
        worker_(worker),
        place_(worker.connections.size()),
        socket_(std::move(socket)) {
    error_code ignored;
    socket_.set_option(tcp::no_delay(true), ignored);
    socket_.non_blocking(true, ignored);
    worker_.connections.push_back(this);
  }

  void set_conversation(const std::shared_ptr<Conversation>& conversation) {
    conversation_ = conversation;
  }
  [[nodiscard]] std::shared_ptr<Conversation> conversation() const { return conversation_.lock(); }

  void read(std::shared_ptr<Conversation> reader) override {
    // The bytes are taken out of the buffer at once, so all connections of a thread can share it.
    socket_.async_wait(Socket::wait_read, [this, reader = std::move(reader)](error_code error) {
      std::size_t size = 0;
      if (!error) size = socket_.read_some(asio::buffer(worker_.read_buffer), error);
      if (error == asio::error::would_block) return read(reader);
      if (error) return reader->on_gone();
      reader->on_read({worker_.read_buffer.data(), size});
    });
  }

  void write(std::shared_ptr<Conversation> writer, std::string_view head,
             std::string_view body) override {
    const auto written = [writer = std::move(writer)](error_code error, std::size_t) {
      writer->on_written(!error);
    };
    const auto first = asio::buffer(head.data(), head.size());
    if (body.empty()) {
      asio::async_write(socket_, first, written);
    } else {
      asio::async_write(socket_, std::array{first, asio::buffer(body.data(), body.size())},
                        written);
    }
  }

  void stop_sending() override {
    error_code ignored;
    socket_.shutdown(Socket::shutdown_send, ignored);
  }

  void close() override {
    error_code ignored;
    socket_.close(ignored);
    // The last one takes the freed place in the worker's list.
    worker_.connections.back()->place_ = place_;
    std::swap(worker_.connections[place_], worker_.connections.back());
    worker_.connections.pop_back();
    const std::lock_guard lock(core_->mutex);
    --core_->connection_count;
    core_->connection_gone.notify_all();
  }

  void post(std::function<void()> action) override {
    if (on_own_thread()) {
      action();
    } else if (!core_->stopped) {
      asio::post(worker_.context, std::move(action));
    }
  }

  [[nodiscard]] bool on_own_thread() const override {
    return worker_.thread.get_id() == std::this_thread::get_id();
  }
  [[nodiscard]] std::string_view date() const override { return worker_.date; }
  [[nodiscard]] std::string remote_address() const override {
    error_code error;
    const auto endpoint = socket_.remote_endpoint(error);
    return error ? std::string() : endpoint.address().to_string();
  }

 private:
  const std::shared_ptr<Core> core_;
  Worker& worker_;
  std::size_t place_;  ///< in worker_.connections
  Socket socket_;
  std::weak_ptr<Conversation> conversation_;  ///< which owns this
};

/// Looks after a worker's deadlines and its Date header.
void run_tick(const std::shared_ptr<Core>& core, Worker& worker) {
  worker.date = http_date(SystemClock().now());
  const SteadyTime now = std::chrono::steady_clock::now();
  // From the back: a connection that closes is replaced by the last one, which has been looked at.
  for (std::size_t i = worker.connections.size(); i-- > 0;) {
    const auto conversation = worker.connections[i]->conversation();
    if (core->stopping) conversation->retire();
    conversation->check_deadline(now);
  }
  worker.timer.expires_after(tick);
  worker.timer.async_wait([&core, &worker](error_code error) {
    if (!error) run_tick(core, worker);
  });
}

}  // namespace

struct Server::Impl {
  explicit Impl(ServerOptions options) : core(std::make_shared<Core>(std::move(options))) {}

  Status listen();
  void accept();
  void take_in(Socket socket, Worker& worker);
  void turn_away(Socket socket);
  void close_all();

  std::shared_ptr<Core> core;
  std::optional<Acceptor> acceptor;
  std::optional<Timer> accept_again;
  std::size_t next_worker = 0;
  std::uint16_t port = 0;
  bool started = false;
};

Status Server::Impl::listen() {
  BB_ASSIGN_OR_RETURN(const ListeningSocket socket,
                      listen_at(core->options.address, core->options.port));
  error_code error;
  acceptor.emplace(core->workers.front()->context);
  acceptor->assign(socket.ipv6 ? tcp::v6() : tcp::v4(), socket.descriptor, error);
  if (error) {
    ::close(socket.descriptor);
    return fail(ErrorCode::unavailable, "cannot wait for connections: " + error.message());
  }
  port = socket.port;
  return ok();
}

void Server::Impl::accept() {
  Worker& worker = *core->workers[next_worker++ % core->workers.size()];
  acceptor->async_accept(worker.context, [this, &worker](error_code error, Socket socket) {
    if (!acceptor->is_open() || error == asio::error::operation_aborted) return;
    if (error) {
      spdlog::warn("cannot accept a connection: {}", error.message());
      accept_again->expires_after(accept_pause);
      accept_again->async_wait([this](error_code stopped) {
        if (!stopped) accept();
      });
      return;
    }
    if (core->connection_count >= core->options.max_connections) {
      turn_away(std::move(socket));
    } else {
      take_in(std::move(socket), worker);
    }
    accept();
  });
}

void Server::Impl::take_in(Socket socket, Worker& worker) {
  ++core->connection_count;
  asio::post(worker.context, [core = core, &worker, socket = std::move(socket)]() mutable {
    auto transport = std::make_unique<SocketTransport>(core, worker, std::move(socket));
    SocketTransport& below = *transport;
    const auto conversation = std::make_shared<Conversation>(core, std::move(transport));
    below.set_conversation(conversation);
    conversation->start();
  });
}

void Server::Impl::turn_away(Socket socket) {
  Response response = problem(503, "Service Unavailable", "too many connections; try again later");
  response.headers.emplace_back("Retry-After", "1");
  std::string text;
  append_head(text, response, http_date(SystemClock().now()), false);
  text += response.body;
  error_code ignored;
  socket.non_blocking(true, ignored);
  socket.write_some(asio::buffer(text), ignored);
  socket.shutdown(Socket::shutdown_send, ignored);
}

void Server::Impl::close_all() {
  for (const auto& worker : core->workers) {
    asio::post(worker->context, [&worker = *worker] {
      worker.timer.cancel();
      while (!worker.connections.empty()) worker.connections.back()->conversation()->close();
      worker.context.stop();
    });
  }
  for (const auto& worker : core->workers) worker->thread.join();
  core->stopped = true;
  // What the closing has ended still holds connections, which hold the core: let it run out.
  for (const auto& worker : core->workers) {
    worker->context.restart();
    worker->context.poll();
  }
}

Server::Server(ServerOptions options) : impl_(std::make_unique<Impl>(std::move(options))) {}
Server::~Server() { stop(); }

void Server::route(std::string method, std::string path, Handler handler) {
  impl_->core->router.add(std::move(method), std::move(path), std::move(handler));
}

void Server::on_finished(
    std::function<void(std::string_view, std::string_view, unsigned, double)> observer) {
  impl_->core->observer = std::move(observer);
}

Status Server::start() {
  Core& core = *impl_->core;
  const unsigned threads = std::max(1U, core.options.threads);
  for (unsigned i = 0; i < threads; ++i) core.workers.push_back(std::make_unique<Worker>());
  if (auto status = impl_->listen(); !status) {
    impl_->acceptor.reset();
    core.workers.clear();
    return status;
  }
  impl_->accept_again.emplace(core.workers.front()->context);
  impl_->accept();
  for (const auto& worker : core.workers) {
    run_tick(impl_->core, *worker);
    worker->thread = std::thread([&context = worker->context] {
      const auto stay = asio::make_work_guard(context);
      context.run();
    });
  }
  impl_->started = true;
  return ok();
}

void Server::stop(Milliseconds grace) {
  if (!impl_->started) return;
  impl_->started = false;
  Core& core = *impl_->core;
  asio::post(core.workers.front()->context, [this] {
    impl_->acceptor->close();
    impl_->accept_again->cancel();
  });
  core.stopping = true;
  for (const auto& worker : core.workers) {
    asio::post(worker->context, [&worker = *worker] {
      for (std::size_t i = worker.connections.size(); i-- > 0;)
        worker.connections[i]->conversation()->retire();
    });
  }
  {
    std::unique_lock lock(core.mutex);
    core.connection_gone.wait_for(lock, grace, [&] { return core.connection_count == 0; });
  }
  impl_->close_all();
  impl_->acceptor.reset();
  impl_->accept_again.reset();
}

std::uint16_t Server::port() const { return impl_->port; }

}  // namespace bytebasket::http
