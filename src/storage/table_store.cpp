#include "storage/table_store.hpp"

#include <future>
#include <memory>

namespace bytebasket::storage {
namespace {

/// Starts an asynchronous call with a callback and waits for what the callback is given.
template <typename Answer, typename Start>
Answer wait_for(Start start) {
  // Shared: the engine's thread may still be inside set_value when the waiting thread returns.
  auto promise = std::make_shared<std::promise<Answer>>();
  auto answer = promise->get_future();
  start([promise](Answer result) { promise->set_value(std::move(result)); });
  return answer.get();
}

Error not_this_way(const RowKey& key, std::string_view way) {
  return {ErrorCode::invalid_argument, "rows of table " +
                                           std::string(schema::declaration_of(key.table).name) +
                                           " are written by " + std::string(way) + " only"};
}

}  // namespace

Status check_not_guarded(const RowKey& key) {
  if (!schema::declaration_of(key.table).guarded) return ok();
  return fail(not_this_way(key, "compare-and-set"));
}

Status check_guarded(const RowKey& key) {
  if (schema::declaration_of(key.table).guarded) return ok();
  return fail(not_this_way(key, "position"));
}

Status write_now(TableStore& store, std::vector<Mutation> mutations) {
  return wait_for<Status>([&](auto done) { store.write(std::move(mutations), std::move(done)); });
}

Result<std::vector<std::optional<StoredRow>>> get_now(TableStore& store, std::vector<RowKey> keys) {
  return wait_for<Result<std::vector<std::optional<StoredRow>>>>(
      [&](auto done) { store.get(std::move(keys), std::move(done)); });
}

Result<std::optional<StoredRow>> get_one_now(TableStore& store, RowKey key) {
  BB_ASSIGN_OR_RETURN(auto rows, get_now(store, {std::move(key)}));
  return std::move(rows.front());
}

Result<ScanPage> scan_now(TableStore& store, ScanRequest request) {
  return wait_for<Result<ScanPage>>(
      [&](auto done) { store.scan(std::move(request), std::move(done)); });
}

Result<EnumerationPage> enumerate_now(TableStore& store, EnumerationRequest request) {
  return wait_for<Result<EnumerationPage>>(
      [&](auto done) { store.enumerate(std::move(request), std::move(done)); });
}

Result<bool> compare_and_set_now(TableStore& store, RowKey key, std::optional<std::string> expected,
                                 std::string value) {
  return wait_for<Result<bool>>([&](auto done) {
    store.compare_and_set(std::move(key), std::move(expected), std::move(value), std::move(done));
  });
}

}  // namespace bytebasket::storage
