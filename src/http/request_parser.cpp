#include "http/request_parser.hpp"

#include <algorithm>
#include <optional>

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>

namespace bytebasket::http {
namespace {

namespace beast = boost::beast;
using beast::error_code;
using BeastText = beast::string_view;

constexpr std::size_t largest_reserve = 1 << 20;

std::string lower_case(BeastText text) {
  std::string lower(text.data(), text.size());
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return lower;
}

/// Beast's parser, writing straight into a Request.
class BeastParser final : public beast::http::basic_parser<true> {
 public:
  Request request;

 private:
  void on_request_impl(beast::http::verb, BeastText method, BeastText target, int,
                       error_code&) override {
    request.method.assign(method.data(), method.size());
    request.target.assign(target.data(), target.size());
  }
  void on_response_impl(int, BeastText, int, error_code&) override {}
  void on_field_impl(beast::http::field, BeastText name, BeastText value, error_code&) override {
    if (request.headers.empty()) request.headers.reserve(12);
    request.headers.emplace_back(lower_case(name), std::string(value.data(), value.size()));
  }
  void on_header_impl(error_code&) override {}
  void on_body_init_impl(const boost::optional<std::uint64_t>& length, error_code&) override {
    if (length) request.body.reserve(std::min<std::size_t>(*length, largest_reserve));
  }
  std::size_t on_body_impl(BeastText body, error_code&) override {
    request.body.append(body.data(), body.size());
    return body.size();
  }
  void on_chunk_header_impl(std::uint64_t, BeastText, error_code&) override {}
  std::size_t on_chunk_body_impl(std::uint64_t, BeastText body, error_code&) override {
    request.body.append(body.data(), body.size());
    return body.size();
  }
  void on_finish_impl(error_code&) override {}
};

Response failure_of(const error_code& error) {
  using Reason = beast::http::error;
  if (error == Reason::body_limit)
    return problem(413, "Content Too Large", "the body is larger than is allowed");
  if (error == Reason::header_limit || error == Reason::buffer_overflow) {
    return problem(431, "Request Header Fields Too Large",
                   "the headers are larger than is allowed");
  }
  return problem(400, "Bad Request", "this is no HTTP/1.1 request: " + error.message());
}

}  // namespace

struct RequestParser::Impl {
  std::size_t max_header_bytes;
  std::size_t max_body_bytes;
  std::optional<BeastParser> parser;
  std::optional<Response> failure;
  bool continued = false;

  void start() {
    parser.emplace();
    parser->header_limit(static_cast<std::uint32_t>(max_header_bytes));
    parser->body_limit(max_body_bytes);
    parser->eager(true);
    failure.reset();
    continued = false;
  }
};

RequestParser::RequestParser(std::size_t max_header_bytes, std::size_t max_body_bytes)
    : impl_(std::make_unique<Impl>(Impl{max_header_bytes, max_body_bytes, {}, {}})) {
  impl_->start();
}
RequestParser::~RequestParser() = default;

std::size_t RequestParser::feed(std::string_view bytes) {
  error_code error;
  std::size_t used = 0;
  while (used < bytes.size() && !impl_->parser->is_done()) {
    const std::size_t taken = impl_->parser->put(
        boost::asio::const_buffer(bytes.data() + used, bytes.size() - used), error);
    used += taken;
    if (error == beast::http::error::need_more) return used;
    if (error) {
      impl_->failure = failure_of(error);
      return used;
    }
  }
  return used;
}

RequestParser::State RequestParser::state() const {
  if (impl_->failure) return State::failed;
  if (impl_->parser->is_done()) return State::complete;
  if (impl_->parser->is_header_done()) return State::body;
  return impl_->parser->got_some() ? State::head : State::idle;
}

bool RequestParser::wants_continue() {
  if (impl_->continued || state() != State::body) return false;
  const std::string_view expected = impl_->parser->request.header("expect");
  impl_->continued = true;
  return expected == "100-continue" || expected == "100-Continue";
}

std::size_t RequestParser::expected_body_bytes() const {
  const auto length = impl_->parser->content_length();
  return length ? static_cast<std::size_t>(*length) : impl_->max_body_bytes;
}

bool RequestParser::keep_alive() const { return impl_->parser->keep_alive(); }
const Response& RequestParser::failure() const { return *impl_->failure; }

Request RequestParser::take() {
  Request request = std::move(impl_->parser->request);
  impl_->start();
  return request;
}

}  // namespace bytebasket::http
