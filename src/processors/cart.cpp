#include "processors/cart.hpp"

#include <algorithm>

namespace bytebasket::processors {

using metrics::Dimension;
using metrics::Field;

void CartSummary::state(std::string_view visitor, std::int8_t weight,
                        metrics::FactSink& facts) const {
  metrics::Fact fact;
  fact.kind = metrics::FactKind::cart;
  fact.weight = weight;
  fact.time = last_activity;
  fact.append_time = stated_at;
  fact.visitor = visitor;
  const std::string currency_code = currency.text();
  fact.set(Dimension::source, to_string(origin.source));
  fact.set(Dimension::country, origin.country);
  fact.set(Dimension::device, origin.device);
  fact.set(Dimension::campaign, origin.campaign);
  fact.set(Dimension::currency, currency_code);
  fact.set(Field::adds, adds);
  fact.set(Field::quantity, pieces);
  fact.set(Field::value, worth);
  fact.set(Field::converted, converted ? 1 : 0);
  facts.add(fact);
}

bool contains(const std::vector<CartSummary>& carts, const CartSummary& cart) {
  return std::find(carts.begin(), carts.end(), cart) != carts.end();
}

}  // namespace bytebasket::processors
