// What a NameNode or DataNode says when it does not do what it was asked.
#pragma once

#include <string_view>

#include "base/result.hpp"

namespace bytebasket::storage {

struct RemoteError {
  Error error;
  bool another = false;  ///< another NameNode may serve it, or this one later
};

/// Reads `{"RemoteException":{"exception":…,"message":…}}`.
RemoteError remote_error(long status, std::string_view body);

}  // namespace bytebasket::storage
