#include "analytics/metric_cursor.hpp"

#include <optional>

#include "base/bytes.hpp"
#include "base/hex.hpp"

namespace bytebasket::analytics {
namespace {

constexpr std::uint8_t format_version = 1;

std::optional<std::string> from_hex(std::string_view text) {
  constexpr std::string_view digits = "0123456789abcdef";
  if (text.size() % 2 != 0) return std::nullopt;
  std::string bytes;
  for (std::size_t i = 0; i < text.size(); i += 2) {
    const std::size_t high = digits.find(text[i]);
    const std::size_t low = digits.find(text[i + 1]);
    if (high == std::string_view::npos || low == std::string_view::npos) return std::nullopt;
    bytes.push_back(static_cast<char>(high << 4 | low));
  }
  return bytes;
}

}  // namespace

std::string MetricCursor::text() const {
  std::string bytes;
  ByteWriter out(bytes);
  out.put_u8(format_version);
  out.put_signed(to_ms(from));
  out.put_signed(to_ms(to));
  out.put_signed(to_ms(place.first));
  out.put_string(place.second);
  out.put_u64(static_cast<std::uint64_t>(value));
  out.put_u64(static_cast<std::uint64_t>(static_cast<metrics::UInt128>(value) >> 64));
  std::string text;
  append_hex(text, bytes);
  return text;
}

Result<MetricCursor> MetricCursor::parse(std::string_view text) {
  const auto bytes = from_hex(text);
  if (bytes) {
    ByteReader in(*bytes);
    MetricCursor cursor;
    const bool version_fits = in.take_u8() == format_version;
    cursor.from = timestamp_from_ms(in.take_signed());
    cursor.to = timestamp_from_ms(in.take_signed());
    cursor.place.first = timestamp_from_ms(in.take_signed());
    cursor.place.second = in.take_string();
    const metrics::UInt128 low = in.take_u64();
    cursor.value =
        static_cast<metrics::Int128>(low | static_cast<metrics::UInt128>(in.take_u64()) << 64);
    constexpr Timestamp end = timestamp_from_ms(253'402'300'800'000);  // the year 10,000
    const bool sane = cursor.from >= Timestamp() && cursor.from <= cursor.to && cursor.to <= end;
    if (version_fits && in.ok() && in.at_end() && sane) return cursor;
  }
  return fail(ErrorCode::invalid_argument, "parameter 'cursor' is not the 'next' of an answer");
}

}  // namespace bytebasket::analytics
