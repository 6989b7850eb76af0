#include "producers/import/age_watch.hpp"

#include <algorithm>
#include <utility>

namespace bytebasket::producers::import_ {
namespace {

bool made_of(const KeptFor& kept, const events::Normalized& event) {
  switch (kept.from) {
    case KeptFor::From::transactions:
      return event.transaction;
    case KeptFor::From::user_activity:
      return !event.transaction;
    case KeptFor::From::every_event:
      break;
  }
  return true;
}

}  // namespace

AgeWatch::AgeWatch(ImportSink& sink, std::vector<KeptFor> kept, Timestamp now)
    : sink_(sink), now_(now) {
  for (KeptFor& each : kept) counts_.push_back({.kept = std::move(each)});
}

Status AgeWatch::send(ImportBatch& batch) {
  BB_RETURN_IF_ERROR(sink_.send(batch));
  // What the sink refused is no longer among them. The first is the event itself, then its marker.
  for (const AcceptedItem& item : batch.items) look_at(item.events.front());
  return ok();
}

void AgeWatch::look_at(const events::Normalized& event) {
  oldest_ = std::min(oldest_.value_or(event.time), event.time);
  for (OlderThanKept& count : counts_) {
    if (!made_of(count.kept, event)) continue;
    ++count.events;
    if (now_ - event.time > count.kept.time) ++count.older;
  }
}

}  // namespace bytebasket::producers::import_
