// The yardstick for the collector: a server that does nothing but receive and answer. It finds the
// end of a request by its Content-Length, reads none of it, and sends a 200 that it has ready.
#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <charconv>
#include <cstdint>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

namespace bytebasket::bench {

/// The CPU time of a thread so far, by its clock.
inline std::int64_t cpu_ns(clockid_t thread) {
  timespec now{};
  clock_gettime(thread, &now);
  return now.tv_sec * 1'000'000'000 + now.tv_nsec;
}

/// One thread with epoll. Its clients send a request, wait for the answer, and go on: what the
/// benchmark's do.
class BareServer {
 public:
  /// Listens at a free port of loopback; `started()` says whether that went well.
  BareServer() : listener_(::socket(AF_INET, SOCK_STREAM, 0)), poll_(::epoll_create1(0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof(address);
    auto* const any = reinterpret_cast<sockaddr*>(&address);
    if (::bind(listener_, any, size) != 0 || ::listen(listener_, 128) != 0 ||
        ::getsockname(listener_, any, &size) != 0)
      return;
    port_ = ntohs(address.sin_port);
    watch(listener_);
    thread_ = std::thread([this] { serve(); });
    pthread_getcpuclockid(thread_.native_handle(), &clock_);
  }
  ~BareServer() {
    stopping_ = true;
    if (thread_.joinable()) thread_.join();
    for (const int socket : clients_) ::close(socket);
    ::close(poll_);
    ::close(listener_);
  }
  BareServer(const BareServer&) = delete;
  BareServer& operator=(const BareServer&) = delete;

  [[nodiscard]] bool started() const { return port_ != 0; }
  [[nodiscard]] std::uint16_t port() const { return port_; }
  /// The CPU time of the serving thread so far.
  [[nodiscard]] std::int64_t cpu_ns() const { return bench::cpu_ns(clock_); }

 private:
  static constexpr std::string_view answer =
      "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 16\r\n\r\n"
      "{\"success\":true}";

  void watch(int socket) const {
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.fd = socket;
    ::epoll_ctl(poll_, EPOLL_CTL_ADD, socket, &event);
  }

  void serve() {
    std::array<epoll_event, 64> events{};
    while (!stopping_) {
      const int count = ::epoll_wait(poll_, events.data(), static_cast<int>(events.size()), 50);
      for (int i = 0; i < count; ++i) {
        const int socket = events[static_cast<std::size_t>(i)].data.fd;
        if (socket == listener_) {
          take_in();
        } else {
          receive(socket);
        }
      }
    }
  }

  void take_in() {
    const int client = ::accept(listener_, nullptr, nullptr);
    if (client < 0) return;
    const int on = 1;
    ::setsockopt(client, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
    clients_.push_back(client);
    missing_.resize(std::max(missing_.size(), static_cast<std::size_t>(client) + 1));
    watch(client);
  }

  void receive(int socket) {
    const ssize_t size = ::recv(socket, buffer_.data(), buffer_.size(), 0);
    if (size <= 0) {
      ::epoll_ctl(poll_, EPOLL_CTL_DEL, socket, nullptr);
      return;
    }
    std::size_t& missing = missing_[static_cast<std::size_t>(socket)];
    if (missing == 0) missing = request_size({buffer_.data(), static_cast<std::size_t>(size)});
    missing -= std::min(missing, static_cast<std::size_t>(size));
    if (missing == 0) ::send(socket, answer.data(), answer.size(), MSG_NOSIGNAL);
  }

  /// Of the request that begins in `bytes`, whose headers come in one piece.
  static std::size_t request_size(std::string_view bytes) {
    static constexpr std::string_view name = "Content-Length: ";
    const std::size_t head = bytes.find("\r\n\r\n");
    const std::size_t length = bytes.substr(0, head).find(name);
    std::size_t body = 0;
    if (length != std::string_view::npos)
      std::from_chars(bytes.data() + length + name.size(), bytes.data() + head, body);
    return head + 4 + body;
  }

  int listener_;
  int poll_;
  std::uint16_t port_ = 0;
  std::array<char, 64 << 10> buffer_{};
  std::vector<int> clients_;
  std::vector<std::size_t> missing_;  ///< bytes of the request under way, by socket
  std::atomic<bool> stopping_{false};
  clockid_t clock_{};
  std::thread thread_;
};

}  // namespace bytebasket::bench
