#include "http/client.hpp"

#include <charconv>
#include <optional>

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>

namespace bytebasket::http {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
using beast::error_code;
using tcp = asio::ip::tcp;

constexpr std::uint64_t largest_answer = 1 << 30;

struct Url {
  std::string host;
  std::string port = "80";
  std::string prefix;
};

Result<Url> parse_url(std::string_view text) {
  const auto wrong = [&] {
    return fail(
        ErrorCode::invalid_argument,
        "'" + std::string(text) + "' is no address of the form http://host[:port][/prefix]");
  };
  static constexpr std::string_view scheme = "http://";
  if (!text.starts_with(scheme)) return wrong();
  std::string_view rest = text.substr(scheme.size());
  Url url;
  const std::size_t slash = rest.find('/');
  if (slash != std::string_view::npos) url.prefix = rest.substr(slash);
  while (url.prefix.ends_with('/')) url.prefix.pop_back();
  std::string_view authority = rest.substr(0, slash);
  if (authority.starts_with('[')) {
    const std::size_t bracket = authority.find(']');
    if (bracket == std::string_view::npos) return wrong();
    url.host = authority.substr(1, bracket - 1);
    authority.remove_prefix(bracket + 1);
    if (!authority.empty() && authority.front() != ':') return wrong();
  } else {
    url.host = authority.substr(0, authority.find(':'));
    authority.remove_prefix(url.host.size());
  }
  if (!authority.empty()) url.port = authority.substr(1);
  unsigned port = 0;
  const auto [end, error] =
      std::from_chars(url.port.data(), url.port.data() + url.port.size(), port);
  const bool is_port =
      error == std::errc() && end == url.port.data() + url.port.size() && port > 0 && port < 65'536;
  if (url.host.empty() || !is_port) return wrong();
  return url;
}

}  // namespace

struct Client::Impl {
  Impl(Url where, Milliseconds limit) : url(std::move(where)), timeout(limit) {}

  using Message = beast::http::request<beast::http::string_body>;
  using Parser = beast::http::response_parser<beast::http::string_body>;

  /// Starts an operation of the stream, waits for it and gives its outcome.
  template <typename Start>
  error_code wait(Start start) {
    error_code outcome = asio::error::would_block;
    start([&outcome](error_code error, auto&&...) { outcome = error; });
    context.restart();
    context.run();
    return outcome;
  }

  Error failed(const error_code& error) const {
    const std::string where = "http://" + url.host + ":" + url.port;
    if (error == beast::error::timeout) {
      return {ErrorCode::timed_out, where + " gave no answer within " + format_duration(timeout)};
    }
    return {ErrorCode::unavailable, "cannot talk to " + where + ": " + error.message()};
  }

  error_code connect() {
    error_code error;
    tcp::resolver resolver(context);
    const auto endpoints = resolver.resolve(url.host, url.port, error);
    if (error) return error;
    stream.emplace(context);
    buffer.clear();
    stream->expires_after(timeout);
    error = wait([&](auto done) { stream->async_connect(endpoints, done); });
    if (!error) stream->socket().set_option(tcp::no_delay(true), error);
    if (error) stream.reset();
    return error;
  }

  error_code exchange(const Message& message, std::optional<Parser>& parser) {
    parser.emplace();
    parser->body_limit(largest_answer);
    if (message.method() == beast::http::verb::head) parser->skip(true);
    stream->expires_after(timeout);
    error_code error = wait([&](auto done) { beast::http::async_write(*stream, message, done); });
    if (!error)
      error = wait([&](auto done) { beast::http::async_read(*stream, buffer, *parser, done); });
    if (error || !parser->get().keep_alive()) stream.reset();
    return error;
  }

  Result<ClientResponse> send(const Message& message) {
    std::optional<Parser> parser;
    const bool reused = stream.has_value();
    error_code error = reused ? exchange(message, parser) : connect();
    if (reused && error && error != beast::error::timeout && !parser->got_some()) {
      // The server had closed the idle connection; nothing of this request was answered.
      error = connect();
      if (!error) error = exchange(message, parser);
    } else if (!reused && !error) {
      error = exchange(message, parser);
    }
    if (error) return fail(failed(error));
    ClientResponse response;
    response.status = parser->get().result_int();
    for (const auto& field : parser->get()) {
      std::string name(field.name_string().data(), field.name_string().size());
      for (char& c : name) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
      response.headers.emplace_back(std::move(name),
                                    std::string(field.value().data(), field.value().size()));
    }
    response.body = std::move(parser->get().body());
    return response;
  }

  Url url;
  Milliseconds timeout;
  asio::io_context context{1};
  std::optional<beast::tcp_stream> stream;
  beast::flat_buffer buffer;
};

Result<Client> Client::create(std::string_view base_url, Milliseconds timeout) {
  BB_ASSIGN_OR_RETURN(Url url, parse_url(base_url));
  return Client(std::make_unique<Impl>(std::move(url), timeout));
}

Client::Client(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Client::~Client() = default;
Client::Client(Client&&) noexcept = default;
Client& Client::operator=(Client&&) noexcept = default;

Result<ClientResponse> Client::send(std::string_view method, std::string_view target,
                                    const std::vector<std::pair<std::string, std::string>>& headers,
                                    std::string body) {
  Impl::Message message;
  message.version(11);
  message.method_string({method.data(), method.size()});
  message.target(impl_->url.prefix + std::string(target));
  const bool ipv6 = impl_->url.host.find(':') != std::string::npos;
  message.set(beast::http::field::host,
              (ipv6 ? "[" + impl_->url.host + "]" : impl_->url.host) + ":" + impl_->url.port);
  message.set(beast::http::field::user_agent, "bytebasket");
  try {
    for (const auto& [name, value] : headers) message.set(name, value);
    message.body() = std::move(body);
    if (!message.body().empty() || method == "POST" || method == "PUT") message.prepare_payload();
    return impl_->send(message);
  } catch (const std::exception& error) {
    return fail(ErrorCode::invalid_argument, "cannot send " + std::string(method) + " " +
                                                 std::string(target) + ": " + error.what());
  }
}

}  // namespace bytebasket::http
