// Where the lake's files are: a folder of this machine, or HDFS.
//
// Made for HDFS: a file is written whole, aside, and appears under its name at once, complete and
// for ever; nothing is appended to or changed; listing is slow. Paths are relative to the store's
// root, their parts separated by `/` (`transactions/date=2026-11-22/hour=10/….parquet`).
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"

namespace bytebasket::storage {

/// A member of a folder.
struct FileEntry {
  std::string name;  ///< the last part of its path
  bool folder = false;
  std::uint64_t size = 0;  ///< bytes; 0 for folders
  auto operator<=>(const FileEntry&) const = default;
};

/// A file that is being written where nobody looks. Destroying it before publish() removes it; one
/// that a killed process leaves behind is removed by FileStore::remove_abandoned(). After an error
/// throw it away.
class FileWriter {
 public:
  virtual ~FileWriter() = default;

  virtual Status write(std::string_view bytes) = 0;

  /// Makes the file durable and gives it its name, in one step; folders of the path are made.
  /// `already_exists` when there is a file of that name: it stays as it is. `timed_out`: it may
  /// have been published or not.
  virtual Status publish(std::string_view path) = 0;
};

/// The store. All members are thread-safe. Every call can fail with `unavailable`; an engine tries
/// again for a while before it says so.
class FileStore {
 public:
  virtual ~FileStore() = default;

  virtual Result<std::unique_ptr<FileWriter>> create() = 0;

  /// The bytes from `offset` on, at most `length`, fewer only at the end of the file. `not_found`
  /// where there is no such file (any more).
  virtual Result<std::string> read(std::string_view path, std::uint64_t offset,
                                   std::uint64_t length) = 0;

  virtual Result<std::uint64_t> size(std::string_view path) = 0;

  /// What stands in the folder itself, by name; nothing where there is no such folder. No snapshot:
  /// what is published or removed meanwhile may be there or not. The root is "".
  virtual Result<std::vector<FileEntry>> list(std::string_view folder) = 0;

  /// Removes a file, or a folder with all that is in it. ok() where there is none.
  virtual Status remove(std::string_view path) = 0;

  /// Removes files that were begun before `before` and never published; gives their number.
  virtual Result<std::uint64_t> remove_abandoned(Timestamp before) = 0;

  /// For messages: `/var/lib/bytebasket/lake`, `hdfs at http://namenode:9870/lake`.
  [[nodiscard]] virtual std::string describe() const = 0;
};

/// Writes and publishes a file in one call.
Status publish_file(FileStore& store, std::string_view path, std::string_view bytes);

/// `invalid_argument` unless every part of the path is a plain name: not empty, not beginning with
/// a dot (the store's own files do), no `/`, no byte below 0x20. "" is the root where
/// `root_allowed`.
Status check_path(std::string_view path, bool root_allowed = false);

}  // namespace bytebasket::storage
