#include "http/addresses.hpp"

#include <algorithm>

namespace bytebasket::http {
namespace {

bool is_ignoring_case(std::string_view text, std::string_view lower_case) {
  return std::equal(text.begin(), text.end(), lower_case.begin(), lower_case.end(),
                    [](char given, char wanted) {
                      return (given >= 'A' && given <= 'Z' ? given + 32 : given) == wanted;
                    });
}

}  // namespace

bool is_loopback_address(std::string_view address) {
  if (constexpr std::string_view mapped = "::ffff:"; address.starts_with(mapped))
    address.remove_prefix(mapped.size());
  if (!address.starts_with("127.")) return address == "::1";
  return address.find_first_not_of("0123456789.") == std::string_view::npos;
}

bool names_loopback(std::string_view host) {
  if (host.starts_with('[')) {
    const std::size_t end = host.find(']');
    return end != std::string_view::npos && is_loopback_address(host.substr(1, end - 1));
  }
  host = host.substr(0, host.find(':'));
  return is_loopback_address(host) || is_ignoring_case(host, "localhost");
}

std::string_view forwarded_for(const Request& request) {
  const auto last = std::find_if(request.headers.rbegin(), request.headers.rend(),
                                 [](const auto& each) { return each.first == "x-forwarded-for"; });
  if (last == request.headers.rend()) return {};
  std::string_view address = last->second;
  if (const std::size_t comma = address.rfind(','); comma != std::string_view::npos)
    address.remove_prefix(comma + 1);
  while (address.starts_with(' ')) address.remove_prefix(1);
  return address;
}

}  // namespace bytebasket::http
