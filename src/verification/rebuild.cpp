#include "verification/rebuild.hpp"

#include <algorithm>
#include <utility>

#include "verification/live_state.hpp"

namespace bytebasket::verification {
namespace {

/// What acts from the beginning: the documents of this rebuild, and of earlier ones those of other
/// kinds, as far as they reached.
ActingDefinitions acting_in(const std::vector<processors::DefinitionDocument>& documents,
                            Offset until, const ActingDefinitions& former) {
  ActingDefinitions acting;
  for (const auto& document : documents) acting.push_back({document, until});
  for (const ActingDefinition& each : former) {
    const bool replaced = std::ranges::any_of(
        documents, [&](const auto& document) { return document.kind == each.document.kind; });
    if (!replaced) acting.push_back(each);
  }
  return acting;
}

Result<PartitionPlan> plan_of(History& history, storage::TableStore& former,
                              streams::TopicPartition where, const RebuildOptions& options) {
  BB_ASSIGN_OR_RETURN(PartitionPlan plan, plan_for(former, history, where));
  if (plan.range.first > Offset(0) && !options.incomplete) {
    return fail(ErrorCode::not_found,
                "the records of " + to_string(where) + " before offset " +
                    std::to_string(plan.range.first.value()) +
                    " are gone: tables made of the rest would lose what they counted; name a lake "
                    "that has them, or accept the loss with --incomplete");
  }
  plan.acting = acting_in(options.documents, Offset(plan.range.end.value() - 1), plan.acting);
  return plan;
}

}  // namespace

Rebuild::Rebuild(History& history, storage::TableStore& fresh, std::vector<PartitionPlan> plans,
                 const ProcessorFactory& processors, const RebuildOptions& options)
    : history_(history),
      fresh_(fresh),
      threads_(options.threads),
      recomputation_(history, fresh, RowMarks::none, processors, std::move(plans), options.replay) {
}

Result<std::unique_ptr<Rebuild>> Rebuild::begin(
    History& history, storage::TableStore& former, storage::TableStore& fresh,
    const std::vector<streams::TopicPartition>& partitions, const ProcessorFactory& processors,
    const RebuildOptions& options) {
  std::vector<PartitionPlan> plans;
  for (const auto where : partitions) {
    BB_ASSIGN_OR_RETURN(auto plan, plan_of(history, former, where, options));
    plans.push_back(std::move(plan));
  }
  std::unique_ptr<Rebuild> begun(
      new Rebuild(history, fresh, std::move(plans), processors, options));
  BB_RETURN_IF_ERROR(begun->recomputation_.start());
  return begun;
}

Result<streams::LogRange> Rebuild::range(std::size_t index) {
  const PartitionPlan& plan = recomputation_.plan(index);
  BB_ASSIGN_OR_RETURN(const streams::LogRange range, history_.range(plan.where));
  if (range.first <= plan.range.first) return range;
  return fail(ErrorCode::unavailable, "retention removed records of " + to_string(plan.where) +
                                          " before they were computed again: begin again");
}

Status Rebuild::advance() {
  std::vector<Position> targets;
  for (std::size_t i = 0; i < recomputation_.size(); ++i) {
    BB_ASSIGN_OR_RETURN(const auto held, range(i));
    targets.push_back({held.epoch, Offset(held.end.value() - 1)});
  }
  BB_RETURN_IF_ERROR(recomputation_.advance(targets, threads_));
  for (std::size_t i = 0; i < recomputation_.size(); ++i) BB_RETURN_IF_ERROR(range(i));
  return ok();
}

Result<std::uint64_t> Rebuild::behind() {
  std::uint64_t records = 0;
  for (std::size_t i = 0; i < recomputation_.size(); ++i) {
    BB_ASSIGN_OR_RETURN(const auto held, range(i));
    const Offset next = std::max(recomputation_.at(i).offset.next(), held.first);
    if (held.end > next) records += static_cast<std::uint64_t>(held.end.value() - next.value());
  }
  return records;
}

Result<std::vector<RebuiltPartition>> Rebuild::finish() {
  std::vector<RebuiltPartition> rebuilt;
  std::vector<storage::Mutation> marks;
  for (std::size_t i = 0; i < recomputation_.size(); ++i) {
    const PartitionPlan& plan = recomputation_.plan(i);
    const Position at = recomputation_.at(i);
    marks.push_back(RebuildMark{plan.acting}.row(plan.where, at));
    rebuilt.push_back({plan.where, at, recomputation_.replay(i).progress().events});
  }
  BB_RETURN_IF_ERROR(storage::write_now(fresh_, std::move(marks)));
  BB_RETURN_IF_ERROR(fresh_.sync());
  return rebuilt;
}

Result<std::vector<RebuiltPartition>> rebuild(
    History& history, storage::TableStore& former, storage::TableStore& fresh,
    const std::vector<streams::TopicPartition>& partitions, const ProcessorFactory& processors,
    const RebuildOptions& options) {
  BB_ASSIGN_OR_RETURN(const auto rebuild,
                      Rebuild::begin(history, former, fresh, partitions, processors, options));
  BB_RETURN_IF_ERROR(rebuild->advance());
  return rebuild->finish();
}

}  // namespace bytebasket::verification
