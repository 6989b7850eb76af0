#include "verification/held_tables.hpp"

#include <algorithm>
#include <array>
#include <span>
#include <utility>

namespace bytebasket::verification {
namespace {

/// Keys whose rows are on their way from memory at a time.
constexpr std::size_t keys_ahead = 32;

std::size_t numbers_of_tables() {
  std::size_t numbers = 0;
  for (const auto& table : schema::tables())
    numbers = std::max(numbers, static_cast<std::size_t>(table.id) + 1);
  return numbers;
}

/// All rows of some tables, which are in the order of their numbers.
class SortedWalk {
 public:
  explicit SortedWalk(const std::vector<HeldRows>& tables) : tables_(tables) {}

  std::optional<storage::RowView> next() {
    while (at_ == sorted_.size()) {
      if (table_ + 1 >= tables_.size()) return std::nullopt;
      sorted_ = tables_[++table_].sorted();
      at_ = 0;
    }
    storage::RowView row = tables_[table_].row(sorted_[at_++]);
    row.table = static_cast<storage::TableId>(table_);
    return row;
  }

 private:
  const std::vector<HeldRows>& tables_;
  std::size_t table_ = 0;  ///< none has the number 0
  std::vector<std::uint32_t> sorted_;
  std::size_t at_ = 0;
};

}  // namespace

HeldTables::HeldTables(OpenBeneath beneath, std::size_t memory_bytes, const Clock& clock)
    : open_beneath_(std::move(beneath)),
      memory_bytes_(memory_bytes),
      clock_(clock),
      held_(numbers_of_tables()) {}

const HeldRows* HeldTables::all_rows(storage::TableId table) const {
  const std::lock_guard lock(mutex_);
  return beneath_.tables == nullptr ? &held_[static_cast<std::size_t>(table)] : nullptr;
}

void HeldTables::write(std::vector<storage::Mutation> mutations, WriteCallback done) {
  done(put(mutations));
}

Status HeldTables::put(const std::vector<storage::Mutation>& mutations) {
  for (const storage::Mutation& mutation : mutations)
    BB_RETURN_IF_ERROR(storage::check_not_guarded(mutation.key));
  const std::lock_guard lock(mutex_);
  std::array<std::uint64_t, keys_ahead> hashes;
  for (std::size_t begin = 0; begin < mutations.size(); begin += keys_ahead) {
    const auto some =
        std::span(mutations).subspan(begin, std::min(keys_ahead, mutations.size() - begin));
    for (std::size_t i = 0; i < some.size(); ++i) {
      hashes[i] = HeldRows::hash_of(some[i].key);
      rows_of(some[i].key.table).prefetch_place(hashes[i]);
    }
    for (std::size_t i = 0; i < some.size(); ++i)
      rows_of(some[i].key.table).put(some[i], hashes[i]);
  }
  std::size_t memory = 0;
  for (const HeldRows& rows : held_) memory += rows.memory();
  return memory > memory_bytes_ ? move_beneath() : ok();
}

void HeldTables::get(std::vector<storage::RowKey> keys, GetCallback done) {
  done(find(std::move(keys)));
}

Result<HeldTables::Rows> HeldTables::find(std::vector<storage::RowKey> keys) {
  Rows rows(keys.size());
  const std::vector<std::size_t> not_held = find_held(keys, rows);
  if (not_held.empty()) return rows;
  std::vector<storage::RowKey> asked;
  asked.reserve(not_held.size());
  for (const std::size_t i : not_held) asked.push_back(std::move(keys[i]));
  BB_ASSIGN_OR_RETURN(auto found, storage::get_now(*beneath_.tables, std::move(asked)));
  for (std::size_t i = 0; i < not_held.size(); ++i) rows[not_held[i]] = std::move(found[i]);
  return rows;
}

/// Which of the keys have to be asked for beneath.
std::vector<std::size_t> HeldTables::find_held(const std::vector<storage::RowKey>& keys,
                                               Rows& rows) {
  const Timestamp now = clock_.now();
  std::vector<std::size_t> not_held;
  const std::lock_guard lock(mutex_);
  for (std::size_t i = 0; i < keys.size(); ++i) {
    const auto row = rows_of(keys[i].table).find(keys[i], HeldRows::hash_of(keys[i]));
    if (!row) {
      if (beneath_.tables != nullptr) not_held.push_back(i);
    } else if (!row->value.empty() && !row->expired(now)) {
      rows[i] = storage::StoredRow{keys[i].clustering, std::string(row->value), row->position};
    }
  }
  return not_held;
}

Status HeldTables::move_beneath() {
  if (beneath_.tables == nullptr) {
    BB_ASSIGN_OR_RETURN(beneath_, open_beneath_());
  }
  if (std::ranges::all_of(held_, [](const HeldRows& rows) { return rows.size() == 0; }))
    return ok();
  SortedWalk walk(held_);
  BB_RETURN_IF_ERROR(beneath_.write_sorted([&walk] { return walk.next(); }));
  for (HeldRows& rows : held_) rows.clear();
  return ok();
}

Result<storage::TableStore*> HeldTables::complete_beneath() {
  const std::lock_guard lock(mutex_);
  BB_RETURN_IF_ERROR(move_beneath());
  return beneath_.tables.get();
}

void HeldTables::scan(storage::ScanRequest request, ScanCallback done) {
  const auto beneath = complete_beneath();
  if (!beneath) return done(fail(beneath.error()));
  (*beneath)->scan(std::move(request), std::move(done));
}

void HeldTables::enumerate(storage::EnumerationRequest request, EnumerateCallback done) {
  const auto beneath = complete_beneath();
  if (!beneath) return done(fail(beneath.error()));
  (*beneath)->enumerate(std::move(request), std::move(done));
}

void HeldTables::compare_and_set(storage::RowKey key, std::optional<std::string> expected,
                                 std::string value, SwapCallback done) {
  const auto beneath = complete_beneath();
  if (!beneath) return done(fail(beneath.error()));
  (*beneath)->compare_and_set(std::move(key), std::move(expected), std::move(value),
                              std::move(done));
}

Status HeldTables::sync() {
  BB_ASSIGN_OR_RETURN(storage::TableStore* const beneath, complete_beneath());
  return beneath->sync();
}

Status HeldTables::compact() {
  BB_ASSIGN_OR_RETURN(storage::TableStore* const beneath, complete_beneath());
  return beneath->compact();
}

void HeldTables::close() {
  const std::lock_guard lock(mutex_);
  if (beneath_.tables != nullptr) beneath_.tables->close();
}

}  // namespace bytebasket::verification
