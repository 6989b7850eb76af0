#include "base/bytes.hpp"

namespace bytebasket {

void ByteWriter::put_long_varint(std::uint64_t value) {
  char bytes[10];
  std::size_t size = 0;
  while (value >= 0x80) {
    bytes[size++] = static_cast<char>(value | 0x80);
    value >>= 7;
  }
  bytes[size++] = static_cast<char>(value);
  out_.append(bytes, size);
}

template <typename T>
T ByteReader::take_fixed() {
  const std::string_view bytes = take_raw(sizeof(T));
  if (bytes.size() != sizeof(T)) return 0;
  T value = 0;
  for (std::size_t i = 0; i < sizeof(T); ++i) {
    value |= static_cast<T>(static_cast<T>(static_cast<unsigned char>(bytes[i])) << (8 * i));
  }
  return value;
}

std::uint32_t ByteReader::take_u32() { return take_fixed<std::uint32_t>(); }
std::uint64_t ByteReader::take_u64() { return take_fixed<std::uint64_t>(); }

std::uint64_t ByteReader::take_long_varint() {
  std::uint64_t value = 0;
  for (unsigned shift = 0; shift < 64; shift += 7) {
    const std::uint8_t byte = take_u8();
    if (!ok_) return 0;
    if (shift == 63 && byte > 1) break;
    value |= static_cast<std::uint64_t>(byte & 0x7F) << shift;
    if ((byte & 0x80) == 0) return value;
  }
  give_up();
  return 0;
}

void append_key_text(std::string& key, std::string_view value) {
  for (auto zero = value.find('\0'); zero != value.npos; zero = value.find('\0')) {
    key.append(value.substr(0, zero + 1)).push_back('\xFF');
    value.remove_prefix(zero + 1);
  }
  key.append(value).append(std::string_view("\0\x01", 2));
}

namespace {

void append_big_endian(std::string& key, std::uint64_t bits) {
  char bytes[8];
  for (int i = 0; i < 8; ++i) bytes[i] = static_cast<char>(bits >> (56 - 8 * i));
  key.append(bytes, sizeof(bytes));
}

std::optional<std::uint64_t> take_big_endian(std::string_view& key) {
  if (key.size() < 8) return std::nullopt;
  std::uint64_t bits = 0;
  for (std::size_t i = 0; i < 8; ++i) bits = (bits << 8) | static_cast<unsigned char>(key[i]);
  key.remove_prefix(8);
  return bits;
}

constexpr std::uint64_t sign_bit = std::uint64_t{1} << 63;

}  // namespace

void append_key_int(std::string& key, std::int64_t value) {
  append_big_endian(key, static_cast<std::uint64_t>(value) ^ sign_bit);
}

void append_key_int_descending(std::string& key, std::int64_t value) {
  append_big_endian(key, ~(static_cast<std::uint64_t>(value) ^ sign_bit));
}

std::optional<std::string> take_key_text(std::string_view& key) {
  std::string value;
  for (auto zero = key.find('\0'); zero != key.npos; zero = key.find('\0')) {
    if (zero + 1 >= key.size()) return std::nullopt;
    const char after = key[zero + 1];
    const bool ends = after == '\x01';
    if (!ends && after != '\xFF') return std::nullopt;
    value.append(key.substr(0, ends ? zero : zero + 1));
    key.remove_prefix(zero + 2);
    if (ends) return value;
  }
  return std::nullopt;
}

std::optional<std::int64_t> take_key_int(std::string_view& key) {
  const auto bits = take_big_endian(key);
  if (!bits) return std::nullopt;
  return static_cast<std::int64_t>(*bits ^ sign_bit);
}

std::optional<std::int64_t> take_key_int_descending(std::string_view& key) {
  const auto bits = take_big_endian(key);
  if (!bits) return std::nullopt;
  return static_cast<std::int64_t>(~*bits ^ sign_bit);
}

}  // namespace bytebasket
