// Bytes as text and back (RFC 4648).
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace bytebasket {

/// In the standard alphabet, padded.
std::string encode_base64(std::string_view bytes);

/// Takes either alphabet, with or without padding; nullopt for anything else.
std::optional<std::string> decode_base64(std::string_view text);

}  // namespace bytebasket
