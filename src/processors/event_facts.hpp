// An event's own facts: itself, and each of its product lines.
#pragma once

#include "base/time.hpp"
#include "events/event.hpp"
#include "metrics/fact.hpp"

namespace bytebasket::processors {

/// The fact of an event, with the dimensions and values that it has. Views point into `event`,
/// whose currency text must be given (it is packed there).
metrics::Fact fact_of(const events::Event& event, Timestamp append_time, std::string_view currency);

/// States the event.
void state_event(const events::Event& event, Timestamp append_time, metrics::FactSink& facts);

/// States the event and each of its product lines.
void state_event_and_lines(const events::Event& event, Timestamp append_time,
                           metrics::FactSink& facts);

}  // namespace bytebasket::processors
