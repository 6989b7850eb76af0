// Text of others on its way to a terminal or a log.
#pragma once

#include <string>
#include <string_view>

namespace bytebasket {

/// `text` with its control characters spelt (`\n`, `\x1b`), so that what a client sent can neither
/// begin a line of its own nor steer a terminal. All else stays, whether or not it is UTF-8.
std::string printable(std::string_view text);

}  // namespace bytebasket
