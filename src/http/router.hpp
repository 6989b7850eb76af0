// Which handler answers which path.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "http/server.hpp"

namespace bytebasket::http {

/// Patterns such as `/api/v1/metrics/{name}` and `/assets/*`. Filled before it is used, then only
/// read.
class Router {
 public:
  void add(std::string method, std::string pattern, Handler handler);

  struct Match {
    const Handler* handler = nullptr;  ///< null where nothing matches
    std::string_view pattern;  ///< what matched, for metrics; also where only the method is wrong
    std::string allowed;       ///< the methods of the path where the method is wrong
  };
  /// The most literal route wins, compared part by part; literal parts as they were sent, for a
  /// proxy's rules about paths may know no other spelling. HEAD takes GET's handler. `{name}` parts
  /// and the rest under `*` go to `parameters`, decoded.
  Match find(std::string_view method, std::string_view raw_path,
             std::map<std::string, std::string, std::less<>>& parameters) const;

 private:
  struct Route {
    std::string pattern;
    std::vector<std::string> parts;
    std::map<std::string, Handler, std::less<>> handlers;  ///< by method
  };
  static bool more_literal(const Route& a, const Route& b);
  static bool matches(const Route& route, std::string_view raw_path,
                      std::map<std::string, std::string, std::less<>>& parameters);

  std::map<std::string, Route, std::less<>> literal_;  ///< patterns without parameters, by path
  std::vector<Route> patterned_;                       ///< the others, most literal first
};

}  // namespace bytebasket::http
