#include "storage/counted_tables.hpp"

namespace bytebasket::storage {

void CountedTables::write(std::vector<Mutation> mutations, WriteCallback done) {
  const auto count = mutations.size();
  tables_->write(std::move(mutations),
                 [&counters = counters_, count, done = std::move(done)](Status status) {
                   if (status) {
                     counters.written.add(count);
                     if (counters.trouble.reason()) counters.trouble.clear();
                   } else {
                     counters.failed.add();
                     counters.trouble.set(status.error().message);
                   }
                   done(std::move(status));
                 });
}

void CountedTables::get(std::vector<RowKey> keys, GetCallback done) {
  tables_->get(std::move(keys), [&counters = counters_, done = std::move(done)](auto rows) {
    if (!rows) counters.failed.add();
    done(std::move(rows));
  });
}

void CountedTables::scan(ScanRequest request, ScanCallback done) {
  tables_->scan(std::move(request), [&counters = counters_, done = std::move(done)](auto page) {
    if (!page) counters.failed.add();
    done(std::move(page));
  });
}

void CountedTables::enumerate(EnumerationRequest request, EnumerateCallback done) {
  tables_->enumerate(std::move(request),
                     [&counters = counters_, done = std::move(done)](auto page) {
                       if (!page) counters.failed.add();
                       done(std::move(page));
                     });
}

}  // namespace bytebasket::storage
