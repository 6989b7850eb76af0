// Counts the imported events that are older than what is made of them is kept: they are in, and yet
// nobody will see them there.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "producers/import/import.hpp"

namespace bytebasket::producers::import_ {

/// Something that is made of events, and kept for a time after them.
struct KeptFor {
  enum class From { every_event, transactions, user_activity };
  std::string setting;
  Milliseconds time{0};
  From from = From::every_event;
};

struct OlderThanKept {
  KeptFor kept;
  std::uint64_t older = 0;
  std::uint64_t events = 0;  ///< all that `kept` is made of, older or not
};

/// Hands on what it is given, and looks at the times of what was taken.
class AgeWatch final : public ImportSink {
 public:
  /// Ages are those at `now`. `sink` must outlive it.
  AgeWatch(ImportSink& sink, std::vector<KeptFor> kept, Timestamp now);

  Status send(ImportBatch& batch) override;

  /// In the order of `kept`.
  [[nodiscard]] const std::vector<OlderThanKept>& counts() const { return counts_; }
  [[nodiscard]] std::optional<Timestamp> oldest() const { return oldest_; }

 private:
  void look_at(const events::Normalized& event);

  ImportSink& sink_;
  Timestamp now_;
  std::vector<OlderThanKept> counts_;
  std::optional<Timestamp> oldest_;
};

}  // namespace bytebasket::producers::import_
