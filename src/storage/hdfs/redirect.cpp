#include "storage/hdfs/redirect.hpp"

#include <string>

namespace bytebasket::storage {

Status check_redirect(std::string_view from, std::string_view to) {
  constexpr std::string_view tls = "https://";
  if (!from.starts_with(tls) || to.starts_with(tls)) return ok();
  const auto place = [](std::string_view url) { return std::string(url.substr(0, url.find('?'))); };
  return fail(ErrorCode::permission_denied,
              place(from) + " sends us on without TLS, to " + place(to) +
                  ": set dfs.http.policy to HTTPS_ONLY on its DataNodes too");
}

}  // namespace bytebasket::storage
