#include "streams/kafka/batch_maker.hpp"

#include <algorithm>

namespace bytebasket::streams::kafka {
namespace {

/// Of those that records are copied into.
constexpr std::size_t smallest_buffer = 64 << 10;
/// Room for so many records is made at once.
constexpr std::size_t usual_records = 10'000;

}  // namespace

BatchMaker::BatchMaker(const ReadLimits& limits, std::size_t expected)
    : passes_over_(limits.passes_over),
      most_records_(std::max<std::size_t>(limits.max_records, 1)),
      most_bytes_(limits.max_bytes),
      expected_(expected) {}

std::string_view BatchMaker::copy(std::string_view bytes) {
  if (bytes.empty()) return {};
  std::string& buffer = *buffers_.back();
  const std::size_t begin = buffer.size();
  buffer.append(bytes);
  return {buffer.data() + begin, bytes.size()};
}

bool BatchMaker::pass_over(Offset offset, std::string_view key, std::string_view value) {
  // Shown is as much as has the bytes behind it that it may be read with.
  if (!passes_over_ || value.size() <= value_padding ||
      !passes_over_(value.substr(0, value.size() - value_padding)))
    return false;
  ++passed_over_.count;
  passed_over_.last = offset;
  passed_over_bytes_ += key.size() + value.size();
  return true;
}

bool BatchMaker::add(const Record& record) {
  const std::size_t size = record.key.size() + record.value.size() + record.detail.size();
  if (full() || (!records_.empty() && bytes_ + size > most_bytes_)) return false;
  if (records_.empty()) records_.reserve(std::min(most_records_, usual_records));
  if (buffers_.empty() ||
      buffers_.back()->capacity() - buffers_.back()->size() < size + value_padding) {
    const std::size_t left = expected_ - std::min(expected_, bytes_);
    buffers_.push_back(std::make_unique<std::string>());
    buffers_.back()->reserve(std::max({size, left, smallest_buffer}) + value_padding);
  }
  bytes_ += size;
  if (record.type == RecordType::control) passes_over_ = nullptr;
  Record& added = records_.emplace_back(record);
  added.key = copy(record.key);
  added.value = copy(record.value);
  added.detail = copy(record.detail);
  return true;
}

}  // namespace bytebasket::streams::kafka
