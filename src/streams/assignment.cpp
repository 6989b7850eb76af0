#include "streams/assignment.hpp"

#include <condition_variable>
#include <mutex>
#include <string>
#include <utility>

namespace bytebasket::streams {
namespace {

class WholeLog final : public Assignment {
 public:
  WholeLog(EventLog& log, std::string group, std::vector<TopicPartition> partitions)
      : log_(log), group_(std::move(group)), partitions_(std::move(partitions)) {}

  [[nodiscard]] bool shared() const override { return false; }

  Result<std::optional<AssignmentChange>> poll(Milliseconds wait) override {
    std::unique_lock lock(mutex_);
    if (!std::exchange(given_, true)) {
      return std::optional(AssignmentChange{AssignmentChange::Kind::assigned, partitions_});
    }
    left_.wait_for(lock, wait, [this] { return gone_; });
    return std::optional<AssignmentChange>();
  }

  Status released(const std::vector<TopicPartition>&) override { return ok(); }

  Status commit(TopicPartition where, Offset next) override {
    return log_.commit(group_, where, next);
  }

  void leave() override {
    {
      const std::lock_guard lock(mutex_);
      gone_ = true;
    }
    left_.notify_all();
  }

 private:
  EventLog& log_;
  const std::string group_;
  const std::vector<TopicPartition> partitions_;
  std::mutex mutex_;
  std::condition_variable left_;
  bool given_ = false;
  bool gone_ = false;
};

}  // namespace

std::unique_ptr<Assignment> own_all(EventLog& log, std::string group,
                                    std::vector<TopicPartition> partitions) {
  return std::make_unique<WholeLog>(log, std::move(group), std::move(partitions));
}

}  // namespace bytebasket::streams
