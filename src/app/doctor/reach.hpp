// Whether somebody listens at an address, and what he answers: the first questions when a server
// seems to be away.
#pragma once

#include <string>

#include "base/result.hpp"
#include "base/time.hpp"

namespace bytebasket::app {

/// Connects to `HOST:PORT` (`[::1]:9042` for IPv6) and hangs up. `invalid_argument` where it is no
/// such address, `not_found` where the host has none, `unavailable` where nobody takes the
/// connection, `timed_out` after `patience`; the message says what to look at.
Status reach(const std::string& address, Milliseconds patience);

/// Connects, sends a frame with its length before it (four bytes, big-endian), and gives the frame
/// that is answered in the same form.
Result<std::string> exchange_frames(const std::string& address, const std::string& frame,
                                    Milliseconds patience);

}  // namespace bytebasket::app
