// Events that were refused: kept with their reason, so that they can be looked at, mended and sent
// again.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/position.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "events/normalize.hpp"
#include "producers/write_keys.hpp"
#include "streams/event_log.hpp"

namespace bytebasket::producers {

/// The record for a refused item. Payloads are cut at 512 KiB (the detail says so); card numbers
/// are masked already.
streams::NewRecord dead_letter(events::Refused refused, const WriteKey& key,
                               const events::Envelope& envelope);

/// Appends `text` as a JSON string.
void append_json_string(std::string& out, std::string_view text);

/// A dead letter as it is read.
struct DeadLetter {
  streams::TopicPartition where;
  Offset offset;
  Timestamp received_at;
  std::string reason;
  std::string write_key;                 ///< the key's configured name, never the key
  std::optional<events::CallType> call;  ///< what the path said; nullopt for an item of a batch
  events::Source default_source = events::Source::server;
  std::optional<Timestamp> sent_at;  ///< of the item's batch
  bool truncated = false;
  std::string payload;
};

struct DeadLetterPage {
  std::vector<DeadLetter> letters;
  std::optional<Offset> next;  ///< where to go on; nullopt at the end
};

/// What sending again has done.
struct Resent {
  std::uint64_t sent = 0;
  struct Still {
    Offset offset;
    std::string reason;
  };
  std::vector<Still> refused;  ///< again
  std::optional<Offset> next;  ///< where to go on; nullopt at the end
};

/// Reads the dead letters of one stream. Dead letters stay where they are when they are sent again:
/// an event that arrives twice counts once, by its messageId. Thread-safe as the log is.
class DeadLetters {
 public:
  /// `stream` is either of the two streams, or its dead-letter stream.
  DeadLetters(streams::EventLog& log, streams::Stream stream, events::EventLimits limits);

  /// At most `most` letters from `from` on, oldest first, and no more than one beyond `max_bytes`
  /// of payload. `from` before the oldest kept begins there.
  Result<DeadLetterPage> read(Offset from, std::size_t most, std::size_t max_bytes);
  /// `not_found` where there is none.
  Result<DeadLetter> find(Offset offset);

  /// Sends one again, with `mended` in place of what was kept. It is taken as if received when it
  /// first was. `conflict` with the reason where it is refused again; nothing is written then.
  Status resend(const DeadLetter& letter, const std::optional<std::string>& mended = std::nullopt);

  /// Sends at most `most` from `from` on again, in one append: those that are accepted now.
  Result<Resent> resend_from(Offset from, std::size_t most);

 private:
  /// The records of an event that is accepted now; `conflict` with the reason of one that is not.
  [[nodiscard]] Result<std::vector<streams::NewRecord>> accepted(
      const DeadLetter& letter, const std::optional<std::string>& mended) const;
  Status append(std::vector<streams::NewRecord> records);

  streams::EventLog& log_;
  streams::TopicPartition where_;
  events::EventLimits limits_;
};

}  // namespace bytebasket::producers
