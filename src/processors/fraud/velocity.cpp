#include "processors/fraud/velocity.hpp"

#include <algorithm>

#include "base/bytes.hpp"
#include "base/hash.hpp"

namespace bytebasket::processors::fraud {
namespace {

constexpr std::uint8_t format_version = 1;

// The first byte of a stored attempt says what it has; the second which attributes equal those of
// the attempt before.
constexpr std::uint8_t has_amount = 1 << 6;
constexpr std::uint8_t has_failed = 1 << 7;

void put_attempt(ByteWriter& out, const PastAttempt& attempt, const PastAttempt& before) {
  std::uint8_t present = 0;
  std::uint8_t same = 0;
  for (std::size_t i = 0; i < attribute_count; ++i) {
    if (attempt.attributes[i] != 0) present |= static_cast<std::uint8_t>(1 << i);
    if (attempt.attributes[i] == before.attributes[i]) same |= static_cast<std::uint8_t>(1 << i);
  }
  if (attempt.amount) present |= has_amount;
  if (attempt.failed) present |= has_failed;
  out.put_u8(present);
  out.put_u8(same);
  out.put_signed(to_ms(attempt.time) - to_ms(before.time));
  if (attempt.amount) out.put_signed(*attempt.amount);
  out.put_varint(attempt.currency);
  for (std::size_t i = 0; i < attribute_count; ++i) {
    if ((present & ~same & (1 << i)) != 0) out.put_u64(attempt.attributes[i]);
  }
}

PastAttempt take_attempt(ByteReader& in, const PastAttempt& before) {
  PastAttempt attempt;
  const std::uint8_t present = in.take_u8();
  const std::uint8_t same = in.take_u8();
  attempt.time = before.time + Milliseconds(in.take_signed());
  if ((present & has_amount) != 0) attempt.amount = in.take_signed();
  attempt.currency = static_cast<std::uint32_t>(in.take_varint());
  attempt.failed = (present & has_failed) != 0;
  for (std::size_t i = 0; i < attribute_count; ++i) {
    if ((present & (1 << i)) == 0) continue;
    attempt.attributes[i] = (same & (1 << i)) != 0 ? before.attributes[i] : in.take_u64();
  }
  return attempt;
}

void put_time(ByteWriter& out, const std::optional<Timestamp>& time) {
  out.put_u8(time ? 1 : 0);
  if (time) out.put_signed(to_ms(*time));
}

std::optional<Timestamp> take_time(ByteReader& in) {
  if (in.take_u8() == 0) return std::nullopt;
  return timestamp_from_ms(in.take_signed());
}

bool earlier(const PastAttempt& a, Timestamp time) { return a.time < time; }
bool later(Timestamp time, const PastAttempt& a) { return time < a.time; }

}  // namespace

PastAttempt remember(const Attempt& attempt) {
  PastAttempt past;
  past.time = attempt.time;
  if (attempt.amount) past.amount = attempt.amount->value();
  past.currency = attempt.currency.bits();
  past.failed = attempt.failed();
  for (std::size_t i = 0; i < attribute_count; ++i) {
    if (!attempt.attributes[i].empty()) past.attributes[i] = hash64(attempt.attributes[i]);
  }
  return past;
}

void Velocity::forget_oldest() {
  const Timestamp time = attempts_[first_].time;
  forgotten_until_ = forgotten_until_ ? std::max(*forgotten_until_, time) : time;
  ++first_;
  if (first_ < 64 || first_ * 2 < attempts_.size()) return;
  attempts_.erase(attempts_.begin(), attempts_.begin() + static_cast<std::ptrdiff_t>(first_));
  first_ = 0;
}

void Velocity::add(const PastAttempt& attempt, std::size_t limit) {
  first_seen_ = first_seen_ ? std::min(*first_seen_, attempt.time) : attempt.time;
  const auto begin = attempts_.begin() + static_cast<std::ptrdiff_t>(first_);
  attempts_.insert(std::upper_bound(begin, attempts_.end(), attempt.time, later), attempt);
  const Timestamp horizon = attempts_.back().time - longest_window;
  while (size() > limit || attempts_[first_].time <= horizon) forget_oldest();
}

std::span<const PastAttempt> Velocity::within(Timestamp now, Milliseconds window) const {
  const auto begin = attempts_.begin() + static_cast<std::ptrdiff_t>(first_);
  const auto end = std::upper_bound(begin, attempts_.end(), now, later);
  const auto from = std::lower_bound(begin, end, now - window + Milliseconds(1), earlier);
  return {from, end};
}

bool Velocity::is_lower_bound(Timestamp now, Milliseconds window) const {
  return forgotten_until_ && *forgotten_until_ > now - window;
}

std::string Velocity::encode() const {
  std::string bytes;
  ByteWriter out(bytes);
  out.put_u8(format_version);
  put_time(out, first_seen_);
  put_time(out, forgotten_until_);
  out.put_signed(labelled_fraud_);
  out.put_varint(size());
  PastAttempt before;
  for (std::size_t i = first_; i < attempts_.size(); ++i) {
    put_attempt(out, attempts_[i], before);
    before = attempts_[i];
  }
  return bytes;
}

Result<Velocity> Velocity::decode(std::string_view bytes) {
  ByteReader in(bytes);
  if (const std::uint8_t version = in.take_u8(); version != format_version) {
    return fail(ErrorCode::corrupt, "velocity row of format " + std::to_string(version) +
                                        "; this program reads format 1");
  }
  Velocity velocity;
  velocity.first_seen_ = take_time(in);
  velocity.forgotten_until_ = take_time(in);
  velocity.labelled_fraud_ = in.take_signed();
  const std::uint64_t count = in.take_varint();
  if (count > bytes.size())
    return fail(ErrorCode::corrupt, "velocity row names more attempts than it has bytes");
  velocity.attempts_.reserve(count);
  PastAttempt before;
  for (std::uint64_t i = 0; i < count && in.ok(); ++i) {
    before = take_attempt(in, before);
    velocity.attempts_.push_back(before);
  }
  if (!in.ok() || !in.at_end())
    return fail(ErrorCode::corrupt, "velocity row is cut off or too long");
  return velocity;
}

std::size_t Velocity::bytes() const {
  return sizeof(*this) + attempts_.capacity() * sizeof(PastAttempt);
}

}  // namespace bytebasket::processors::fraud
