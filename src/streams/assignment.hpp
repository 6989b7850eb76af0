// Which partitions this process owns, where several share a log.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"
#include "streams/event_log.hpp"

namespace bytebasket::streams {

struct AssignmentChange {
  enum class Kind : std::uint8_t {
    assigned,  ///< these are ours from now on
    revoked,   ///< give these up in order: store what is applied, stop, then released()
    lost,      ///< these belong to somebody else already: stop without storing, then released()
  };
  Kind kind = Kind::assigned;
  std::vector<TopicPartition> partitions;
};

/// Life cycle: poll() again and again from one thread, leave() at the end. commit() may be called
/// from any thread. A process that does not poll for minutes loses what it owns.
class Assignment {
 public:
  virtual ~Assignment() = default;

  /// True where other processes may own partitions, now or later. commit() answers `conflict` then
  /// when another has taken over.
  [[nodiscard]] virtual bool shared() const = 0;

  /// The next change; nullopt when none came within `wait`.
  virtual Result<std::optional<AssignmentChange>> poll(Milliseconds wait) = 0;

  /// Says that partitions of a `revoked` or `lost` change are let go.
  virtual Status released(const std::vector<TopicPartition>& partitions) = 0;

  /// Says that everything before `next` is processed and stored.
  virtual Status commit(TopicPartition where, Offset next) = 0;

  /// Gives everything up, so that others can take over at once.
  virtual void leave() = 0;
};

/// All of `partitions` for this process alone, at once and for good; commits go to `log`, which
/// must outlive it.
std::unique_ptr<Assignment> own_all(EventLog& log, std::string group,
                                    std::vector<TopicPartition> partitions);

}  // namespace bytebasket::streams
