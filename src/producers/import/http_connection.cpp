#include <thread>

#include "producers/import/http_sink.hpp"

namespace bytebasket::producers::import_ {

Result<std::unique_ptr<ImportSink>> make_http_sink(const HttpSinkOptions& options) {
  BB_ASSIGN_OR_RETURN(delivery::Post post, delivery::connect_to_collector(options.url));
  const auto wait = [](Milliseconds time) {
    std::this_thread::sleep_for(time);
    return true;
  };
  return make_http_sink(options, std::move(post), wait);
}

}  // namespace bytebasket::producers::import_
