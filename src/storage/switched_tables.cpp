#include "storage/switched_tables.hpp"

namespace bytebasket::storage {
namespace {

/// The callback, which keeps the store until it has been called.
template <typename Callback>
auto keeping(std::shared_ptr<TableStore> tables, Callback done) {
  return [tables = std::move(tables), done = std::move(done)](auto&& answer) {
    done(std::forward<decltype(answer)>(answer));
  };
}

}  // namespace

std::shared_ptr<TableStore> SwitchedTables::in_place() const {
  const std::lock_guard lock(mutex_);
  return tables_;
}

std::shared_ptr<TableStore> SwitchedTables::put(std::shared_ptr<TableStore> tables) {
  const std::lock_guard lock(mutex_);
  return std::exchange(tables_, std::move(tables));
}

void SwitchedTables::write(std::vector<Mutation> mutations, WriteCallback done) {
  const auto tables = in_place();
  tables->write(std::move(mutations), keeping(tables, std::move(done)));
}

void SwitchedTables::get(std::vector<RowKey> keys, GetCallback done) {
  const auto tables = in_place();
  tables->get(std::move(keys), keeping(tables, std::move(done)));
}

void SwitchedTables::scan(ScanRequest request, ScanCallback done) {
  const auto tables = in_place();
  tables->scan(std::move(request), keeping(tables, std::move(done)));
}

void SwitchedTables::enumerate(EnumerationRequest request, EnumerateCallback done) {
  const auto tables = in_place();
  tables->enumerate(std::move(request), keeping(tables, std::move(done)));
}

void SwitchedTables::compare_and_set(RowKey key, std::optional<std::string> expected,
                                     std::string value, SwapCallback done) {
  const auto tables = in_place();
  tables->compare_and_set(std::move(key), std::move(expected), std::move(value),
                          keeping(tables, std::move(done)));
}

}  // namespace bytebasket::storage
