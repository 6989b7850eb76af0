// Imported events to a running ByteBasket: for `import --url`.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "producers/delivery/courier.hpp"
#include "producers/import/import.hpp"

namespace bytebasket::producers::import_ {

struct HttpSinkOptions {
  std::string url;  ///< `http://host:port`
  std::string write_key = "demo";
  std::size_t batch_events = 500;
  std::size_t batch_bytes = 2 << 20;  ///< the collector takes 4 MiB
  std::size_t max_event_bytes =
      32 * 1024;  ///< the collector's own limit; larger events are refused here
  delivery::CourierOptions courier;
};

/// Sends events through the collector, which writes its own receive time. Refused rows are
/// reported, not sent. `invalid_argument` where the URL makes no sense.
Result<std::unique_ptr<ImportSink>> make_http_sink(const HttpSinkOptions& options);

/// The same over a connection of the caller's making.
std::unique_ptr<ImportSink> make_http_sink(const HttpSinkOptions& options, delivery::Post post,
                                           delivery::Wait wait);

}  // namespace bytebasket::producers::import_
