// Events gathered for one request to the collector.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "producers/delivery/courier.hpp"
#include "producers/shop/outbox.hpp"

namespace bytebasket::producers::shop {

/// Events of senders that share a write key, copied, because a Shop's bytes are gone with its next
/// event.
class Batch final : public delivery::Parcel {
 public:
  Batch() = default;
  explicit Batch(std::string write_key) : write_key_(std::move(write_key)) {}

  void add(const SentEvent& event);
  [[nodiscard]] std::size_t events() const override { return events_.size(); }
  [[nodiscard]] const std::string& write_key() const override { return write_key_; }

  /// The body of `POST /v1/batch` as an SDK writes it at `now`: called anew for every try, as
  /// `sentAt` changes.
  [[nodiscard]] std::string body(Timestamp now) const override;

 private:
  std::string write_key_;
  std::string bytes_;
  std::vector<SentEvent> events_;
  std::vector<std::size_t> starts_;
};

}  // namespace bytebasket::producers::shop
