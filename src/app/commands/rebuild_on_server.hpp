// A rebuild by a running ByteBasket, asked for and followed over HTTP.
#pragma once

#include "app/rebuild/rebuild_request.hpp"
#include "app/remote/server_call.hpp"
#include "base/result.hpp"

namespace bytebasket::app {

/// Returns when the new tables serve.
Status rebuild_on_server(const ServerAddress& server, const RebuildRequest& request);

}  // namespace bytebasket::app
