#include "http/listening_socket.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

namespace bytebasket::http {

namespace asio = boost::asio;
using boost::system::error_code;
using tcp = asio::ip::tcp;

Result<ListeningSocket> listen_at(const std::string& address, std::uint16_t port) {
  error_code error;
  const auto ip = asio::ip::make_address(address == "localhost" ? "127.0.0.1" : address, error);
  if (error) {
    return fail(ErrorCode::invalid_argument,
                "'" + address + "' is no IP address to listen at (for example 127.0.0.1)");
  }
  const tcp::endpoint endpoint(ip, port);
  asio::io_context context;
  tcp::acceptor acceptor(context);
  const auto step = [&](auto action) {
    if (!error) action();
  };
  step([&] { acceptor.open(endpoint.protocol(), error); });
  step([&] { acceptor.set_option(asio::socket_base::reuse_address(true), error); });
  step([&] { acceptor.bind(endpoint, error); });
  step([&] { acceptor.listen(asio::socket_base::max_listen_connections, error); });
  const std::string where = address + ":" + std::to_string(port);
  if (error == asio::error::address_in_use) {
    return fail(ErrorCode::already_exists,
                "cannot listen at " + where +
                    ": another program does; stop that one or choose another port");
  }
  if (error == asio::error::access_denied) {
    return fail(ErrorCode::permission_denied,
                "may not listen at " + where + ": ports below 1024 need a privilege");
  }
  const auto bound = error ? tcp::endpoint() : acceptor.local_endpoint(error);
  const int descriptor = error ? -1 : acceptor.release(error);
  if (error)
    return fail(ErrorCode::unavailable, "cannot listen at " + where + ": " + error.message());
  return ListeningSocket{descriptor, ip.is_v6(), bound.port()};
}

}  // namespace bytebasket::http
