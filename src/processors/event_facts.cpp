#include "processors/event_facts.hpp"

namespace bytebasket::processors {
namespace {

using metrics::Dimension;
using metrics::Fact;
using metrics::FactKind;
using metrics::Field;

void set_money(Fact& fact, Field field, const std::optional<events::Micros>& amount) {
  if (amount) fact.set(field, amount->value());
}

}  // namespace

Fact fact_of(const events::Event& event, Timestamp append_time, std::string_view currency) {
  Fact fact;
  fact.kind = FactKind::event;
  fact.time = event.time;
  fact.append_time = append_time;
  fact.event = &event;
  fact.event_kind = event.kind;
  fact.visitor = event.visitor();
  fact.customer = event.customer();
  fact.session = event.session_id;
  fact.set(Dimension::source, to_string(event.source));
  fact.set(Dimension::event,
           event.type == events::CallType::track ? event.name : to_string(event.type));
  fact.set(Dimension::country, event.country);
  fact.set(Dimension::device, event.device);
  fact.set(Dimension::campaign, event.campaign);
  fact.set(Dimension::currency, currency);
  fact.set(Dimension::query, event.query);
  if (event.lines.size() == 1) {
    fact.set(Dimension::product, event.lines[0].product_id);
    fact.set(Dimension::category, event.lines[0].category);
    fact.set(Dimension::brand, event.lines[0].brand);
  }
  set_money(fact, Field::revenue, event.revenue);
  set_money(fact, Field::value, event.value);
  set_money(fact, Field::discount, event.discount);
  set_money(fact, Field::shipping, event.shipping);
  set_money(fact, Field::tax, event.tax);
  if (event.step > 0) fact.set(Field::step, event.step);
  return fact;
}

void state_event(const events::Event& event, Timestamp append_time, metrics::FactSink& facts) {
  facts.add(fact_of(event, append_time, event.currency.text()));
}

void state_event_and_lines(const events::Event& event, Timestamp append_time,
                           metrics::FactSink& facts) {
  const std::string currency = event.currency.text();
  Fact fact = fact_of(event, append_time, currency);
  facts.add(fact);
  fact.kind = FactKind::line;
  for (const events::Line& line : event.lines) {
    fact.set(Dimension::product, line.product_id);
    fact.set(Dimension::category, line.category);
    fact.set(Dimension::brand, line.brand);
    fact.set(Field::quantity, line.quantity);
    fact.fields[static_cast<std::size_t>(Field::price)].reset();
    fact.fields[static_cast<std::size_t>(Field::revenue)].reset();
    if (line.price) {
      fact.set(Field::price, line.price->value());
      if (const auto worth = events::multiply(*line.price, line.quantity))
        fact.set(Field::revenue, worth->value());
    }
    facts.add(fact);
  }
}

}  // namespace bytebasket::processors
