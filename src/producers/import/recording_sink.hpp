// A sink for tests: keeps what it is given.
#pragma once

#include <string>
#include <vector>

#include <gtest/gtest.h>

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

/// Imports into `sink`; that it cannot fails the test.
inline ImportReport import_or_fail(const std::vector<std::string>& files, const std::string& format,
                                   RecordingSink& sink) {
  auto report = import_files({.files = files, .format = format}, sink);
  EXPECT_TRUE(report) << (report ? "" : report.error().message);
  return report ? *report : ImportReport{};
}

}  // namespace bytebasket::producers::import_
