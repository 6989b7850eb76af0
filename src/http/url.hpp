// Percent-encoding.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace bytebasket::http {

/// `a b` of `a%20b`; nullopt where a `%` is not followed by two hexadecimal digits. `plus_is_space`
/// holds in queries.
std::optional<std::string> percent_decode(std::string_view text, bool plus_is_space);

/// The parameters of `a=1&b=%20`, in order; nullopt where one cannot be decoded.
std::optional<std::vector<std::pair<std::string, std::string>>> parse_query(std::string_view query);

}  // namespace bytebasket::http
