// Bodies that are sent compressed.
#pragma once

#include <string>
#include <string_view>

namespace bytebasket::producers::delivery {

/// RFC 1952, level 1.
std::string gzip(std::string_view bytes);

}  // namespace bytebasket::producers::delivery
