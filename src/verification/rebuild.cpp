#include "verification/rebuild.hpp"

#include <algorithm>
#include <utility>

#include "verification/live_state.hpp"
#include "verification/recomputation.hpp"

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

Result<std::vector<RebuiltPartition>> rebuild(
    History& history, storage::TableStore& former, storage::TableStore& fresh,
    const std::vector<streams::TopicPartition>& partitions, const ProcessorFactory& processors,
    const RebuildOptions& options) {
  std::vector<PartitionPlan> plans;
  std::vector<Position> targets;
  for (const auto where : partitions) {
    BB_ASSIGN_OR_RETURN(auto plan, plan_of(history, former, where, options));
    targets.push_back({plan.range.epoch, Offset(plan.range.end.value() - 1)});
    plans.push_back(std::move(plan));
  }
  Recomputation recomputation(history, fresh, RowMarks::none, processors, plans, options.replay);
  BB_RETURN_IF_ERROR(recomputation.start());
  BB_RETURN_IF_ERROR(recomputation.advance(targets, options.threads));
  std::vector<RebuiltPartition> rebuilt;
  std::vector<storage::Mutation> marks;
  for (std::size_t i = 0; i < plans.size(); ++i) {
    marks.push_back(RebuildMark{plans[i].acting}.row(plans[i].where, recomputation.at(i)));
    rebuilt.push_back(
        {plans[i].where, recomputation.at(i), recomputation.replay(i).progress().events});
  }
  BB_RETURN_IF_ERROR(storage::write_now(fresh, std::move(marks)));
  BB_RETURN_IF_ERROR(fresh.sync());
  return rebuilt;
}

}  // namespace bytebasket::verification
