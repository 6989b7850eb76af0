// Imported events straight into the event log: for `import --data`.
#pragma once

#include <memory>

#include "producers/import/import.hpp"
#include "streams/event_log.hpp"

namespace bytebasket::producers::import_ {

/// Appends each batch and waits until it is durable; waits and tries again while the log's queue is
/// full. Refused rows go to the dead-letter streams with their file and line. The log must outlive
/// the sink.
std::unique_ptr<ImportSink> make_log_sink(streams::EventLog& log);

}  // namespace bytebasket::producers::import_
