// What one fact states: where it counts, and what each source takes from it.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "metrics/compiled_plan.hpp"
#include "metrics/hash_index.hpp"

namespace bytebasket::metrics {

/// What a source takes from a fact.
struct Contribution {
  bool counts = false;
  std::int64_t value = 0;
  bool operator==(const Contribution&) const = default;
};

/// The windows and dimension values of a fact, and by how much it came late.
struct Place {
  const Selection* selection = nullptr;
  std::array<std::int64_t, grain_count> windows{};
  std::array<std::uint32_t, dimension_count> values{};
  bool operator==(const Place&) const = default;
};

struct Statement {
  std::uint64_t visitor = 0;  ///< hashed
  Milliseconds late{0};
  Place place;
  std::vector<Contribution> contributions;  ///< in the order of the selection's sources
};

/// Retractions of sessions and carts that wait for their visitor's new statement. Most are stated
/// anew with one number changed, so most of what a pair says cancels out and touches no cell. Not
/// thread-safe.
class HeldRetractions {
 public:
  void hold(const Statement& retraction);

  /// Takes out a retraction of the same visitor at the same place; false where none waits.
  bool take_matching(const Statement& statement, Statement& retraction);

  /// Takes out whichever is left; false when none is.
  bool take_any(Statement& retraction);

  [[nodiscard]] bool empty() const { return waiting_ == 0; }
  [[nodiscard]] std::size_t memory() const;

 private:
  struct Held {
    std::uint64_t hash = 0;
    std::uint64_t visitor = 0;
    Milliseconds late{0};
    Place place;
    std::size_t first_contribution = 0;
    bool waits = true;
  };

  void take(std::uint32_t number, Statement& retraction);
  void clear();

  std::vector<Held> held_;
  std::vector<Contribution> contributions_;
  HashIndex index_;
  std::size_t waiting_ = 0;
  std::size_t next_ = 0;  ///< take_any() has been through what stands before
};

}  // namespace bytebasket::metrics
