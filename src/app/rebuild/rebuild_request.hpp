// What a rebuild is asked for, by a flag of the command line or over HTTP, and the options that
// follow from it.
#pragma once

#include "app/configuration/documents.hpp"
#include "schema/settings.hpp"
#include "verification/rebuild.hpp"

namespace bytebasket::app {

struct RebuildRequest {
  bool redecide = false;    ///< judge all payments again by the rules of today
  bool incomplete = false;  ///< also where the oldest events are gone
};

verification::RebuildOptions rebuild_options(const schema::Settings& settings,
                                             const Documents& documents,
                                             const RebuildRequest& request);

}  // namespace bytebasket::app
