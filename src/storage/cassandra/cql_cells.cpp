#include "storage/cassandra/cql_cells.hpp"

namespace bytebasket::storage {
namespace {

constexpr std::size_t length_size = 4;

template <typename T>
void append_big_endian(std::string& out, T value) {
  for (std::size_t left = sizeof(T); left > 0; --left) {
    out.push_back(static_cast<char>(value >> (8 * (left - 1))));
  }
}

}  // namespace

std::int64_t integer_of(std::string_view bytes) {
  std::uint64_t value = !bytes.empty() && static_cast<signed char>(bytes.front()) < 0 ? ~0ULL : 0;
  for (const char byte : bytes) value = value << 8 | static_cast<unsigned char>(byte);
  return static_cast<std::int64_t>(value);
}

void append_cell(std::string& cells, std::string_view bytes) {
  append_big_endian(cells, static_cast<std::uint32_t>(bytes.size()));
  cells.append(bytes);
}

void append_null_cell(std::string& cells) { append_big_endian(cells, ~std::uint32_t{0}); }

void append_bigint_cell(std::string& cells, std::int64_t value) {
  append_big_endian(cells, std::uint32_t{sizeof value});
  append_big_endian(cells, static_cast<std::uint64_t>(value));
}

void append_int_cell(std::string& cells, std::int32_t value) {
  append_big_endian(cells, std::uint32_t{sizeof value});
  append_big_endian(cells, static_cast<std::uint32_t>(value));
}

void append_list_cell(std::string& cells, std::size_t count, std::string_view elements) {
  append_big_endian(cells, static_cast<std::uint32_t>(sizeof(std::uint32_t) + elements.size()));
  append_big_endian(cells, static_cast<std::uint32_t>(count));
  cells.append(elements);
}

std::optional<std::string_view> CellReader::take() {
  if (rest_.size() < length_size) {
    ok_ = false;
    rest_ = {};
    return std::string_view();
  }
  const std::int64_t size = integer_of(rest_.substr(0, length_size));
  rest_.remove_prefix(length_size);
  if (size < 0) return std::nullopt;
  if (static_cast<std::size_t>(size) > rest_.size()) {
    ok_ = false;
    rest_ = {};
    return std::string_view();
  }
  const std::string_view bytes = rest_.substr(0, static_cast<std::size_t>(size));
  rest_.remove_prefix(bytes.size());
  return bytes;
}

std::int64_t CellReader::take_integer() {
  const std::string_view bytes = take().value_or(std::string_view());
  if (bytes.size() > sizeof(std::int64_t)) ok_ = false;
  return ok_ ? integer_of(bytes) : 0;
}

}  // namespace bytebasket::storage
