#include "producers/import/http_sink.hpp"

#include <utility>

namespace bytebasket::producers::import_ {

namespace {

/// Canonical events carry their true time, so a parcel says no `sentAt`: the collector must correct
/// nothing.
class CanonicalParcel final : public delivery::Parcel {
 public:
  explicit CanonicalParcel(const std::string& write_key) : write_key_(&write_key) {}

  void add(std::string_view json) {
    body_ += events_ == 0 ? R"({"batch":[)" : ",";
    body_ += json;
    ++events_;
  }
  [[nodiscard]] std::size_t bytes() const { return body_.size(); }

  [[nodiscard]] std::size_t events() const override { return events_; }
  [[nodiscard]] const std::string& write_key() const override { return *write_key_; }
  [[nodiscard]] std::string body(Timestamp now) const override {
    (void)now;
    return body_ + "]}";
  }

 private:
  const std::string* write_key_;
  std::string body_;
  std::size_t events_ = 0;
};

class HttpSink final : public ImportSink {
 public:
  HttpSink(HttpSinkOptions options, delivery::Post post, delivery::Wait wait)
      : options_(std::move(options)),
        courier_(options_.courier, std::move(post), std::move(wait), clock_, count_) {}

  Status send(ImportBatch& batch) override {
    CanonicalParcel parcel(options_.write_key);
    std::vector<AcceptedItem> sent;
    for (AcceptedItem& item : batch.items) {
      // The first is the event itself; the collector writes an order's marker anew.
      const events::Normalized& event = item.events.front();
      if (event.json.size() > options_.max_event_bytes) {
        batch.refused.push_back(too_large(item));
        continue;
      }
      if (parcel.events() >= options_.batch_events ||
          parcel.bytes() + event.json.size() > options_.batch_bytes) {
        BB_RETURN_IF_ERROR(deliver(std::exchange(parcel, CanonicalParcel(options_.write_key))));
      }
      parcel.add(event.json);
      sent.push_back(std::move(item));
    }
    if (parcel.events() != 0) BB_RETURN_IF_ERROR(deliver(parcel));
    batch.items = std::move(sent);
    return ok();
  }

 private:
  Status deliver(const CanonicalParcel& parcel) {
    BB_RETURN_IF_ERROR(courier_.deliver(parcel));
    if (count_.refused_batches == 0) return ok();
    return fail(ErrorCode::invalid_argument, count_.last_problem());
  }

  [[nodiscard]] RefusedItem too_large(AcceptedItem& accepted) const {
    RefusedItem item;
    item.reason = "the collector takes events up to " + std::to_string(options_.max_event_bytes) +
                  " bytes: import larger ones with --data";
    item.payload = std::string(accepted.events.front().json);
    item.transaction = accepted.events.front().transaction;
    item.line = accepted.line;
    item.rows = accepted.rows;
    return item;
  }

  HttpSinkOptions options_;
  SystemClock clock_;
  delivery::DeliveryCount count_;
  delivery::Courier courier_;
};

}  // namespace

std::unique_ptr<ImportSink> make_http_sink(const HttpSinkOptions& options, delivery::Post post,
                                           delivery::Wait wait) {
  return std::make_unique<HttpSink>(options, std::move(post), std::move(wait));
}

}  // namespace bytebasket::producers::import_
