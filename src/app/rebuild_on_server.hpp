// A rebuild by a running ByteBasket, asked for and followed over HTTP.
#pragma once

#include "app/command.hpp"
#include "app/rebuild_request.hpp"
#include "base/result.hpp"

namespace bytebasket::app {

/// Returns when the new tables serve.
Status rebuild_on_server(const CommandContext& context, const RebuildRequest& request);

}  // namespace bytebasket::app
