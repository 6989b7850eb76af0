#include "http/router.hpp"

#include <algorithm>

#include "http/url.hpp"

namespace bytebasket::http {
namespace {

/// Parts between slashes: `/a/{b}/*` is `a`, `{b}`, `*`.
std::vector<std::string> split(std::string_view path) {
  std::vector<std::string> parts;
  if (path.starts_with('/')) path.remove_prefix(1);
  while (true) {
    const std::size_t slash = path.find('/');
    parts.emplace_back(path.substr(0, slash));
    if (slash == std::string_view::npos) return parts;
    path.remove_prefix(slash + 1);
  }
}

bool is_parameter(std::string_view part) {
  return part.size() > 2 && part.front() == '{' && part.back() == '}';
}

/// 0 for text, 1 for a parameter, 2 for the rest.
int looseness(std::string_view part) { return part == "*" ? 2 : is_parameter(part) ? 1 : 0; }

std::string methods_of(const std::map<std::string, Handler, std::less<>>& handlers) {
  std::string methods;
  for (const auto& [method, handler] : handlers) {
    methods += methods.empty() ? method : ", " + method;
    if (method == "GET") methods += ", HEAD";
  }
  return methods;
}

}  // namespace

void Router::add(std::string method, std::string pattern, Handler handler) {
  if (pattern.find_first_of("{*") == std::string::npos) {
    Route& route = literal_[pattern];
    route.pattern = pattern;
    route.handlers[std::move(method)] = std::move(handler);
    return;
  }
  auto found = std::find_if(patterned_.begin(), patterned_.end(),
                            [&](const Route& route) { return route.pattern == pattern; });
  if (found == patterned_.end()) {
    Route route{pattern, split(pattern), {}};
    const auto place = std::upper_bound(patterned_.begin(), patterned_.end(), route, more_literal);
    found = patterned_.insert(place, std::move(route));
  }
  found->handlers[std::move(method)] = std::move(handler);
}

bool Router::more_literal(const Route& a, const Route& b) {
  return std::lexicographical_compare(a.parts.begin(), a.parts.end(), b.parts.begin(),
                                      b.parts.end(),
                                      [](const std::string& left, const std::string& right) {
                                        return looseness(left) < looseness(right);
                                      });
}

bool Router::matches(const Route& route, std::string_view raw_path,
                     std::map<std::string, std::string, std::less<>>& parameters) {
  if (raw_path.starts_with('/')) raw_path.remove_prefix(1);
  bool more = true;
  for (const std::string& part : route.parts) {
    if (!more) return false;
    if (part == "*") {
      const auto rest = percent_decode(raw_path, false);
      if (rest) parameters["*"] = *rest;
      return rest.has_value();
    }
    const std::size_t slash = raw_path.find('/');
    const std::string_view raw_piece = raw_path.substr(0, slash);
    if (is_parameter(part)) {
      const auto piece = percent_decode(raw_piece, false);
      if (!piece || piece->empty()) return false;
      parameters[part.substr(1, part.size() - 2)] = *piece;
    } else if (raw_piece != part) {
      return false;
    }
    more = slash != std::string_view::npos;
    raw_path.remove_prefix(more ? slash + 1 : raw_path.size());
  }
  return !more;
}

Router::Match Router::find(std::string_view method, std::string_view raw_path,
                           std::map<std::string, std::string, std::less<>>& parameters) const {
  Match match;
  const auto look_at = [&](const Route& route) {
    auto handler = route.handlers.find(method);
    if (handler == route.handlers.end() && method == "HEAD") handler = route.handlers.find("GET");
    match.pattern = route.pattern;
    if (handler != route.handlers.end()) {
      match.handler = &handler->second;
    } else {
      match.allowed = methods_of(route.handlers);
    }
  };
  if (const auto literal = literal_.find(raw_path); literal != literal_.end()) {
    look_at(literal->second);
    if (match.handler != nullptr) return match;
  }
  for (const Route& route : patterned_) {
    std::map<std::string, std::string, std::less<>> found;
    if (!matches(route, raw_path, found)) continue;
    const Match before = match;
    look_at(route);
    if (match.handler != nullptr) {
      parameters = std::move(found);
      match.allowed.clear();
      return match;
    }
    if (!before.allowed.empty()) match = before;
  }
  return match;
}

}  // namespace bytebasket::http
