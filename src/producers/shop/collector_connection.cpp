#include <memory>

#include "producers/shop/generate.hpp"

namespace bytebasket::producers::shop {

Result<Post> connect_to_collector(const CollectorTarget& target) {
  BB_ASSIGN_OR_RETURN(http::Client client, http::Client::create(target.url));
  // std::function wants something it can copy; the connection itself is not copied.
  auto shared = std::make_shared<http::Client>(std::move(client));
  return Post([shared](std::vector<std::pair<std::string, std::string>> headers, std::string body) {
    return shared->send("POST", "/v1/batch", std::move(headers), std::move(body));
  });
}

Result<GenerateReport> generate_to_collector(Shop& shop, std::uint64_t events,
                                             const CollectorTarget& target, const Pace& pace,
                                             const std::stop_token& stop,
                                             const OnGenerateProgress& on_progress) {
  DeliveryCount count;
  return generate_through(
      shop, events, target, pace, [&target] { return connect_to_collector(target); }, count, stop,
      on_progress);
}

}  // namespace bytebasket::producers::shop
