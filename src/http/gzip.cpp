#include <algorithm>

#include <zlib.h>

#include "http/server.hpp"

namespace bytebasket::http {
namespace {

constexpr int gzip_window = 15 + 16;  ///< 32 KiB, with a gzip header
constexpr std::size_t least_output = 4 << 10;

/// zlib's stream, released whatever happens.
class Inflater {
 public:
  Inflater() { ready_ = inflateInit2(&stream_, gzip_window) == Z_OK; }
  ~Inflater() {
    if (ready_) inflateEnd(&stream_);
  }
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;

  [[nodiscard]] bool ready() const { return ready_; }
  z_stream& stream() { return stream_; }

 private:
  z_stream stream_{};
  bool ready_ = false;
};

tl::unexpected<Error> too_large(std::size_t max_bytes) {
  return fail(ErrorCode::resource_exhausted, "the body has more than " + std::to_string(max_bytes) +
                                                 " bytes once it is decompressed");
}

}  // namespace

Result<std::string> decompress(std::string_view body, std::size_t max_bytes) {
  if (!body.starts_with("\x1F\x8B")) {
    if (body.size() > max_bytes) return too_large(max_bytes);
    return std::string(body);
  }
  Inflater inflater;
  if (!inflater.ready()) return fail(ErrorCode::internal, "zlib could not be started");
  z_stream& stream = inflater.stream();
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(body.data()));
  stream.avail_in = static_cast<uInt>(body.size());
  std::string out;
  std::size_t done = 0;
  while (true) {
    // Only where it is full: a body can have many members that give nothing. One byte more than is
    // allowed, so that going beyond it is seen.
    if (done == out.size()) out.resize(std::min(max_bytes + 1, std::max(least_output, done * 2)));
    stream.next_out = reinterpret_cast<Bytef*>(out.data() + done);
    stream.avail_out = static_cast<uInt>(out.size() - done);
    const int outcome = inflate(&stream, Z_NO_FLUSH);
    done = out.size() - stream.avail_out;
    if (done > max_bytes) return too_large(max_bytes);
    if (outcome == Z_STREAM_END && stream.avail_in == 0) {
      out.resize(done);
      return out;
    }
    if (outcome == Z_STREAM_END) {
      if (inflateReset(&stream) != Z_OK)
        return fail(ErrorCode::internal, "zlib could not go on");  // the next member
      continue;
    }
    if (outcome != Z_OK || (stream.avail_in == 0 && stream.avail_out != 0)) {
      return fail(ErrorCode::invalid_argument, "the body is broken or truncated gzip");
    }
  }
}

}  // namespace bytebasket::http
