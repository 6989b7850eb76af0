// Decoded state rows of one kind, held in memory between flushes.
#pragma once

#include <cstddef>
#include <functional>
#include <list>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "base/hash.hpp"
#include "base/position.hpp"
#include "base/result.hpp"
#include "storage/table_store.hpp"

namespace bytebasket::processors {

/// Rows by an application key (a visitor, an order id), each decoded once. A `State` has
///   static Result<State> decode(std::string_view);  std::string encode() const;  std::size_t
///   bytes() const;
/// Least recently used clean rows go first when memory is short. Not thread-safe: one owner, its
/// partition's runner.
template <typename State>
class StateCache {
 public:
  struct Entry {
    State state;
    Position position;  ///< up to which the row was applied when it was loaded or last drained
    bool dirty = false;
    std::size_t bytes = 0;
    typename std::list<const std::string*>::iterator recent;
  };

  /// The entry, moved to the front of the least-recently-used order; nullptr where it is not held.
  Entry* find(std::string_view key) {
    const auto found = entries_.find(key);
    if (found == entries_.end()) return nullptr;
    recent_.splice(recent_.begin(), recent_, found->second.recent);
    return &found->second;
  }

  [[nodiscard]] bool holds(std::string_view key) const {
    return entries_.find(key) != entries_.end();
  }

  /// True where the entry is not held and nobody asked for it yet: load it, then put() it.
  [[nodiscard]] bool request(std::string_view key) {
    if (holds(key) || requested_.find(key) != requested_.end()) return false;
    requested_.emplace(key);
    return true;
  }

  /// Takes a loaded row; nullopt is a state that never was (a default-constructed one at position
  /// −1).
  Status put(std::string_view key, const std::optional<storage::StoredRow>& row) {
    State state;
    Position position;
    if (row) {
      auto decoded = State::decode(row->value);
      if (!decoded) return fail(decoded.error().within("state row '" + std::string(key) + "'"));
      state = std::move(*decoded);
      position = row->position;
    }
    if (const auto asked = requested_.find(key); asked != requested_.end()) requested_.erase(asked);
    const auto [where, inserted] = entries_.try_emplace(std::string(key));
    if (!inserted) return ok();
    recent_.push_front(&where->first);
    Entry& entry = where->second;
    entry.state = std::move(state);
    entry.position = position;
    entry.recent = recent_.begin();
    entry.bytes = cost(where->first, entry.state);
    memory_ += entry.bytes;
    return ok();
  }

  /// Says that the entry was changed.
  void touch(Entry& entry) {
    const std::size_t bytes = cost(**entry.recent, entry.state);
    memory_ += bytes;
    memory_ -= entry.bytes;
    entry.bytes = bytes;
    if (entry.dirty) return;
    entry.dirty = true;
    dirty_.push_back(*entry.recent);
  }

  /// Calls `emit(key, state)` for every changed entry, in order of first change, and counts them as
  /// clean at `upto`.
  template <typename Emit>
  void drain(Position upto, Emit emit) {
    for (const std::string* key : dirty_) {
      Entry& entry = entries_.find(*key)->second;
      emit(*key, entry.state);
      entry.dirty = false;
      entry.position = upto;
    }
    dirty_.clear();
  }

  /// Calls `visit(key, entry)` for every changed entry, in order of first change.
  template <typename Visit>
  void for_each_dirty(Visit visit) {
    for (const std::string* key : dirty_) visit(*key, entries_.find(*key)->second);
  }

  [[nodiscard]] std::size_t memory() const { return memory_; }
  [[nodiscard]] std::size_t size() const { return entries_.size(); }

  /// Lets go of clean entries, least recently used first, until memory() ≤ `target`. Call it after
  /// drain().
  void shrink(std::size_t target) {
    auto oldest = recent_.end();
    while (memory_ > target && oldest != recent_.begin()) {
      --oldest;
      const auto found = entries_.find(**oldest);
      if (found->second.dirty) continue;
      memory_ -= found->second.bytes;
      oldest = recent_.erase(oldest);
      entries_.erase(found);
    }
  }

 private:
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view key) const { return hash64(key); }
  };

  /// The entry with what the containers take beside it.
  static std::size_t cost(std::string_view key, const State& state) {
    return 160 + key.size() + state.bytes();
  }

  std::unordered_map<std::string, Entry, Hash, std::equal_to<>> entries_;
  std::unordered_set<std::string, Hash, std::equal_to<>> requested_;
  std::list<const std::string*> recent_;  ///< most recent first; points at the keys of entries_
  std::vector<const std::string*> dirty_;
  std::size_t memory_ = 0;
};

}  // namespace bytebasket::processors
