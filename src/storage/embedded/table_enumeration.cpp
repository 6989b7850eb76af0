#include "storage/embedded/table_enumeration.hpp"

#include <algorithm>
#include <memory>

#include <rocksdb/db.h>

#include "storage/embedded/row_codec.hpp"
#include "storage/key_columns.hpp"

namespace bytebasket::storage {
namespace {

/// Rows of a page for which room is made beforehand.
constexpr std::size_t most_reserved = 4'096;

/// Rows that are looked at once and for all would only drive out of the cache what is in use.
rocksdb::ReadOptions walk_options(const rocksdb::Slice& end) {
  rocksdb::ReadOptions options;
  options.iterate_upper_bound = &end;
  options.fill_cache = false;
  // About a page of the walk: each page is an iterator of its own, which reads ahead anew.
  options.readahead_size = 256 << 10;
  return options;
}

Error unreadable(TableId table) {
  return {ErrorCode::corrupt, "a stored row of table " +
                                  std::string(schema::declaration_of(table).name) +
                                  " cannot be read"};
}

}  // namespace

Result<EnumerationPage> enumerate_page(rocks::Database& database, const EnumerationRequest& request,
                                       Timestamp now) {
  const std::string table = row_key(request.table, {}, {});
  const std::string end = end_of_prefix(table);
  const rocksdb::Slice end_slice(end);
  const std::unique_ptr<rocksdb::Iterator> at(
      database.db().NewIterator(walk_options(end_slice), database.family(0)));
  const std::size_t limit = std::max<std::size_t>(request.limit, 1);
  EnumerationPage page;
  page.rows.reserve(std::min(limit, most_reserved));
  for (at->Seek(table + request.from); at->Valid(); at->Next()) {
    const auto row = decode_row(at->value().ToStringView());
    const std::string_view key = at->key().ToStringView().substr(table.size());
    const auto parts = split_key(request.table, key);
    if (!row || !parts) return fail(unreadable(request.table));
    if (row->expires_at && *row->expires_at <= now) continue;
    if (page.rows.size() == limit) {
      page.next = std::string(key);
      return page;
    }
    page.rows.push_back(
        {{request.table, std::string(parts->partition), std::string(parts->clustering)},
         std::string(row->bytes),
         row->position});
  }
  if (!at->status().ok()) return fail(database.error(at->status(), "read"));
  return page;
}

}  // namespace bytebasket::storage
