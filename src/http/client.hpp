// A blocking HTTP/1.1 client for loopback and private networks: the command line's `--url`, the
// mock shop, the tests.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"

namespace bytebasket::http {

struct ClientResponse {
  unsigned status = 0;
  std::vector<std::pair<std::string, std::string>> headers;  ///< names in lower case
  std::string body;
};

/// One keep-alive connection to `http://host:port`; reconnects by itself. Not thread-safe.
class Client {
 public:
  /// `base_url` is `http://host[:port][/prefix]`; `invalid_argument` for anything else.
  static Result<Client> create(std::string_view base_url,
                               Milliseconds timeout = Milliseconds(30'000));
  ~Client();
  Client(Client&&) noexcept;
  Client& operator=(Client&&) noexcept;

  /// `unavailable` when nothing answers, `timed_out` when it takes too long.
  Result<ClientResponse> send(std::string_view method, std::string_view target,
                              const std::vector<std::pair<std::string, std::string>>& headers,
                              std::string body);

 private:
  struct Impl;
  explicit Client(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace bytebasket::http
