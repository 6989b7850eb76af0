// Differences as they are found: the first ones kept, all of them counted. Not thread-safe.
#pragma once

#include <cstddef>
#include <utility>

#include "verification/report.hpp"

namespace bytebasket::verification {

class Findings {
 public:
  /// `report` must outlive it; at most `kept` differences are kept in it.
  Findings(Report& report, std::size_t kept) : report_(report), kept_(kept) {}

  [[nodiscard]] TableReport& table(storage::TableId id) { return report_.tables[id]; }
  [[nodiscard]] Report& report() { return report_; }

  void add(Difference difference) {
    ++report_.tables[difference.key.table].differing;
    ++report_.difference_count;
    if (report_.differences.size() < kept_) report_.differences.push_back(std::move(difference));
  }

 private:
  Report& report_;
  const std::size_t kept_;
};

}  // namespace bytebasket::verification
