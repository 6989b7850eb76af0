#include "producers/shop/batch.hpp"

namespace bytebasket::producers::shop {

void Batch::add(const SentEvent& event) {
  starts_.push_back(bytes_.size());
  events_.push_back(event);
  bytes_ += event.json;
}

std::string Batch::body(Timestamp now) const {
  std::string body;
  body.reserve(bytes_.size() + 64);
  body += R"({"batch":[)";
  for (std::size_t i = 0; i < events_.size(); ++i) {
    if (i != 0) body += ',';
    SentEvent event = events_[i];
    event.json = std::string_view(bytes_).substr(starts_[i], event.json.size());
    append_for_wire(body, event, now);
  }
  body += R"(],"sentAt":")";
  append_timestamp_ms(body, now);
  body += "\"}";
  return body;
}

}  // namespace bytebasket::producers::shop
