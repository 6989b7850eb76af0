#include "streams/embedded/batch_store.hpp"

#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

#include <rocksdb/convenience.h>
#include <rocksdb/db.h>
#include <rocksdb/write_batch.h>

#include "streams/embedded/log_keys.hpp"
#include "streams/embedded/record_codec.hpp"

namespace bytebasket::streams {
namespace {

/// What simdjson may read beyond a value.
constexpr std::size_t readable_beyond = 64;

std::unique_ptr<rocksdb::Iterator> iterate(rocks::Database& database, std::size_t index) {
  rocksdb::ReadOptions options;
  // Batches are read once, in order: keeping their blocks would push out what is read again.
  options.fill_cache = false;
  return std::unique_ptr<rocksdb::Iterator>(
      database.db().NewIterator(options, database.family(family_of(index))));
}

/// A stored batch as retention sees it.
struct StoredBatch {
  Offset base;
  BatchHeader header;
  std::uint64_t bytes = 0;

  [[nodiscard]] Offset end() const { return Offset(base.value() + header.count); }
  [[nodiscard]] std::uint64_t bytes_before() const { return header.end_bytes - bytes; }
};

Result<StoredBatch> batch_at(const rocksdb::Iterator& at) {
  const auto base = parse_batch_key(at.key().ToStringView());
  if (!base) return fail(ErrorCode::corrupt, "a record batch has a key that is no offset");
  const auto value = at.value().ToStringView();
  BB_ASSIGN_OR_RETURN(const BatchHeader header, read_batch_header(value));
  return StoredBatch{*base, header, value.size()};
}

std::string encode_tail(const PartitionTail& tail) {
  std::string bytes;
  ByteWriter writer(bytes);
  writer.put_signed(tail.end.value());
  writer.put_signed(to_ms(tail.append_time));
  writer.put_varint(tail.end_bytes);
  return bytes;
}

std::optional<PartitionTail> decode_tail(std::string_view bytes) {
  ByteReader reader(bytes);
  PartitionTail tail;
  tail.end = Offset(reader.take_signed());
  tail.append_time = timestamp_from_ms(reader.take_signed());
  tail.end_bytes = reader.take_varint();
  if (!reader.ok() || !reader.at_end()) return std::nullopt;
  return tail;
}

}  // namespace

Error BatchStore::damaged(std::string_view what) const {
  return {ErrorCode::corrupt,
          "partition " + to_string(where_) + " is damaged: " + std::string(what)};
}

Result<PartitionExtent> BatchStore::find_extent() const {
  const auto at = iterate(database_, index_);
  at->SeekToFirst();
  if (at->Valid()) {
    BB_ASSIGN_OR_RETURN(const StoredBatch oldest, batch_at(*at));
    at->SeekToLast();
    if (!at->Valid()) return fail(database_.error(at->status(), "read"));
    BB_ASSIGN_OR_RETURN(const StoredBatch newest, batch_at(*at));
    return PartitionExtent{{oldest.base, oldest.bytes_before()},
                           {newest.end(), newest.header.append_time, newest.header.end_bytes}};
  }
  if (!at->status().ok()) return fail(database_.error(at->status(), "read"));

  std::string bytes;
  const auto status =
      database_.db().Get({}, database_.family(state_family), removed_key(where_), &bytes);
  if (status.IsNotFound()) return PartitionExtent{};
  if (!status.ok()) return fail(database_.error(status, "read"));
  const auto tail = decode_tail(bytes);
  if (!tail) return fail(damaged("the row that keeps its end cannot be read"));
  return PartitionExtent{{tail->end, tail->end_bytes}, *tail};
}

Result<RecordBatch> BatchStore::read(Offset from, Offset end, const ReadLimits& limits) const {
  std::vector<Record> records;
  std::vector<std::unique_ptr<std::string>> buffers;
  ReadBudget budget{limits.max_records, limits.max_bytes};
  const auto at = iterate(database_, index_);
  Offset next = from;
  // As a rule a read goes on where a batch begins. Looking back costs a block of every file.
  at->Seek(batch_key(from));
  if (!at->Valid() || at->key() != batch_key(from)) at->SeekForPrev(batch_key(from));
  for (; at->Valid() && next < end; at->Next()) {
    const auto base = parse_batch_key(at->key().ToStringView());
    if (!base) return fail(damaged("a key is no offset"));
    if (*base > next)
      return fail(damaged("records are missing before offset " + std::to_string(base->value())));
    // A batch that is left in its middle is read and checked once more: better to begin with it.
    if (!records.empty() && at->value().size() > budget.bytes) break;
    auto buffer = std::make_unique<std::string>();
    buffer->reserve(at->value().size() + readable_beyond);
    buffer->append(at->value().data(), at->value().size());
    const std::size_t size = buffer->size();
    buffer->append(readable_beyond, '\0');

    const std::size_t before = records.size();
    BB_RETURN_IF_ERROR(
        decode_batch(std::string_view(*buffer).substr(0, size), *base, next, budget, records));
    if (records.size() == before) break;
    next = records.back().offset.next();
    buffers.push_back(std::move(buffer));
    // The next batch will be much like this one; to look at it means to read it.
    if (budget.spent || budget.records == 0 || budget.bytes < size) break;
  }
  if (!at->status().ok()) return fail(database_.error(at->status(), "read"));
  if (records.empty()) {
    return fail(ErrorCode::not_found, "offset " + std::to_string(from.value()) + " of " +
                                          to_string(where_) + " has been removed by retention");
  }
  return RecordBatch(std::move(records), std::move(buffers));
}

Result<PartitionHead> BatchStore::head_after(const LogRetention& retention,
                                             const PartitionExtent& extent, Offset keep_from,
                                             Timestamp now) const {
  const auto is_unwanted = [&](const StoredBatch& batch) {
    if (batch.end() > keep_from) return false;
    const bool too_old = retention.max_age != Milliseconds::max() &&
                         batch.header.append_time < now - retention.max_age;
    return too_old || extent.tail.end_bytes - batch.bytes_before() > retention.max_bytes;
  };
  // Age, size and offset all grow from batch to batch, so what is unwanted is a prefix: search its
  // end.
  PartitionHead head = extent.head;
  Offset wanted = extent.tail.end;
  const auto at = iterate(database_, index_);
  while (head.first < wanted) {
    const std::int64_t middle = head.first.value() + (wanted.value() - head.first.value()) / 2;
    at->SeekForPrev(batch_key(Offset(middle)));
    if (!at->status().ok()) return fail(database_.error(at->status(), "read"));
    if (!at->Valid()) return fail(damaged("its first batch is missing"));
    BB_ASSIGN_OR_RETURN(const StoredBatch batch, batch_at(*at));
    if (is_unwanted(batch)) {
      head = {batch.end(), batch.header.end_bytes};
    } else {
      wanted = batch.base;
    }
  }
  return head;
}

Status BatchStore::remove_before(const PartitionHead& head, const PartitionTail& tail) const {
  auto* family = database_.family(family_of(index_));
  const std::string begin = batch_key(Offset(0));
  const std::string end = batch_key(head.first);
  rocksdb::WriteBatch writes;
  writes.Put(database_.family(state_family), removed_key(where_), encode_tail(tail))
      .PermitUncheckedError();
  writes.DeleteRange(family, begin, end).PermitUncheckedError();
  BB_RETURN_IF_ERROR(database_.write(writes, rocks::Durability::disk));

  // Whole files go at once; what shares a file with records that stay goes when the file is next
  // rewritten.
  const rocksdb::Slice first(begin);
  const rocksdb::Slice last(end);
  const auto status =
      rocksdb::DeleteFilesInRange(&database_.db(), family, &first, &last, /*include_end=*/false);
  if (!status.ok()) return fail(database_.error(status, "remove old files of"));
  return ok();
}

}  // namespace bytebasket::streams
