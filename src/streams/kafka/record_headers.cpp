#include "streams/kafka/record_headers.hpp"

#include <array>
#include <charconv>
#include <cstring>

#include <librdkafka/rdkafka.h>

namespace bytebasket::streams::kafka {
namespace {

constexpr std::string_view schema_header = "schema";
constexpr std::string_view received_header = "received";
constexpr std::string_view type_header = "type";
constexpr std::string_view detail_header = "detail";
constexpr std::string_view schema_version = "1";
constexpr std::string_view control_type = "control";
constexpr std::string_view dead_letter_type = "dead-letter";

void add(rd_kafka_headers_t* headers, std::string_view name, std::string_view value) {
  rd_kafka_header_add(headers, name.data(), static_cast<ssize_t>(name.size()), value.data(),
                      static_cast<ssize_t>(value.size()));
}

Status take(RecordHeaders& into, std::string_view name, std::string_view value) {
  if (name == received_header) {
    std::int64_t ms = 0;
    std::from_chars(value.data(), value.data() + value.size(), ms);
    into.received_at = timestamp_from_ms(ms);
  } else if (name == schema_header) {
    if (value != schema_version) {
      return fail(ErrorCode::corrupt, "a record has the form '" + std::string(value) +
                                          "', this program knows only '" +
                                          std::string(schema_version) + "': use a newer one");
    }
  } else if (name == type_header) {
    if (value == control_type) into.type = RecordType::control;
    if (value == dead_letter_type) into.type = RecordType::dead_letter;
  } else if (name == detail_header) {
    into.detail = value;
  }
  return ok();
}

/// What the headers of a record of ours begin with after their number, in Kafka's record format:
/// the name and the value, each behind its length (zigzag).
constexpr std::string_view first_header =
    "\x0cschema\x02"
    "1";

/// A length of the record format: a zigzag number of seven bits a byte.
std::size_t length(const unsigned char*& at) {
  std::size_t number = 0;
  for (unsigned shift = 0; shift < 35; shift += 7) {
    const unsigned char byte = *at++;
    number |= std::size_t{byte & 0x7fU} << shift;
    if ((byte & 0x80U) == 0) break;
  }
  return number >> 1;
}

std::string_view text(const unsigned char*& at) {
  const std::size_t size = length(at);
  const std::string_view found(reinterpret_cast<const char*>(at), size);
  at += size;
  return found;
}

}  // namespace

rd_kafka_headers_s* make_headers(const NewRecord& record) {
  rd_kafka_headers_t* headers = rd_kafka_headers_new(4);
  add(headers, schema_header, schema_version);
  std::array<char, 24> digits{};
  const auto end =
      std::to_chars(digits.data(), digits.data() + digits.size(), to_ms(record.received_at)).ptr;
  add(headers, received_header, {digits.data(), static_cast<std::size_t>(end - digits.data())});
  if (record.type == RecordType::control) add(headers, type_header, control_type);
  if (record.type == RecordType::dead_letter) add(headers, type_header, dead_letter_type);
  if (!record.detail.empty()) add(headers, detail_header, record.detail);
  return headers;
}

std::optional<RecordHeaders> read_headers_in_place(const rd_kafka_message_s& message) {
  if (message.payload == nullptr) return std::nullopt;
  const auto* at = static_cast<const unsigned char*>(message.payload) + message.len;
  // One byte is the number of up to 63 headers; ours are 2 to 4.
  if (*at < 2 * 2 || *at > 2 * 4 || at[1] != static_cast<unsigned char>(first_header[0]) ||
      std::memcmp(at + 1, first_header.data(), first_header.size()) != 0)
    return std::nullopt;
  const unsigned count = *at / 2U;
  at += 1 + first_header.size();
  RecordHeaders read;
  for (unsigned i = 1; i < count; ++i) {
    const std::string_view name = text(at);
    if (!take(read, name, text(at))) return std::nullopt;
  }
  return read;
}

Result<RecordHeaders> read_headers(const rd_kafka_message_s& message) {
  RecordHeaders read;
  rd_kafka_headers_t* headers = nullptr;
  if (rd_kafka_message_headers(&message, &headers) != RD_KAFKA_RESP_ERR_NO_ERROR) return read;
  const char* name = nullptr;
  const void* value = nullptr;
  std::size_t size = 0;
  for (std::size_t i = 0;
       rd_kafka_header_get_all(headers, i, &name, &value, &size) == RD_KAFKA_RESP_ERR_NO_ERROR;
       ++i) {
    BB_RETURN_IF_ERROR(take(read, name, {static_cast<const char*>(value), size}));
  }
  return read;
}

}  // namespace bytebasket::streams::kafka
