#include "streams/kafka/broker_version.hpp"

#include <array>
#include <utility>

namespace bytebasket::streams::kafka {
namespace {

constexpr std::int16_t api_versions = 18;
constexpr std::int16_t request_version = 3;  // The first that tells of features.
constexpr std::int32_t correlation = 1;
constexpr std::uint64_t finalized_features = 2;  // The tag of the field.
constexpr std::string_view client = "bytebasket";

/// By the first level of each release.
constexpr std::array<std::pair<std::int16_t, const char*>, 13> releases = {{{4, "3.3"},
                                                                            {8, "3.4"},
                                                                            {9, "3.5"},
                                                                            {12, "3.6"},
                                                                            {15, "3.7"},
                                                                            {20, "3.8"},
                                                                            {21, "3.9"},
                                                                            {22, "4.0"},
                                                                            {26, "4.1"},
                                                                            {28, "4.2"},
                                                                            {30, "4.3"},
                                                                            {31, "4.4"},
                                                                            {34, "4.5 or later"}}};

void put_int(std::string& out, std::int64_t value, int bytes) {
  for (int i = bytes - 1; i >= 0; --i) out += static_cast<char>(value >> (8 * i));
}

void put_compact(std::string& out, std::string_view text) {
  out += static_cast<char>(text.size() + 1);  // All of ours are short.
  out += text;
}

/// Big-endian. After a read past the end everything is zero, and ok() is false.
class FrameReader {
 public:
  explicit FrameReader(std::string_view rest) : rest_(rest) {}

  std::int64_t take_int(std::size_t bytes) {
    std::int64_t value = 0;
    for (const char byte : take(bytes)) value = value << 8 | static_cast<unsigned char>(byte);
    return value;
  }
  std::uint64_t take_varint() {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
      const std::string_view byte = take(1);
      if (byte.empty()) return 0;
      value |= (static_cast<std::uint64_t>(byte[0]) & 0x7F) << shift;
      if ((byte[0] & 0x80) == 0) break;
    }
    return value;
  }
  std::string_view take(std::size_t bytes) {
    ok_ = ok_ && bytes <= rest_.size();
    if (!ok_) return {};
    const std::string_view taken = rest_.substr(0, bytes);
    rest_.remove_prefix(bytes);
    return taken;
  }
  std::string_view take_compact() {
    const std::uint64_t size = take_varint();
    return size == 0 ? std::string_view() : take(size - 1);
  }
  void skip_tags() {
    for (std::uint64_t left = take_varint(); left > 0 && ok_; --left) {
      static_cast<void>(take_varint());
      static_cast<void>(take(take_varint()));
    }
  }
  [[nodiscard]] bool ok() const { return ok_; }

 private:
  std::string_view rest_;
  bool ok_ = true;
};

std::optional<std::int16_t> metadata_level_in(FrameReader features) {
  for (std::uint64_t left = features.take_varint(); left > 1 && features.ok(); --left) {
    const std::string_view name = features.take_compact();
    const auto level = static_cast<std::int16_t>(features.take_int(2));
    static_cast<void>(features.take_int(2));
    features.skip_tags();
    if (features.ok() && name == "metadata.version") return level;
  }
  return std::nullopt;
}

}  // namespace

std::string api_versions_request(std::string_view client_version) {
  std::string frame;
  put_int(frame, api_versions, 2);
  put_int(frame, request_version, 2);
  put_int(frame, correlation, 4);
  put_int(frame, static_cast<std::int64_t>(client.size()), 2);
  frame += client;
  put_int(frame, 0, 1);  // No tags.
  put_compact(frame, client);
  put_compact(frame, client_version);
  put_int(frame, 0, 1);
  return frame;
}

Result<std::optional<std::int16_t>> read_metadata_level(std::string_view frame) {
  FrameReader in(frame);
  const bool ours = in.take_int(4) == correlation;
  const bool accepted = in.take_int(2) == 0;
  if (ours && accepted) {
    for (std::uint64_t left = in.take_varint(); left > 1 && in.ok(); --left) {
      static_cast<void>(in.take(6));
      in.skip_tags();
    }
    static_cast<void>(in.take(4));
    std::optional<std::int16_t> level;
    for (std::uint64_t left = in.take_varint(); left > 0 && in.ok(); --left) {
      const std::uint64_t tag = in.take_varint();
      const std::string_view field = in.take(in.take_varint());
      if (tag == finalized_features) level = metadata_level_in(FrameReader(field));
    }
    if (in.ok()) return level;
  }
  return fail(ErrorCode::corrupt, "what answers speaks no Kafka that is known");
}

std::string release_of_metadata_level(std::int16_t level) {
  const char* release = "before 3.3";
  for (const auto& [first, name] : releases) {
    if (level >= first) release = name;
  }
  return std::string("Kafka ") + release;
}

}  // namespace bytebasket::streams::kafka
