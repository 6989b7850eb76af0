#include "metrics/statement.hpp"

namespace bytebasket::metrics {
namespace {

/// Visitor and finest window tell most statements apart.
std::uint64_t hash_of(const Statement& statement) {
  return (statement.visitor ^ static_cast<std::uint64_t>(statement.place.windows[0])) *
         0x9E37'79B9'7F4A'7C15;
}

}  // namespace

void HeldRetractions::hold(const Statement& retraction) {
  const std::uint64_t hash = hash_of(retraction);
  index_.insert(hash, static_cast<std::uint32_t>(held_.size()));
  held_.push_back(
      {hash, retraction.visitor, retraction.late, retraction.place, contributions_.size()});
  contributions_.insert(contributions_.end(), retraction.contributions.begin(),
                        retraction.contributions.end());
  ++waiting_;
}

bool HeldRetractions::take_matching(const Statement& statement, Statement& retraction) {
  if (waiting_ == 0) return false;
  const std::uint32_t number = index_.find(hash_of(statement), [&](std::uint32_t each) {
    return held_[each].visitor == statement.visitor && held_[each].place == statement.place;
  });
  if (number == HashIndex::npos) return false;
  take(number, retraction);
  return true;
}

bool HeldRetractions::take_any(Statement& retraction) {
  if (waiting_ == 0) return false;
  while (!held_[next_].waits) ++next_;
  take(static_cast<std::uint32_t>(next_), retraction);
  return true;
}

void HeldRetractions::take(std::uint32_t number, Statement& retraction) {
  Held& held = held_[number];
  retraction.visitor = held.visitor;
  retraction.late = held.late;
  retraction.place = held.place;
  const auto first = contributions_.begin() + static_cast<std::ptrdiff_t>(held.first_contribution);
  retraction.contributions.assign(
      first, first + static_cast<std::ptrdiff_t>(held.place.selection->sources.size()));
  held.waits = false;
  index_.erase(held.hash, number);
  if (--waiting_ == 0) clear();
}

void HeldRetractions::clear() {
  held_.clear();
  contributions_.clear();
  next_ = 0;
}

std::size_t HeldRetractions::memory() const {
  return held_.capacity() * sizeof(Held) + contributions_.capacity() * sizeof(Contribution) +
         index_.memory();
}

}  // namespace bytebasket::metrics
