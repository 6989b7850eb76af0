// A sink for tests: keeps what it is given.
#pragma once

#include <string>
#include <vector>

#include "producers/import/import.hpp"

namespace bytebasket::producers::import_ {

class RecordingSink final : public ImportSink {
 public:
  Status send(ImportBatch& batch) override {
    for (const AcceptedItem& item : batch.items) {
      events.emplace_back(item.events.front().json);
      received.push_back(item.events.front().received_at);
    }
    refused.insert(refused.end(), batch.refused.begin(), batch.refused.end());
    return ok();
  }

  std::vector<std::string> events;  ///< canonical, without the markers of orders
  std::vector<Timestamp> received;
  std::vector<RefusedItem> refused;
};

}  // namespace bytebasket::producers::import_
