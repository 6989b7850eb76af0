// What all tables hold, in one number: a change that makes processing faster must not change it.
#pragma once

#include <cstdint>
#include <string>

#include "base/hash.hpp"
#include "cases/measure.hpp"
#include "schema/tables.hpp"
#include "storage/table_store.hpp"

namespace bytebasket::bench {

/// Of every row's key and value, in the store's order. Where in the log its last flush stood says
/// nothing about a row, and a run may append definitions to the log.
inline std::string digest_of(storage::TableStore& tables) {
  std::uint64_t digest = 0;
  for (const auto& declaration : schema::tables()) {
    if (declaration.id == schema::TableId::job_state ||
        declaration.id == schema::TableId::definitions)
      continue;
    storage::EnumerationRequest request{.table = declaration.id};
    for (bool more = true; more;) {
      const auto page = or_die(storage::enumerate_now(tables, request));
      for (const storage::TableRow& row : page.rows) {
        for (const std::string& part : {row.key.partition, row.key.clustering, row.value})
          digest = hash64(part, digest);
      }
      more = page.next.has_value();
      if (more) request.from = *page.next;
    }
  }
  return to_hex(digest);
}

}  // namespace bytebasket::bench
