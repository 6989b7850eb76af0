// Decoded state rows of one kind, held in memory between flushes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/hash.hpp"
#include "base/hash_salt.hpp"
#include "base/position.hpp"
#include "base/result.hpp"
#include "metrics/hash_index.hpp"
#include "processors/stored_keys.hpp"
#include "storage/table_store.hpp"

namespace bytebasket::processors {

/// Rows by an application key (a visitor, an order id), each decoded once. A `State` has
///   static Result<State> decode(std::string_view);  std::string encode() const;  std::size_t
///   bytes() const;
/// Entries stay where they are until shrink() lets them go, so whoever looks one up for a batch may
/// keep it that long. Clean rows that were not used for long go first when memory is short. Not
/// thread-safe: one owner, its partition's runner.
template <typename State>
class StateCache {
 public:
  struct Entry {
    State state;
    Position position;  ///< up to which the row was applied when it was loaded or last drained
    std::string key;
    std::uint64_t hash = 0;
    std::size_t bytes = 0;
    bool held = false;   ///< `state` is the row
    bool asked = false;  ///< somebody was told to load it
    bool dirty = false;
    bool used = false;  ///< since shrink() looked at it
  };

  static std::uint64_t hash_of(std::string_view key) { return hash64(key, hash_salt); }

  /// The store holds no row of this kind yet: what this cache did not let go need not be read.
  /// `bytes` may be spent on remembering what it let go.
  void begin_empty(std::size_t bytes) { stored_.begin_empty(bytes); }

  // Looking up many keys means waiting for memory most of the time. Whoever knows the next keys can
  // say so in three steps: the place in the index, the entry, and what it points to.
  void prefetch_place(std::uint64_t hash) const { index_.prefetch(hash); }
  void prefetch_entry(std::uint64_t hash) const {
    if (const Entry* entry = first_alike(hash)) prefetch(*entry);
  }
  /// `State::prefetch()`, where there is one, fetches what the state points to.
  void prefetch_state(std::uint64_t hash) const {
    if (const Entry* entry = first_alike(hash)) prefetch_inside(*entry);
  }

  /// The entry of a key, made where there is none. It may not be held yet: ask().
  Entry& entry(std::string_view key) { return entry(key, hash_of(key)); }
  Entry& entry(std::string_view key, std::uint64_t hash) {
    Entry* found = look_up(key, hash);
    if (found == nullptr) found = &add(key, hash);
    found->used = true;
    return *found;
  }

  /// The same, but nullptr where there is none and the row is known never to have been stored.
  Entry* entry_unless_absent(std::string_view key, std::uint64_t hash) {
    Entry* found = look_up(key, hash);
    if (found == nullptr && !stored_.may_hold(hash)) return nullptr;
    if (found == nullptr) found = &add(key, hash);
    found->used = true;
    return found;
  }

  /// The entry where it is held, else nullptr.
  Entry* find(std::string_view key) {
    Entry* entry = look_up(key, hash_of(key));
    if (entry == nullptr || !entry->held) return nullptr;
    entry->used = true;
    return entry;
  }

  /// True where the row has to be loaded and nobody was told so before: load it, then put() it.
  [[nodiscard]] bool ask(Entry& entry) {
    if (entry.held || entry.asked) return false;
    if (!stored_.may_hold(entry.hash)) {
      hold(entry);
      return false;
    }
    entry.asked = true;
    return true;
  }
  [[nodiscard]] bool ask(std::string_view key) { return ask(entry(key)); }

  /// Takes a loaded row; nullopt is a state that never was (a default-constructed one at position
  /// −1).
  Status put(std::string_view key, const std::optional<storage::StoredRow>& row) {
    Entry& entry = this->entry(key);
    if (entry.held) return ok();
    if (row) {
      auto decoded = State::decode(row->value);
      if (!decoded) return fail(decoded.error().within("state row '" + std::string(key) + "'"));
      entry.state = std::move(*decoded);
      entry.position = row->position;
    }
    hold(entry);
    return ok();
  }

  /// Says that the entry was changed.
  void touch(Entry& entry) {
    weigh(entry);
    if (entry.dirty) return;
    entry.dirty = true;
    dirty_.push_back(&entry);
  }

  /// Calls `emit(key, state)` for every changed entry, in order of first change, and counts them as
  /// clean at `upto`.
  template <typename Emit>
  void drain(Position upto, Emit emit) {
    for_each_dirty([&](const std::string& key, Entry& entry) {
      emit(key, std::as_const(entry.state));
      entry.dirty = false;
      entry.position = upto;
    });
    dirty_.clear();
  }

  /// Calls `visit(key, entry)` for every changed entry, in order of first change.
  template <typename Visit>
  void for_each_dirty(Visit visit) {
    // They lie about in memory: those that come next are fetched meanwhile.
    constexpr std::size_t ahead = 6;
    for (std::size_t i = 0; i < dirty_.size(); ++i) {
      if (i + 2 * ahead < dirty_.size()) prefetch(*dirty_[i + 2 * ahead]);
      if (i + ahead < dirty_.size()) prefetch_inside(*dirty_[i + ahead]);
      visit(std::as_const(dirty_[i]->key), *dirty_[i]);
    }
  }

  /// How many entries are changed.
  [[nodiscard]] std::size_t changed() const { return dirty_.size(); }

  [[nodiscard]] std::size_t memory() const { return memory_ + stored_.memory(); }

  /// Lets go of clean entries until memory() ≤ `target`, those first that were not used since the
  /// last call came by (a clock's hand). Call it after drain().
  void shrink(std::size_t target) {
    for (std::size_t left = 2 * size_; left > 0 && memory() > target; --left) {
      if (hand_ == size_) hand_ = 0;
      Entry& entry = at(hand_++);
      if (!entry.held || entry.dirty || std::exchange(entry.used, false)) continue;
      let_go(entry, static_cast<std::uint32_t>(hand_ - 1));
    }
  }

 private:
  static constexpr std::size_t chunk = 64;

  [[nodiscard]] Entry& at(std::size_t number) const {
    return chunks_[number / chunk][number % chunk];
  }

  static void prefetch(const Entry& entry) {
    const char* const bytes = reinterpret_cast<const char*>(&entry);
    for (std::size_t line = 0; line < sizeof(Entry); line += 64) __builtin_prefetch(bytes + line);
  }
  static void prefetch_inside(const Entry& entry) {
    __builtin_prefetch(entry.key.data());
    if constexpr (requires { entry.state.prefetch(); }) entry.state.prefetch();
  }

  [[nodiscard]] const Entry* first_alike(std::uint64_t hash) const {
    const std::uint32_t number = index_.first_alike(hash);
    return number == metrics::HashIndex::npos ? nullptr : &at(number);
  }

  Entry* look_up(std::string_view key, std::uint64_t hash) const {
    const std::uint32_t number = index_.find(hash, [&](std::uint32_t each) {
      const Entry& entry = at(each);
      return entry.hash == hash && entry.key == key;
    });
    return number == metrics::HashIndex::npos ? nullptr : &at(number);
  }

  Entry& add(std::string_view key, std::uint64_t hash) {
    if (free_.empty()) {
      if (size_ % chunk == 0) chunks_.push_back(std::make_unique<Entry[]>(chunk));
      free_.push_back(static_cast<std::uint32_t>(size_++));
    }
    const std::uint32_t number = free_.back();
    free_.pop_back();
    Entry& entry = at(number);
    entry.key = key;
    entry.hash = hash;
    index_.insert(hash, number);
    return entry;
  }

  void hold(Entry& entry) {
    entry.held = true;
    weigh(entry);
  }

  void let_go(Entry& entry, std::uint32_t number) {
    const bool never_was = entry.position == Position();
    if (!never_was) stored_.add(entry.hash);
    index_.erase(entry.hash, number);
    memory_ -= entry.bytes;
    entry = Entry();
    free_.push_back(number);
  }

  /// Counts what the entry takes, with what the containers take beside it.
  void weigh(Entry& entry) {
    constexpr std::size_t containers = 32;
    const std::size_t bytes =
        containers + sizeof(Entry) - sizeof(State) + entry.key.capacity() + entry.state.bytes();
    memory_ += bytes - entry.bytes;
    entry.bytes = bytes;
  }

  std::vector<std::unique_ptr<Entry[]>> chunks_;
  std::size_t size_ = 0;             ///< entries in the chunks, those that are free among them
  std::vector<std::uint32_t> free_;  ///< numbers of entries that were let go
  metrics::HashIndex index_;
  std::vector<Entry*> dirty_;
  StoredKeys stored_;
  std::size_t memory_ = 0;
  std::size_t hand_ = 0;
};

}  // namespace bytebasket::processors
