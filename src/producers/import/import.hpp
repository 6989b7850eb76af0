// Importing files: read, translated, validated, and handed over in batches.
//
//   auto sink = make_log_sink(log);                       // or make_http_sink({.url =
//   "http://127.0.0.1:8080"}) auto report = import_files({.files = {"events.csv.zst"}, .format =
//   "rees46"}, *sink);
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"
#include "events/normalize.hpp"

namespace bytebasket::producers::import_ {

/// A row of a file that became no event.
struct RefusedItem {
  std::string reason;
  std::string payload;
  std::uint64_t line = 0;  ///< of the (first) row, from 1
  std::uint64_t rows = 1;
  bool transaction = false;
};

/// A row, or the rows of one order, that became an event.
struct AcceptedItem {
  std::vector<events::Normalized> events;  ///< the event itself, then an order's marker
  std::uint64_t line = 0;
  std::uint64_t rows = 1;
};

/// Rows of one file on their way, validated.
struct ImportBatch {
  std::string file;
  std::vector<AcceptedItem> items;
  std::vector<RefusedItem> refused;
};

/// Where imported events go. Called by one thread at a time, which need not be the same one.
class ImportSink {
 public:
  virtual ~ImportSink() = default;
  /// Returns when the batch is durable. Rows that only this sink cannot take are moved to
  /// `batch.refused`.
  virtual Status send(ImportBatch& batch) = 0;
};

struct ImportOptions {
  std::vector<std::string> files;  ///< plain, gzip or Zstandard; "-" is standard input
  std::string format;              ///< a preset's name, or the path of a mapping file
  std::size_t batch_events = 2'000;
  std::size_t max_event_bytes = 1 << 20;
};

struct ImportProgress {
  std::string_view file;
  std::uint64_t file_bytes = 0;  ///< as stored; 0 where it is not known
  std::uint64_t file_bytes_read = 0;
  std::uint64_t rows = 0;  ///< of all files so far
  std::uint64_t accepted = 0;
  std::uint64_t refused = 0;
};
/// Called after every batch.
using OnImportProgress = std::function<void(const ImportProgress&)>;

struct ImportPlace {
  std::string file;
  std::uint64_t line = 0;
};
struct ReasonCount {
  std::uint64_t rows = 0;
  std::vector<ImportPlace> first;  ///< the first few places, refused rows only
};

struct ImportReport {
  std::uint64_t rows = 0;      ///< read
  std::uint64_t events = 0;    ///< accepted (several rows may be one order)
  std::uint64_t refused = 0;   ///< rows, in the dead letters where the sink has them
  std::uint64_t filtered = 0;  ///< rows left out on purpose
  std::map<std::string, ReasonCount> refused_by_reason;
  std::map<std::string, ReasonCount> filtered_by_reason;
};

/// The same file imported again gives the same message ids, so it counts once. Ends with an error
/// where a file cannot be read, lacks columns, or the sink fails; what was sent until then stays.
/// `stop` ends it early with `cancelled`.
Result<ImportReport> import_files(const ImportOptions& options, ImportSink& sink,
                                  const OnImportProgress& on_progress = {},
                                  const std::stop_token& stop = {});

}  // namespace bytebasket::producers::import_
