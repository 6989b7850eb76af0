#include "storage/cassandra/cassandra_options.hpp"

#include <array>
#include <utility>

namespace bytebasket::storage {

Result<Consistency> parse_consistency(std::string_view name) {
  constexpr std::array<std::pair<std::string_view, Consistency>, 10> names{{
      {"one", Consistency::one},
      {"two", Consistency::two},
      {"three", Consistency::three},
      {"quorum", Consistency::quorum},
      {"all", Consistency::all},
      {"local_quorum", Consistency::local_quorum},
      {"each_quorum", Consistency::each_quorum},
      {"serial", Consistency::serial},
      {"local_serial", Consistency::local_serial},
      {"local_one", Consistency::local_one},
  }};
  for (const auto& [known, consistency] : names) {
    if (known == name) return consistency;
  }
  return fail(ErrorCode::invalid_argument, "no consistency is called '" + std::string(name) + "'");
}

}  // namespace bytebasket::storage
