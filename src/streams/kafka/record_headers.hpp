// What a record is besides its key and value, as headers of a Kafka message.
#pragma once

#include <optional>
#include <string_view>

#include "base/result.hpp"
#include "base/time.hpp"
#include "streams/event_log.hpp"

struct rd_kafka_headers_s;
struct rd_kafka_message_s;

namespace bytebasket::streams::kafka {

/// `schema` (1), `received` (milliseconds since 1970 as text), `type` (`control`, `dead-letter`;
/// events have none), `detail`. The caller owns what is returned until a produce call takes it.
rd_kafka_headers_s* make_headers(const NewRecord& record);

struct RecordHeaders {
  RecordType type = RecordType::event;
  Timestamp received_at;
  std::string_view detail;  ///< stands in the message
};

/// `corrupt` when the record was written by a newer ByteBasket. A message without our headers, from
/// somebody else's producer, is an event.
Result<RecordHeaders> read_headers(const rd_kafka_message_s& message);

/// The same where they stand: librdkafka makes a list of a message's headers when it is asked for
/// them, which costs as much as everything else of a message together. A value it hands out without
/// copying, so the headers stand behind it as in Kafka's record format (magic 2). nullopt where
/// what stands there does not begin as ours do; then ask read_headers(). A caller compares the two
/// now and then, for no version of the library promises this.
std::optional<RecordHeaders> read_headers_in_place(const rd_kafka_message_s& message);

}  // namespace bytebasket::streams::kafka
