#include <memory>

#include "producers/delivery/courier.hpp"

namespace bytebasket::producers::delivery {

Result<Post> connect_to_collector(const std::string& url) {
  BB_ASSIGN_OR_RETURN(http::Client client, http::Client::create(url));
  // std::function wants something it can copy; the connection itself is not copied.
  auto shared = std::make_shared<http::Client>(std::move(client));
  return Post(
      [shared](const std::vector<std::pair<std::string, std::string>>& headers, std::string body) {
        return shared->send("POST", "/v1/batch", headers, std::move(body));
      });
}

}  // namespace bytebasket::producers::delivery
