// Whether bytes are text.
#pragma once

#include <string_view>

namespace bytebasket {

/// As Unicode says: no shorter forms, no surrogates, nothing beyond U+10FFFF. Byte by byte: what
/// every event passes is checked by simdjson.
bool is_utf8(std::string_view text);

}  // namespace bytebasket
