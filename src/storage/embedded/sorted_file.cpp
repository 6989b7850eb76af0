#include "storage/embedded/sorted_file.hpp"

#include <filesystem>

#include <rocksdb/db.h>
#include <rocksdb/options.h>
#include <rocksdb/sst_file_writer.h>

#include "storage/embedded/row_codec.hpp"

namespace bytebasket::storage {
namespace {

/// False: there was no row.
Result<bool> write_rows(rocks::Database& database, rocksdb::SstFileWriter& writer,
                        const NextRow& next) {
  std::string key;
  std::string value;
  bool any = false;
  while (const auto row = next()) {
    any = true;
    key.clear();
    append_row_key(key, row->table, row->partition, row->clustering);
    value = encode_row_head(row->position, row->expires_at);
    value.append(row->value);
    const auto status = writer.Merge(key, value);
    if (!status.ok()) return fail(database.error(status, "write to"));
  }
  return any;
}

Status make_file(rocks::Database& database, std::size_t family, const std::string& path,
                 const NextRow& next) {
  auto* const rows = database.family(family);
  const rocksdb::Options options = database.db().GetOptions(rows);
  rocksdb::SstFileWriter writer(rocksdb::EnvOptions(), options, rows);
  auto status = writer.Open(path);
  if (!status.ok()) return fail(database.error(status, "write to"));
  BB_ASSIGN_OR_RETURN(const bool any, write_rows(database, writer, next));
  if (!any) return ok();
  status = writer.Finish();
  if (!status.ok()) return fail(database.error(status, "write to"));
  rocksdb::IngestExternalFileOptions taking;
  taking.move_files = true;
  status = database.db().IngestExternalFile(rows, {path}, taking);
  if (!status.ok()) return fail(database.error(status, "write to"));
  return ok();
}

}  // namespace

Status write_sorted_file(rocks::Database& database, std::size_t family, const std::string& path,
                         const NextRow& next) {
  const Status made = make_file(database, family, path, next);
  std::error_code ignored;
  std::filesystem::remove(path, ignored);
  return made;
}

}  // namespace bytebasket::storage
