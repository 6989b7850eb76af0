// Where a NameNode sends us for the bytes.
#pragma once

#include <string_view>

#include "base/result.hpp"

namespace bytebasket::storage {

/// `permission_denied` where `to` leaves TLS that `from` spoke: what is sent there, a file's bytes
/// and the token in the address, could be read by everybody between.
Status check_redirect(std::string_view from, std::string_view to);

}  // namespace bytebasket::storage
