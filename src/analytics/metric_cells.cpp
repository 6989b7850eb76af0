#include "analytics/metric_cells.hpp"

#include <optional>
#include <utility>

#include "base/bytes.hpp"
#include "metrics/metric_key.hpp"
#include "schema/tables.hpp"

namespace bytebasket::analytics {
namespace {

using metrics::Aggregate;
using metrics::Dimension;
using metrics::Grain;

/// Windows of one grain, one after the other.
struct Segment {
  Grain grain{};
  Timestamp from;
  Timestamp to;
};

Timestamp ceil_to(Timestamp time, Milliseconds step) {
  const Timestamp floor = floor_to(time, step);
  return floor == time ? time : floor + step;
}

/// Cuts [from, to) into the coarsest windows of `grains` up to `coarsest`, down to `finest` at its
/// ends.
void cover(Timestamp from, Timestamp to, metrics::GrainSet grains, Grain coarsest, Grain finest,
           std::vector<Segment>& segments) {
  if (from >= to) return;
  if (coarsest == finest) {
    segments.push_back({finest, from, to});
    return;
  }
  const auto finer = static_cast<Grain>(static_cast<std::uint8_t>(coarsest) - 1);
  const Timestamp first = ceil_to(from, length_of(coarsest));
  const Timestamp last = floor_to(to, length_of(coarsest));
  if (!grains.contains(coarsest) || first >= last) {
    cover(from, to, grains, finer, finest, segments);
    return;
  }
  cover(from, first, grains, finer, finest, segments);
  segments.push_back({coarsest, first, last});
  cover(last, to, grains, finer, finest, segments);
}

/// The values of a stored row → those that are shown, if it passes the filters.
class Projection {
 public:
  Projection(metrics::DimensionSet stored, const CellQuestion& question)
      : filters_(question.filters) {
    for (const Dimension dimension : stored.members()) members_.push_back(dimension);
    for (std::size_t i = 0; i < members_.size(); ++i) {
      if (question.shown.contains(members_[i])) shown_.push_back(i);
    }
    as_stored_ = filters_.empty() && shown_.size() == members_.size();
  }

  /// nullopt where the row is filtered out.
  Result<std::optional<std::string>> project(std::string encoded) const {
    if (as_stored_) return std::optional(std::move(encoded));
    BB_ASSIGN_OR_RETURN(const auto values, metrics::decode_values(encoded, members_.size()));
    for (const auto& [dimension, wanted] : filters_) {
      for (std::size_t i = 0; i < members_.size(); ++i) {
        if (members_[i] == dimension && values[i] != wanted) return std::optional<std::string>();
      }
    }
    std::string projected;
    for (std::size_t i = 0; i < shown_.size(); ++i)
      metrics::append_value(projected, values[shown_[i]], i == 0);
    return std::optional(std::move(projected));
  }

 private:
  const std::vector<std::pair<Dimension, std::string>>& filters_;
  std::vector<Dimension> members_;
  std::vector<std::size_t> shown_;
  bool as_stored_ = false;
};

class CellReader {
 public:
  CellReader(storage::TableStore& store, const StoredChoice& choice, const CellQuestion& question)
      : store_(store),
        choice_(choice),
        question_(question),
        projection_(choice.set.dimensions, question) {}

  /// Reads windows of `segment`; `take(place, aggregate)` gets each row, and may refuse it.
  template <typename Take>
  Status read(const Segment& segment, Take take) {
    const std::int64_t last = bucket_of(segment.grain, segment.to - Milliseconds(1));
    for (std::int64_t bucket = bucket_of(segment.grain, segment.from); bucket <= last; ++bucket) {
      BB_RETURN_IF_ERROR(read_bucket(segment, bucket, take));
    }
    return ok();
  }

 private:
  static constexpr std::uint32_t page_rows = 10'000;

  template <typename Take>
  Status read_bucket(const Segment& segment, std::int64_t bucket, Take& take) {
    const auto key =
        metrics::metric_key(*choice_.definition, segment.grain, choice_.set.dimensions, bucket);
    storage::ScanRequest request{
        .table = schema::MetricsKey::table, .partition = key.partition_key(), .limit = page_rows};
    append_key_int(request.from, to_ms(segment.from));
    append_key_int(request.until, to_ms(segment.to));
    for (std::optional<std::string> from = request.from; from;) {
      request.from = *from;
      BB_ASSIGN_OR_RETURN(storage::ScanPage page, storage::scan_now(store_, request));
      for (const storage::StoredRow& row : page.rows) BB_RETURN_IF_ERROR(read_row(row, take));
      from = std::move(page.next);
    }
    return ok();
  }

  template <typename Take>
  Status read_row(const storage::StoredRow& row, Take& take) {
    std::string_view rest = row.clustering;
    const auto window = take_key_int(rest);
    auto values = take_key_text(rest);
    if (!window || !values)
      return fail(ErrorCode::corrupt, "a row of the table metrics has a damaged key");
    BB_ASSIGN_OR_RETURN(auto projected, projection_.project(std::move(*values)));
    if (!projected) return ok();
    auto aggregate = Aggregate::decode(row.value);
    if (!aggregate)
      return fail(
          aggregate.error().within("a row of the metric '" + choice_.definition->name + "'"));
    const Timestamp time = timestamp_from_ms(*window);
    const Timestamp shown = question_.total ? question_.from : window_of(question_.grain, time);
    return take(CellPlace(shown, std::move(*projected)), std::move(*aggregate));
  }

  storage::TableStore& store_;
  const StoredChoice& choice_;
  const CellQuestion& question_;
  Projection projection_;
};

/// Gathers rows in their cells and knows what these take in memory.
class CellSum {
 public:
  CellSum(MetricCells& cells, std::size_t max_bytes) : cells_(cells), max_bytes_(max_bytes) {}

  Status add(CellPlace place, Aggregate aggregate) {
    // Rows of one grain come in the order of the cells, those of one cell together.
    if (!cells_.empty() && cells_.rbegin()->first == place) {
      merge(cells_.rbegin()->second, aggregate);
    } else {
      const std::size_t before = cells_.size();
      const auto cell = cells_.try_emplace(cells_.end(), std::move(place), aggregate);
      if (cells_.size() == before) {
        merge(cell->second, aggregate);
      } else {
        bytes_ += node_bytes + cell->first.second.capacity() + cell->second.memory();
      }
    }
    if (bytes_ <= max_bytes_) return ok();
    return fail(ErrorCode::invalid_argument,
                "the question is too large: its " + std::to_string(cells_.size()) +
                    " rows so far take more memory than the setting api.query_memory allows; ask "
                    "for a shorter range, longer windows or fewer dimensions");
  }

 private:
  /// Of a node of the map, besides the aggregate and the text of its place.
  static constexpr std::size_t node_bytes = 32 + sizeof(CellPlace);

  void merge(Aggregate& into, const Aggregate& aggregate) {
    bytes_ -= into.memory();
    into.merge(aggregate);
    bytes_ += into.memory();
  }

  MetricCells& cells_;
  const std::size_t max_bytes_;
  std::size_t bytes_ = 0;
};

}  // namespace

Result<MetricCells> read_cells(storage::TableStore& store, const StoredChoice& choice,
                               const CellQuestion& question, Timestamp now) {
  MetricCells cells;
  CellSum sum(cells, question.max_bytes);
  CellReader reader(store, choice, question);
  std::vector<Segment> segments;
  cover(question.from, question.to, choice.set.grains, question.total ? Grain::day : question.grain,
        question.grain, segments);
  for (const Segment& segment : segments) {
    BB_RETURN_IF_ERROR(reader.read(segment, [&sum](CellPlace place, Aggregate aggregate) {
      return sum.add(std::move(place), std::move(aggregate));
    }));
  }
  const Milliseconds settle = choice.definition->settle;
  if (settle > Milliseconds(0)) {
    const Timestamp young = std::max(window_of(Grain::minute, now - settle), question.from);
    if (young < question.to) {
      BB_RETURN_IF_ERROR(reader.read({Grain::minute, young, question.to},
                                     [&](const CellPlace& place, const Aggregate& open) {
                                       const auto cell = cells.find(place);
                                       if (cell != cells.end()) cell->second.subtract(open);
                                       return ok();
                                     }));
    }
  }
  std::erase_if(cells, [](const auto& cell) { return cell.second.is_identity(); });
  return cells;
}

}  // namespace bytebasket::analytics
