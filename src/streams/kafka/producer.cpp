#include "streams/kafka/producer.hpp"

#include <chrono>
#include <utility>

#include "base/log.hpp"
#include "streams/kafka/producer_client.hpp"

namespace bytebasket::streams::kafka {
namespace {

constexpr Milliseconds retry_pause{1'000};

}  // namespace

Result<std::unique_ptr<Producer>> Producer::open(const KafkaLogOptions& options,
                                                 const Topology& topology) {
  std::unique_ptr<Producer> producer(new Producer(options, topology));
  BB_ASSIGN_OR_RETURN(producer->client_, ProducerClient::open(options, *producer));
  producer->healer_ = std::thread([producer = producer.get()] { producer->heal(); });
  return producer;
}

Producer::Producer(const KafkaLogOptions& options, const Topology& topology)
    : options_(options),
      topology_(topology),
      room_(options.max_queued_records, options.max_queued_bytes) {}

Producer::~Producer() { close(); }

Result<std::unique_ptr<PendingAppend>> Producer::prepare(const std::vector<NewRecord>& records,
                                                         EventLog::AppendCallback& done) const {
  auto append = std::make_unique<PendingAppend>();
  append->places.reserve(records.size());
  append->records.reserve(records.size());
  for (const NewRecord& record : records) {
    BB_ASSIGN_OR_RETURN(const Place place, place_of(record, topology_, options_.max_record_bytes));
    append->records.push_back({append.get(), append->places.size()});
    append->places.push_back({place.where, Offset(-1)});
    append->bytes += size_of(record);
  }
  append->open = records.size();
  append->done = std::move(done);
  return append;
}

Status Producer::reserve(const PendingAppend& append) {
  if (closed_) return fail(ErrorCode::cancelled, "the event log is closed");
  return room_.take(append.records.size(), append.bytes);
}

void Producer::append(const std::vector<NewRecord>& records, EventLog::AppendCallback done) {
  if (records.empty()) return done(std::vector<AppendedAt>());
  auto append = prepare(records, done);
  if (!append) return done(fail(std::move(append).error()));
  std::unique_lock lock(mutex_);
  if (auto reserved = reserve(**append); !reserved) {
    lock.unlock();
    return (*append)->done(fail(std::move(reserved).error()));
  }
  const auto client = client_;
  ++sending_;
  lock.unlock();
  // It frees itself in answer().
  client->send(records, *append->release());
  lock.lock();
  if (--sending_ == 0) changed_.notify_all();
}

void Producer::answer(PendingAppend* append) {
  const std::unique_ptr<PendingAppend> owned(append);
  {
    const std::lock_guard lock(mutex_);
    room_.give_back(owned->records.size(), owned->bytes);
  }
  // Whoever failed a record of it before this thread answers has let go of its lock.
  std::unique_lock lock(owned->mutex);
  const bool stored = owned->outcome.has_value();
  lock.unlock();
  if (stored) {
    owned->done(std::move(owned->places));
  } else {
    owned->done(fail(owned->error()));
  }
}

void Producer::client_failed() {
  const std::lock_guard lock(mutex_);
  failed_ = true;
  changed_.notify_all();
}

void Producer::heal() {
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [this] { return closed_ || failed_; });
    if (closed_) return;
    lock.unlock();
    auto fresh = ProducerClient::open(options_, *this);
    lock.lock();
    if (!fresh) {
      spdlog::error("kafka: no new producer: {}", fresh.error().message);
      changed_.wait_for(lock, retry_pause, [this] { return closed_; });
      continue;
    }
    failed_ = false;
    ++healed_;
    const auto old = std::exchange(client_, *fresh);
    lock.unlock();
    old->drain(Milliseconds(0));
    lock.lock();
  }
}

void Producer::close() {
  {
    const std::lock_guard lock(mutex_);
    if (closed_) return;
    closed_ = true;
  }
  changed_.notify_all();
  if (healer_.joinable()) healer_.join();
  if (!client_) return;
  {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return sending_ == 0; });
  }
  client_->drain(options_.patience);
  client_.reset();
}

std::size_t Producer::healed() const {
  const std::lock_guard lock(mutex_);
  return healed_;
}

void Producer::fail_for_test() {
  const std::lock_guard lock(mutex_);
  client_->fail_for_test();
}

}  // namespace bytebasket::streams::kafka
