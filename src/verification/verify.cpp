#include "verification/verify.hpp"

#include <algorithm>
#include <utility>

#include "verification/findings.hpp"
#include "verification/horizon.hpp"
#include "verification/live_state.hpp"
#include "verification/moved_rows.hpp"
#include "verification/recomputation.hpp"
#include "verification/table_comparison.hpp"

namespace bytebasket::verification {
namespace {

/// A busy system moves on while it is computed again: each round is shorter than the one before.
constexpr int catch_up_rounds = 5;
/// Rows that expire while they are compared are left to luck on neither side.
constexpr Milliseconds comparison_time{60 * 60'000};

Result<std::vector<Position>> live_positions(const Subject& subject,
                                             const std::vector<PartitionPlan>& plans) {
  std::vector<Position> positions;
  for (const PartitionPlan& plan : plans) {
    BB_ASSIGN_OR_RETURN(const LivePosition live,
                        live_position(subject.tables, plan.where, plan.range.epoch));
    if (live.stored.epoch != plan.range.epoch) {
      return fail(ErrorCode::corrupt,
                  "the tables were made from epoch " + std::to_string(live.stored.epoch.value()) +
                      " of " + to_string(plan.where) + ", but the log is epoch " +
                      std::to_string(plan.range.epoch.value()) +
                      ": use the tables that belong to this log, or rebuild them");
    }
    positions.push_back(live.stored);
  }
  return positions;
}

Result<std::vector<PartitionPlan>> make_plans(const Subject& subject) {
  std::vector<PartitionPlan> plans;
  for (const auto where : subject.partitions) {
    BB_ASSIGN_OR_RETURN(auto plan, plan_for(subject.tables, subject.history, where));
    plans.push_back(std::move(plan));
  }
  return plans;
}

Status catch_up(const Subject& subject, const std::vector<PartitionPlan>& plans,
                Recomputation& recomputation, unsigned threads) {
  BB_RETURN_IF_ERROR(recomputation.start());
  std::vector<Position> reached;
  for (int round = 0; round < catch_up_rounds; ++round) {
    BB_ASSIGN_OR_RETURN(auto targets, live_positions(subject, plans));
    if (targets == reached) break;
    BB_RETURN_IF_ERROR(recomputation.advance(targets, threads));
    reached = std::move(targets);
  }
  return ok();
}

void describe_partitions(Recomputation& recomputation, const Horizon& horizon, Report& report) {
  for (std::size_t i = 0; i < recomputation.size(); ++i) {
    const PartitionPlan& plan = recomputation.plan(i);
    PartitionReport partition;
    partition.where = plan.where;
    partition.compared_to = recomputation.at(i);
    partition.events = recomputation.replay(i).progress().events;
    if (const auto since = horizon.of_partition(i)) {
      partition.horizon = plan.range.first;
      partition.horizon_time = *since;
    }
    report.partitions.push_back(partition);
  }
}

Status explain(const Subject& subject, const MakeScratch& make_scratch,
               const VerifyOptions& options, const std::vector<PartitionPlan>& plans,
               Report& report) {
  auto& differences = report.differences;
  const auto explained =
      differences.begin() +
      static_cast<std::ptrdiff_t>(std::min(differences.size(), options.explained_differences));
  std::vector<Difference> first(std::make_move_iterator(differences.begin()),
                                std::make_move_iterator(explained));
  const EventSearch search{.history = subject.history,
                           .processors = subject.processors,
                           .make_scratch = make_scratch,
                           .options = options.replay};
  for (const PartitionPlan& plan : plans)
    BB_RETURN_IF_ERROR(find_events_behind(search, plan, first));
  std::move(first.begin(), first.end(), differences.begin());
  return ok();
}

}  // namespace

Result<Report> verify(const Subject& subject, const MakeScratch& make_scratch,
                      const VerifyOptions& options) {
  Report report;
  Findings findings(report, options.kept_differences);
  BB_ASSIGN_OR_RETURN(const auto plans, make_plans(subject));
  BB_ASSIGN_OR_RETURN(const Horizon horizon, Horizon::of(subject.tables, subject.history, plans,
                                                         options.replay.retention));
  {
    BB_ASSIGN_OR_RETURN(const auto scratch, make_scratch());
    Recomputation recomputation(subject.history, scratch->tables(), RowMarks::owner,
                                subject.processors, plans, options.replay);
    BB_RETURN_IF_ERROR(catch_up(subject, plans, recomputation, options.threads));
    MovedRows moved(plans.size(), options.moved_bytes);
    const SystemClock system_clock;
    const Clock& clock = options.clock != nullptr ? *options.clock : system_clock;
    const Timestamp lasting = clock.now() + comparison_time;
    for (const auto& table : schema::tables()) {
      TableComparison comparison({subject.tables, *scratch, recomputation, horizon, clock},
                                 table.id, moved, findings);
      BB_RETURN_IF_ERROR(comparison.run(lasting));
    }
    BB_RETURN_IF_ERROR(moved.compare(subject.tables, recomputation, *scratch, findings));
    describe_partitions(recomputation, horizon, report);
  }
  if (!report.passed()) BB_RETURN_IF_ERROR(explain(subject, make_scratch, options, plans, report));
  return report;
}

}  // namespace bytebasket::verification
