// A socket that connections come in at, or why there can be none.
#pragma once

#include <cstdint>
#include <string>

#include "base/result.hpp"

namespace bytebasket::http {

struct ListeningSocket {
  int descriptor;      ///< whoever gets it closes it
  bool ipv6;           ///< else IPv4
  std::uint16_t port;  ///< a free one where 0 was asked for
};

/// Listens at an IP address, or at `localhost`. `already_exists` when the port is taken.
Result<ListeningSocket> listen_at(const std::string& address, std::uint16_t port);

}  // namespace bytebasket::http
