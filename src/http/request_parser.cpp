#include "http/request_parser.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include <boost/asio/buffer.hpp>
#include <boost/beast/core/string.hpp>
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
  const char* flaw = nullptr;  ///< what is wrong, where Beast sees nothing wrong

 private:
  using Field = beast::http::field;

  void on_request_impl(beast::http::verb, BeastText method, BeastText target, int version,
                       error_code&) override {
    version_ = version;
    request.method.assign(method.data(), method.size());
    request.target.assign(target.data(), target.size());
  }
  void on_response_impl(int, BeastText, int, error_code&) override {}
  void on_field_impl(Field field, BeastText name, BeastText value, error_code& error) override {
    if (head_done_) return;
    if (field == Field::host) ++hosts_;
    if (field == Field::transfer_encoding && !takes(value))
      return refuse("the only Transfer-Encoding is `chunked`, once, in HTTP/1.1", error);
    if (request.headers.empty()) request.headers.reserve(12);
    request.headers.emplace_back(lower_case(name), std::string(value.data(), value.size()));
  }
  void on_header_impl(error_code& error) override {
    head_done_ = true;
    if (hosts_ > 1 || (hosts_ == 0 && version_ > 10)) refuse("it must name one Host", error);
  }
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

  /// Of anything else Beast would not say where the body ends.
  bool takes(BeastText encoding) {
    return version_ > 10 && !std::exchange(encoded_, true) &&
           beast::iequals(encoding, BeastText("chunked"));
  }
  void refuse(const char* why, error_code& error) {
    flaw = why;
    error = beast::http::error::bad_field;
  }

  int version_ = 11;
  int hosts_ = 0;
  bool encoded_ = false;
  bool head_done_ = false;
};

Response failure_of(const error_code& error, const char* flaw) {
  using Reason = beast::http::error;
  if (flaw != nullptr) return problem(400, "Bad Request", flaw);
  if (error == Reason::body_limit)
    return problem(413, "Content Too Large", "the body is larger than is allowed");
  if (error == Reason::header_limit || error == Reason::buffer_overflow) {
    return problem(431, "Request Header Fields Too Large",
                   "the headers, or the lines around chunks, are larger than is allowed");
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
    if (error == beast::http::error::need_more && bytes.size() - used <= impl_->max_header_bytes)
      return used;
    // Lines between and behind chunks have no limit of Beast's.
    if (error == beast::http::error::need_more) error = beast::http::error::header_limit;
    if (error) {
      impl_->failure = failure_of(error, impl_->parser->flaw);
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

std::size_t RequestParser::body_bytes() const { return impl_->parser->request.body.size(); }

bool RequestParser::keep_alive() const { return impl_->parser->keep_alive(); }
const Response& RequestParser::failure() const { return *impl_->failure; }

Request RequestParser::take() {
  Request request = std::move(impl_->parser->request);
  impl_->start();
  return request;
}

}  // namespace bytebasket::http
