#include "processors/metric_marks.hpp"

#include "base/bytes.hpp"
#include "schema/tables.hpp"

namespace bytebasket::processors {
namespace {

constexpr std::uint8_t format_version = 1;

storage::RowKey marks_key(std::int32_t source) {
  schema::MetricsKey key;
  key.source = source;
  return storage::RowKey::of(key);
}

}  // namespace

MetricMarks::MetricMarks(std::int32_t source, bool nothing_written)
    : key_(marks_key(source)), known_(nothing_written) {}

Status MetricMarks::loaded(const std::optional<storage::StoredRow>& row) {
  known_ = true;
  if (!row) return ok();
  ByteReader in(row->value);
  const bool version_fits = in.take_u8() == format_version;
  for (std::int64_t& mark : written_) mark = in.take_signed();
  if (!version_fits || !in.ok() || !in.at_end()) {
    return fail(ErrorCode::corrupt,
                "the marks of metric rows are damaged (table metrics, metric '')");
  }
  may_exist_ = written_;
  return ok();
}

void MetricMarks::wrote(metrics::Grain grain, Timestamp window) {
  auto& mark = written_[static_cast<std::size_t>(grain)];
  if (to_ms(window) <= mark) return;
  mark = to_ms(window);
  changed_ = true;
}

std::optional<storage::Mutation> MetricMarks::drain(Position upto) {
  if (!changed_) return std::nullopt;
  changed_ = false;
  storage::Mutation mutation{
      .key = key_, .value = {}, .position = upto, .expires_at = std::nullopt};
  ByteWriter out(mutation.value);
  out.put_u8(format_version);
  for (const std::int64_t mark : written_) out.put_signed(mark);
  return mutation;
}

}  // namespace bytebasket::processors
