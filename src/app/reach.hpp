// Whether somebody listens at an address: the first question when a server seems to be away.
#pragma once

#include <string>

#include "base/result.hpp"
#include "base/time.hpp"

namespace bytebasket::app {

/// Connects to `HOST:PORT` (`[::1]:9042` for IPv6) and hangs up. `invalid_argument` where it is no
/// such address, `not_found` where the host has none, `unavailable` where nobody takes the
/// connection, `timed_out` after `patience`; the message says what to look at.
Status reach(const std::string& address, Milliseconds patience);

}  // namespace bytebasket::app
