// Times in the forms that files have them.
#pragma once

#include <string_view>

#include "base/result.hpp"
#include "base/time.hpp"

namespace bytebasket::producers::import_ {

/// `invalid_argument` unless `format` is rfc3339, epoch-ms, epoch-s or a pattern with %Y, %m and
/// %d.
Status check_time_format(std::string_view format);

/// Reads `text` as `format` says. Times without a zone are UTC. In a pattern %Y takes four digits,
/// %m %d %H %M %S one or two, and all else stands for itself.
Result<Timestamp> parse_time(std::string_view text, std::string_view format);

}  // namespace bytebasket::producers::import_
