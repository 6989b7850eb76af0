// Records of a file → events as a client would have sent them.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"
#include "events/event.hpp"
#include "producers/import/record_reader.hpp"

namespace bytebasket::producers::import_ {

/// One event on its way, before validation.
struct Draft {
  std::string json;        ///< as a client sends it
  Timestamp received_at;   ///< where the JSON says none itself
  std::uint64_t line = 0;  ///< where its (first) row begins
  std::uint64_t rows = 1;  ///< how many rows it is made of
};

/// A row that becomes no event.
struct RefusedRow {
  std::string reason;
  std::string payload;
  std::uint64_t line = 0;
  std::uint64_t rows = 1;
  bool transaction = false;
};

/// What came of the records since it was last emptied.
struct Translated {
  std::vector<Draft> drafts;
  std::vector<RefusedRow> refused;
  std::map<std::string, std::uint64_t> filtered;  ///< rows left out on purpose, by reason
};

/// Turns the records of one file after another into drafts. Not thread-safe.
class Translator {
 public:
  virtual ~Translator() = default;
  [[nodiscard]] virtual RecordReader::Form form() const = 0;
  [[nodiscard]] virtual char separator() const { return ','; }
  [[nodiscard]] virtual events::Source default_source() const { return events::Source::server; }

  /// A new file begins; for CSV `header` holds the names of its columns. `invalid_argument` where
  /// columns are missing.
  virtual Status begin(const std::vector<std::string_view>& header) = 0;
  /// Whether the first row of a CSV file names its columns.
  [[nodiscard]] virtual bool has_header() const { return form() == RecordReader::Form::csv; }
  virtual void translate(const Record& record, Translated& out) = 0;
  /// The file ends: gives what was still being gathered.
  virtual void end(Translated& out) { (void)out; }
};

}  // namespace bytebasket::producers::import_
