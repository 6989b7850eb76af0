#include "producers/shop/generate.hpp"

namespace bytebasket::producers::shop {

Result<GenerateReport> generate_to_collector(Shop& shop, std::uint64_t events,
                                             const CollectorTarget& target, const Pace& pace,
                                             const std::stop_token& stop,
                                             const OnGenerateProgress& on_progress) {
  delivery::DeliveryCount count;
  return generate_through(
      shop, events, target, pace, [&target] { return delivery::connect_to_collector(target.url); },
      count, stop, on_progress);
}

}  // namespace bytebasket::producers::shop
