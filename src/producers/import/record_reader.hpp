// Bytes → records: the rows of a CSV file, or lines.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "producers/import/input_file.hpp"

namespace bytebasket::producers::import_ {

/// One record. The views live until the reader's next call.
struct Record {
  std::uint64_t line = 0;  ///< where it begins, from 1
  std::string_view text;   ///< its bytes as they stand in the file, without the line end
  std::vector<std::string_view> fields;  ///< of a CSV row, unquoted
};

/// Reads one file. Memory is bounded by the longest record allowed. Not thread-safe.
class RecordReader {
 public:
  enum class Form { lines, csv };
  enum class Outcome {
    record,
    too_long,  ///< a record beyond `max_bytes` (often a quote that is never closed) was passed
               ///< over; see `record.line`
    end,
  };

  RecordReader(std::unique_ptr<ByteStream> stream, Form form, char separator, std::size_t max_bytes)
      : stream_(std::move(stream)), form_(form), separator_(separator), max_bytes_(max_bytes) {}

  /// Empty lines are passed over. CSV is RFC 4180: quotes double inside quotes, and line ends may
  /// stand in them. Where the separator is a space, any number of them stands between two fields.
  Result<Outcome> next(Record& record);

  [[nodiscard]] std::uint64_t file_bytes_read() const { return stream_->file_bytes_read(); }

 private:
  Result<bool> fill();
  /// The end of the record that begins at `begin_`, or npos when more bytes are needed.
  std::size_t find_end();
  void split(Record& record);
  Outcome take(Record& record, std::size_t end);
  std::size_t give_up_overlong();

  std::unique_ptr<ByteStream> stream_;
  Form form_;
  char separator_;
  std::size_t max_bytes_;

  std::string buffer_;
  std::size_t begin_ = 0;    ///< of the record under way
  std::size_t scanned_ = 0;  ///< up to here no end was found
  bool quoted_ = false;      ///< whether `scanned_` is inside quotes
  bool overlong_ = false;    ///< bytes of the record under way were thrown away
  bool at_end_ = false;
  std::uint64_t line_ = 1;
  std::string unquoted_;  ///< fields that had doubled quotes
};

}  // namespace bytebasket::producers::import_
