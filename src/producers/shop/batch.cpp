#include "producers/shop/batch.hpp"

#include <zlib.h>

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

std::string gzip(std::string_view bytes) {
  z_stream stream{};
  constexpr int gzip_window = 15 + 16;
  if (deflateInit2(&stream, 1, Z_DEFLATED, gzip_window, 8, Z_DEFAULT_STRATEGY) != Z_OK)
    throw std::bad_alloc();
  std::string out(deflateBound(&stream, static_cast<uLong>(bytes.size())), '\0');
  std::string input(bytes);
  stream.next_in = reinterpret_cast<Bytef*>(input.data());
  stream.avail_in = static_cast<uInt>(input.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

}  // namespace bytebasket::producers::shop
