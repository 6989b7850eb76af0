// Bytes → requests. Knows no sockets.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "http/server.hpp"

namespace bytebasket::http {

/// Parses the requests of one connection, one after another. RFC 9112 is kept by Boost.Beast's
/// parser: a request with two lengths, a bad chunk or a bad header is refused. So is here what a
/// proxy might read otherwise: an encoding besides `chunked`, and two hosts or none. Nobody can
/// smuggle a second request in the first. What stands behind a chunked body (trailers) is dropped:
/// no proxy looks at it, so it must not become a header.
class RequestParser {
 public:
  RequestParser(std::size_t max_header_bytes, std::size_t max_body_bytes);
  ~RequestParser();

  enum class State {
    idle,      ///< nothing of a request has come
    head,      ///< within the headers
    body,      ///< headers are complete
    complete,  ///< call take()
    failed,    ///< see failure(); the connection cannot go on
  };

  /// Takes what it can from `bytes` and says how much that was: present the rest again, with more
  /// after it.
  std::size_t feed(std::string_view bytes);
  [[nodiscard]] State state() const;

  /// True once, where the client waits for `100 Continue` before it sends the body.
  bool wants_continue();
  /// The length that the headers give; the largest allowed where they give none.
  [[nodiscard]] std::size_t expected_body_bytes() const;
  /// How much of the body has come.
  [[nodiscard]] std::size_t body_bytes() const;
  [[nodiscard]] bool keep_alive() const;

  /// The answer to a request that failed.
  [[nodiscard]] const Response& failure() const;

  /// Hands the complete request over (path and query not yet decoded) and starts anew.
  Request take();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace bytebasket::http
