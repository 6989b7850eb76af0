#include "app/rebuild/rebuild_request.hpp"

#include <algorithm>
#include <thread>

namespace bytebasket::app {

verification::RebuildOptions rebuild_options(const schema::Settings& settings,
                                             const Documents& documents,
                                             const RebuildRequest& request) {
  verification::RebuildOptions options;
  options.replay.memory = settings.processing.memory;
  options.replay.max_records = static_cast<std::size_t>(settings.processing.max_batch);
  options.replay.retention = grain_retention(settings);
  options.threads = std::max(std::thread::hardware_concurrency(), 1U);
  options.incomplete = request.incomplete;
  for (const auto& document : documents.all) {
    if (document.kind != "fraud" || request.redecide) options.documents.push_back(document);
  }
  return options;
}

}  // namespace bytebasket::app
