#include "streams/event_log.hpp"

#include <array>
#include <future>

#include "base/names.hpp"

namespace bytebasket::streams {
namespace {

constexpr std::array<std::string_view, stream_count> names = {
    "user-activity", "transactions", "user-activity.dlq", "transactions.dlq"};
constexpr std::string_view dlq_suffix = ".dlq";

}  // namespace

std::string_view name_of(Stream stream) { return names[static_cast<std::size_t>(stream)]; }

std::string topic_of(Stream stream) {
  std::string_view name = name_of(stream);
  const bool dead_letters = name.ends_with(dlq_suffix);
  if (dead_letters) name.remove_suffix(dlq_suffix.size());
  std::string topic = "bytebasket." + std::string(name) + ".v1";
  if (dead_letters) topic += dlq_suffix;
  return topic;
}

std::optional<Stream> stream_named(std::string_view name) {
  return member_named<Stream>(names, name);
}

Stream dead_letters_of(Stream stream) {
  return stream == Stream::transactions || stream == Stream::transactions_dlq
             ? Stream::transactions_dlq
             : Stream::user_activity_dlq;
}

std::string to_string(TopicPartition where) {
  return std::string(name_of(where.stream)) + "/" + std::to_string(where.partition.value());
}

Result<std::vector<AppendedAt>> append_and_wait(EventLog& log, std::vector<NewRecord> records) {
  // Shared: the engine's thread may still be inside set_value when the waiting thread returns.
  auto promise = std::make_shared<std::promise<Result<std::vector<AppendedAt>>>>();
  auto answer = promise->get_future();
  log.append(std::move(records), [promise](Result<std::vector<AppendedAt>> result) {
    promise->set_value(std::move(result));
  });
  return answer.get();
}

}  // namespace bytebasket::streams
