// Any table store, with its failures counted.
#pragma once

#include <memory>
#include <utility>
#include <vector>

#include "base/counters.hpp"
#include "storage/forwarding_tables.hpp"

namespace bytebasket::storage {

/// A write that fails says so in `counters.trouble` until one succeeds.
class CountedTables final : public ForwardingTables {
 public:
  /// `counters` must outlive it.
  CountedTables(std::unique_ptr<TableStore> tables, TableCounters& counters)
      : ForwardingTables(*tables), tables_(std::move(tables)), counters_(counters) {}

  void write(std::vector<Mutation> mutations, WriteCallback done) override;
  void get(std::vector<RowKey> keys, GetCallback done) override;
  void scan(ScanRequest request, ScanCallback done) override;
  void enumerate(EnumerationRequest request, EnumerateCallback done) override;

 private:
  std::unique_ptr<TableStore> tables_;
  TableCounters& counters_;
};

}  // namespace bytebasket::storage
