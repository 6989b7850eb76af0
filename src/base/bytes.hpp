// Bytes that are stored: little-endian fixed integers and varints for values, order-preserving
// encodings for keys. Readers never trust their input: every read is bounds-checked, and a failed
// reader stays failed.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace bytebasket {

/// Appends values to a string. LEB128 for varints, zig-zag for signed ones.
class ByteWriter {
 public:
  explicit ByteWriter(std::string& out) : out_(out) {}

  void put_u8(std::uint8_t value) { out_.push_back(static_cast<char>(value)); }
  void put_u32(std::uint32_t value) { put_fixed(value); }
  void put_u64(std::uint64_t value) { put_fixed(value); }
  void put_varint(std::uint64_t value) {
    if (value < 0x80) {
      out_.push_back(static_cast<char>(value));
    } else {
      put_long_varint(value);
    }
  }
  void put_signed(std::int64_t value) {
    put_varint((static_cast<std::uint64_t>(value) << 1) ^ static_cast<std::uint64_t>(value >> 63));
  }
  /// A varint length, then the bytes.
  void put_string(std::string_view value) {
    put_varint(value.size());
    out_.append(value);
  }
  void put_raw(std::string_view bytes) { out_.append(bytes); }

 private:
  void put_long_varint(std::uint64_t value);
  template <typename T>
  void put_fixed(T value) {
    char bytes[sizeof(T)];
    for (std::size_t i = 0; i < sizeof(T); ++i) bytes[i] = static_cast<char>(value >> (8 * i));
    out_.append(bytes, sizeof(T));
  }

  std::string& out_;
};

/// Reads what ByteWriter wrote. After a read past the end (or a varint too long) `ok()` is false
/// and every further read gives zero or empty: check once, at the end. String views point into the
/// input.
class ByteReader {
 public:
  explicit ByteReader(std::string_view bytes) : rest_(bytes) {}

  std::uint8_t take_u8() {
    const std::string_view bytes = take_raw(1);
    return bytes.empty() ? 0 : static_cast<std::uint8_t>(bytes[0]);
  }
  std::uint32_t take_u32();
  std::uint64_t take_u64();
  std::uint64_t take_varint() {
    if (rest_.empty() || (rest_.front() & 0x80) != 0) return take_long_varint();
    return take_u8();
  }
  std::int64_t take_signed() {
    const std::uint64_t value = take_varint();
    return static_cast<std::int64_t>((value >> 1) ^ (~(value & 1) + 1));
  }
  std::string_view take_string() {
    const std::uint64_t size = take_varint();
    return size > rest_.size() ? give_up() : take_raw(static_cast<std::size_t>(size));
  }
  std::string_view take_raw(std::size_t size) {
    if (!ok_ || size > rest_.size()) return give_up();
    const std::string_view bytes = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return bytes;
  }

  [[nodiscard]] bool ok() const { return ok_; }
  [[nodiscard]] bool at_end() const { return rest_.empty(); }
  [[nodiscard]] std::size_t remaining() const { return rest_.size(); }

 private:
  std::uint64_t take_long_varint();
  template <typename T>
  T take_fixed();
  std::string_view give_up() {
    ok_ = false;
    rest_ = {};
    return rest_;
  }

  std::string_view rest_;
  bool ok_ = true;
};

/// Order-preserving key parts: comparing the bytes compares the values, part by part.
/// Text: 0x00 becomes 0x00 0xFF, the end is 0x00 0x01. Integers: big-endian with the sign bit
/// flipped.
void append_key_text(std::string& key, std::string_view value);
void append_key_int(std::string& key, std::int64_t value);
/// Descending integers (newest first): all bits inverted.
void append_key_int_descending(std::string& key, std::int64_t value);

/// Take one part off the front of `key`; nullopt where the bytes are no such part.
std::optional<std::string> take_key_text(std::string_view& key);
std::optional<std::int64_t> take_key_int(std::string_view& key);
std::optional<std::int64_t> take_key_int_descending(std::string_view& key);

}  // namespace bytebasket
