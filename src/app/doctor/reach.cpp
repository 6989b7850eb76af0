#include "app/doctor/reach.hpp"

#include <cerrno>
#include <memory>
#include <string_view>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/errno_message.hpp"

namespace bytebasket::app {
namespace {

constexpr std::size_t most_bytes = 1 << 20;

struct HostPort {
  std::string host;
  std::string port;
};

Result<HostPort> split(const std::string& address) {
  const std::size_t colon = address.rfind(':');
  const bool split_well = colon != std::string::npos && colon > 0 && colon + 1 < address.size();
  if (!split_well) {
    return fail(ErrorCode::invalid_argument,
                fmt::format("'{}' is no address: HOST:PORT is wanted", address));
  }
  std::string host = address.substr(0, colon);
  if (host.front() == '[' && host.back() == ']') host = host.substr(1, host.size() - 2);
  return HostPort{std::move(host), address.substr(colon + 1)};
}

class Socket {
 public:
  explicit Socket(const addrinfo& place)
      : file_(::socket(place.ai_family, place.ai_socktype | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)) {}
  ~Socket() {
    if (file_ >= 0) ::close(file_);
  }
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;

  /// 0 where it connects, else the errno that says why not.
  int connect(const addrinfo& place, Milliseconds patience) const {
    if (file_ < 0) return errno;
    if (::connect(file_, place.ai_addr, place.ai_addrlen) == 0) return 0;
    if (errno != EINPROGRESS) return errno;
    pollfd wait{.fd = file_, .events = POLLOUT, .revents = 0};
    const int ready = ::poll(&wait, 1, static_cast<int>(patience.count()));
    if (ready == 0) return ETIMEDOUT;
    if (ready < 0) return errno;
    int error = 0;
    socklen_t size = sizeof error;
    return ::getsockopt(file_, SOL_SOCKET, SO_ERROR, &error, &size) == 0 ? error : errno;
  }

  [[nodiscard]] Status send(std::string_view bytes, Milliseconds patience) const {
    while (!bytes.empty()) {
      BB_RETURN_IF_ERROR(wait_for(POLLOUT, patience));
      const ssize_t sent = ::send(file_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0) return fail(broken());
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return ok();
  }

  [[nodiscard]] Result<std::string> receive(std::size_t size, Milliseconds patience) const {
    std::string bytes(size, '\0');
    for (std::size_t have = 0; have < size;) {
      BB_RETURN_IF_ERROR(wait_for(POLLIN, patience));
      const ssize_t got = ::recv(file_, bytes.data() + have, size - have, 0);
      if (got <= 0) return fail(broken());
      have += static_cast<std::size_t>(got);
    }
    return bytes;
  }

 private:
  static Error broken() { return {ErrorCode::unavailable, "the connection broke"}; }

  [[nodiscard]] Status wait_for(short event, Milliseconds patience) const {
    pollfd wait{.fd = file_, .events = event, .revents = 0};
    if (::poll(&wait, 1, static_cast<int>(patience.count())) == 1) return ok();
    return fail(ErrorCode::timed_out, "there was no answer");
  }

  int file_;
};

Error unreached(const std::string& address, int reason) {
  if (reason == ECONNREFUSED) {
    return {ErrorCode::unavailable,
            address +
                " refuses connections: nobody listens there; start the server, or mend the "
                "address in the configuration"};
  }
  if (reason == ETIMEDOUT) {
    return {ErrorCode::timed_out,
            address + " does not answer: look at the network and its firewalls"};
  }
  return {ErrorCode::unavailable, address + ": " + errno_message(reason)};
}

/// Connects to one of the host's addresses.
Result<std::unique_ptr<Socket>> connect(const std::string& address, Milliseconds patience) {
  BB_ASSIGN_OR_RETURN(const HostPort where, split(address));
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  const int failed = ::getaddrinfo(where.host.c_str(), where.port.c_str(), &hints, &found);
  if (failed != 0) {
    return fail(ErrorCode::not_found, fmt::format("{}: the name {} has no address ({}); look at "
                                                  "DNS, or mend the configuration",
                                                  address, where.host, ::gai_strerror(failed)));
  }
  const std::unique_ptr<addrinfo, void (*)(addrinfo*)> places(found, ::freeaddrinfo);
  int reason = ECONNREFUSED;
  for (const addrinfo* place = found; place != nullptr; place = place->ai_next) {
    auto socket = std::make_unique<Socket>(*place);
    reason = socket->connect(*place, patience);
    if (reason == 0) return socket;
  }
  return fail(unreached(address, reason));
}

}  // namespace

Status reach(const std::string& address, Milliseconds patience) {
  const auto socket = connect(address, patience);
  return socket ? ok() : fail(socket.error());
}

Result<std::string> exchange_frames(const std::string& address, const std::string& frame,
                                    Milliseconds patience) {
  BB_ASSIGN_OR_RETURN(const auto socket, connect(address, patience));
  std::string length;
  for (int shift = 24; shift >= 0; shift -= 8)
    length += static_cast<char>(frame.size() >> static_cast<unsigned>(shift));
  BB_RETURN_IF_ERROR(socket->send(length + frame, patience));
  BB_ASSIGN_OR_RETURN(const std::string answered, socket->receive(length.size(), patience));
  std::size_t size = 0;
  for (const char byte : answered) size = size << 8 | static_cast<unsigned char>(byte);
  if (size > most_bytes) return fail(ErrorCode::corrupt, address + " answers in no frames");
  return socket->receive(size, patience);
}

}  // namespace bytebasket::app
