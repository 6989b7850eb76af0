#include "verification/owned_tables.hpp"

#include <utility>

#include "base/bytes.hpp"

namespace bytebasket::verification {
namespace {

void drop_owner(std::string& stored) {
  if (const auto parts = split_owner(stored)) stored.erase(0, stored.size() - parts->value.size());
}

}  // namespace

std::optional<OwnedValue> split_owner(std::string_view stored) {
  if (stored.empty()) return std::nullopt;
  ByteReader in(stored);
  OwnedValue parts;
  parts.owner = static_cast<std::size_t>(in.take_varint());
  parts.value = in.take_raw(in.remaining());
  return parts;
}

void OwnedTables::write(std::vector<storage::Mutation> mutations, WriteCallback done) {
  std::string mark;
  ByteWriter(mark).put_varint(owner_);
  for (storage::Mutation& mutation : mutations) {
    if (!mutation.value.empty()) mutation.value.insert(0, mark);
  }
  ForwardingTables::write(std::move(mutations), std::move(done));
}

void OwnedTables::get(std::vector<storage::RowKey> keys, GetCallback done) {
  ForwardingTables::get(std::move(keys), [done = std::move(done)](auto rows) {
    if (rows) {
      for (auto& row : *rows) {
        if (row) drop_owner(row->value);
      }
    }
    done(std::move(rows));
  });
}

void OwnedTables::scan(storage::ScanRequest request, ScanCallback done) {
  ForwardingTables::scan(std::move(request), [done = std::move(done)](auto page) {
    if (page) {
      for (auto& row : page->rows) drop_owner(row.value);
    }
    done(std::move(page));
  });
}

void OwnedTables::enumerate(storage::EnumerationRequest request, EnumerateCallback done) {
  ForwardingTables::enumerate(std::move(request), [done = std::move(done)](auto page) {
    if (page) {
      for (auto& row : page->rows) drop_owner(row.value);
    }
    done(std::move(page));
  });
}

}  // namespace bytebasket::verification
