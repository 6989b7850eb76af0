// Who is asked and who asks, as the headers of a request say it.
#pragma once

#include <string_view>

#include "http/server.hpp"

namespace bytebasket::http {

/// True for the addresses of this machine to itself, such as 127.0.0.1, ::1 and ::ffff:127.0.0.1.
bool is_loopback_address(std::string_view address);

/// True where a Host header, with or without a port, names this machine as nobody else's name
/// server can: by a loopback address, or `localhost`.
bool names_loopback(std::string_view host);

/// Whom the nearest proxy speaks for: the last address of the last X-Forwarded-For, which that
/// proxy wrote; what stands before it came with the request. Empty where there is none.
std::string_view forwarded_for(const Request& request);

}  // namespace bytebasket::http
