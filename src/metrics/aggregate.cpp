#include "metrics/aggregate.hpp"

#include <algorithm>
#include <array>
#include <type_traits>
#include <utility>

#include "base/bytes.hpp"

namespace bytebasket::metrics {
namespace {

constexpr std::uint8_t format_version = 1;

constexpr std::array<std::pair<AggregateKind, std::string_view>, 7> names = {{
    {AggregateKind::count, "count"},
    {AggregateKind::sum, "sum"},
    {AggregateKind::min, "min"},
    {AggregateKind::max, "max"},
    {AggregateKind::distinct, "distinct"},
    {AggregateKind::quantile, "quantile"},
    {AggregateKind::histogram, "histogram"},
}};

Aggregate::State identity_of(AggregateKind kind) {
  switch (kind) {
    case AggregateKind::count:
      return Count{};
    case AggregateKind::sum:
      return Sum{};
    case AggregateKind::min:
      return Min{};
    case AggregateKind::max:
      return Max{};
    case AggregateKind::distinct:
      return HyperLogLog{};
    case AggregateKind::quantile:
      return QuantileSketch{};
    case AggregateKind::histogram:
      return Histogram{};
  }
  return Count{};
}

void add_counts(Histogram& into, const Histogram& other, std::int64_t sign) {
  if (into.counts.size() < other.counts.size()) into.counts.resize(other.counts.size(), 0);
  for (std::size_t i = 0; i < other.counts.size(); ++i) into.counts[i] += sign * other.counts[i];
  while (!into.counts.empty() && into.counts.back() == 0) into.counts.pop_back();
}

// The identities hold nothing; the compiler picks the overload by kind.
bool nothing_in(const Count& state) { return state.n == 0; }
bool nothing_in(const Sum& state) { return state.n == 0 && state.total == 0; }
bool nothing_in(const Min& state) { return !state.value; }
bool nothing_in(const Max& state) { return !state.value; }
bool nothing_in(const HyperLogLog& state) { return state.empty(); }
bool nothing_in(const QuantileSketch& state) { return state.empty(); }
bool nothing_in(const Histogram& state) { return state.counts.empty(); }

void merge_into(Count& into, const Count& other) { into.n += other.n; }
void merge_into(Sum& into, const Sum& other) {
  into.n += other.n;
  into.total += other.total;
}
void merge_into(Min& into, const Min& other) {
  if (other.value && (!into.value || *other.value < *into.value)) into.value = other.value;
}
void merge_into(Max& into, const Max& other) {
  if (other.value && (!into.value || *other.value > *into.value)) into.value = other.value;
}
void merge_into(HyperLogLog& into, const HyperLogLog& other) { into.merge(other); }
void merge_into(QuantileSketch& into, const QuantileSketch& other) { into.merge(other); }
void merge_into(Histogram& into, const Histogram& other) { add_counts(into, other, 1); }

void add_value(Count& state, std::int64_t, std::int64_t weight) { state.n += weight; }
void add_value(Sum& state, std::int64_t value, std::int64_t weight) {
  state.n += weight;
  state.total += static_cast<Int128>(value) * weight;
}
void add_value(Min& state, std::int64_t value, std::int64_t) { merge_into(state, Min{value}); }
void add_value(Max& state, std::int64_t value, std::int64_t) { merge_into(state, Max{value}); }
void add_value(HyperLogLog& state, std::int64_t value, std::int64_t) {
  state.add(static_cast<std::uint64_t>(value));
}
void add_value(QuantileSketch& state, std::int64_t value, std::int64_t weight) {
  state.add(value, weight);
}

void add_to_bucket(Histogram& state, std::int64_t value, std::int64_t weight,
                   std::span<const std::int64_t> bounds) {
  Histogram one;
  one.counts.resize(static_cast<std::size_t>(std::upper_bound(bounds.begin(), bounds.end(), value) -
                                             bounds.begin()) +
                    1);
  one.counts.back() = weight;
  add_counts(state, one, 1);
}

/// 128 bits as two halves, zig-zag over all of them, so small sums of either sign stay short.
void put_int128(ByteWriter& out, Int128 value) {
  const UInt128 zigzag = (static_cast<UInt128>(value) << 1) ^ static_cast<UInt128>(value >> 127);
  out.put_varint(static_cast<std::uint64_t>(zigzag));
  out.put_varint(static_cast<std::uint64_t>(zigzag >> 64));
}

Int128 take_int128(ByteReader& in) {
  const UInt128 low = in.take_varint();
  const UInt128 zigzag = low | static_cast<UInt128>(in.take_varint()) << 64;
  return static_cast<Int128>((zigzag >> 1) ^ (~(zigzag & 1) + 1));
}

void put_extreme(ByteWriter& out, const std::optional<std::int64_t>& value) {
  out.put_u8(value ? 1 : 0);
  if (value) out.put_signed(*value);
}

bool take_extreme(ByteReader& in, std::optional<std::int64_t>& value) {
  const std::uint8_t there = in.take_u8();
  if (there == 1) value = in.take_signed();
  return there <= 1;
}

void put(std::string& out, const Count& state) { ByteWriter(out).put_signed(state.n); }
void put(std::string& out, const Sum& state) {
  ByteWriter writer(out);
  writer.put_signed(state.n);
  put_int128(writer, state.total);
}
void put(std::string& out, const Min& state) {
  ByteWriter writer(out);
  put_extreme(writer, state.value);
}
void put(std::string& out, const Max& state) {
  ByteWriter writer(out);
  put_extreme(writer, state.value);
}
void put(std::string& out, const HyperLogLog& state) { state.encode(out); }
void put(std::string& out, const QuantileSketch& state) { state.encode(out); }
void put(std::string& out, const Histogram& state) {
  ByteWriter writer(out);
  writer.put_varint(state.counts.size());
  for (const std::int64_t count : state.counts) writer.put_signed(count);
}

bool take(ByteReader& in, Count& state) {
  state.n = in.take_signed();
  return true;
}
bool take(ByteReader& in, Sum& state) {
  state.n = in.take_signed();
  state.total = take_int128(in);
  return true;
}
bool take(ByteReader& in, Min& state) { return take_extreme(in, state.value); }
bool take(ByteReader& in, Max& state) { return take_extreme(in, state.value); }
bool take(ByteReader& in, HyperLogLog& state) { return state.decode(in); }
bool take(ByteReader& in, QuantileSketch& state) { return state.decode(in); }
bool take(ByteReader& in, Histogram& state) {
  const std::uint64_t size = in.take_varint();
  if (!in.ok() || size > in.remaining()) return false;
  state.counts.resize(static_cast<std::size_t>(size));
  for (std::int64_t& count : state.counts) count = in.take_signed();
  return state.counts.empty() || state.counts.back() != 0;
}

}  // namespace

std::string_view name_of(AggregateKind kind) {
  for (const auto& [each, name] : names) {
    if (each == kind) return name;
  }
  return "";
}

std::optional<AggregateKind> aggregate_named(std::string_view name) {
  for (const auto& [kind, each] : names) {
    if (each == name) return kind;
  }
  return std::nullopt;
}

Aggregate::Aggregate(AggregateKind kind) : state_(identity_of(kind)) {}

AggregateKind Aggregate::kind() const { return static_cast<AggregateKind>(state_.index() + 1); }

bool Aggregate::is_identity() const {
  return std::visit([](const auto& state) { return nothing_in(state); }, state_);
}

void Aggregate::add(std::int64_t value, std::int64_t weight, std::span<const std::int64_t> bounds) {
  std::visit(
      [&](auto& state) {
        if constexpr (std::is_same_v<std::remove_cvref_t<decltype(state)>, Histogram>) {
          add_to_bucket(state, value, weight, bounds);
        } else {
          add_value(state, value, weight);
        }
      },
      state_);
}

void Aggregate::merge(const Aggregate& other) {
  std::visit(
      [&](auto& mine) {
        using Mine = std::remove_cvref_t<decltype(mine)>;
        if (const auto* theirs = std::get_if<Mine>(&other.state_)) merge_into(mine, *theirs);
      },
      state_);
}

void Aggregate::subtract(const Aggregate& other) {
  if (state_.index() != other.state_.index()) return;
  if (auto* count = std::get_if<Count>(&state_)) {
    count->n -= std::get<Count>(other.state_).n;
  } else if (auto* sum = std::get_if<Sum>(&state_)) {
    sum->n -= std::get<Sum>(other.state_).n;
    sum->total -= std::get<Sum>(other.state_).total;
  } else if (auto* sketch = std::get_if<QuantileSketch>(&state_)) {
    sketch->merge(std::get<QuantileSketch>(other.state_), -1);
  } else if (auto* histogram = std::get_if<Histogram>(&state_)) {
    add_counts(*histogram, std::get<Histogram>(other.state_), -1);
  }
}

std::string Aggregate::encode() const {
  std::string out;
  ByteWriter writer(out);
  writer.put_u8(format_version);
  writer.put_u8(static_cast<std::uint8_t>(kind()));
  std::visit([&](const auto& state) { put(out, state); }, state_);
  return out;
}

Result<Aggregate> Aggregate::decode(std::string_view bytes) {
  ByteReader in(bytes);
  const std::uint8_t version = in.take_u8();
  const std::uint8_t kind = in.take_u8();
  if (version != format_version || kind < 1 || kind > names.size()) {
    return fail(ErrorCode::corrupt, "an aggregate of unknown form (version " +
                                        std::to_string(version) + ", kind " + std::to_string(kind) +
                                        ")");
  }
  Aggregate aggregate(static_cast<AggregateKind>(kind));
  const bool taken = std::visit([&](auto& state) { return take(in, state); }, aggregate.state_);
  // One content has one spelling: anything else (a varint longer than needed) was not written by
  // encode().
  if (!taken || !in.ok() || !in.at_end() || aggregate.encode() != bytes) {
    return fail(ErrorCode::corrupt, "the bytes of a '" + std::string(name_of(aggregate.kind())) +
                                        "' aggregate are damaged");
  }
  return aggregate;
}

std::optional<std::int64_t> Aggregate::integer() const {
  if (const auto* count = std::get_if<Count>(&state_)) return count->n;
  if (const auto* sum = std::get_if<Sum>(&state_)) return narrow(sum->total);
  if (const auto* min = std::get_if<Min>(&state_)) return min->value;
  if (const auto* max = std::get_if<Max>(&state_)) return max->value;
  if (const auto* distinct = std::get_if<HyperLogLog>(&state_)) return distinct->estimate();
  return std::nullopt;
}

std::size_t Aggregate::memory() const {
  std::size_t bytes = sizeof(Aggregate);
  if (const auto* distinct = std::get_if<HyperLogLog>(&state_)) bytes += distinct->memory();
  if (const auto* sketch = std::get_if<QuantileSketch>(&state_)) bytes += sketch->memory();
  if (const auto* histogram = std::get_if<Histogram>(&state_)) {
    bytes += histogram->counts.capacity() * sizeof(std::int64_t);
  }
  return bytes;
}

}  // namespace bytebasket::metrics
