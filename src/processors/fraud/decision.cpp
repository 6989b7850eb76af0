#include "processors/fraud/decision.hpp"

#include <algorithm>
#include <array>

namespace bytebasket::processors::fraud {
namespace {

constexpr std::array<std::string_view, 3> verdict_names = {"approve", "review", "decline"};

}  // namespace

std::string_view to_string(Verdict verdict) {
  return verdict_names[static_cast<std::size_t>(verdict)];
}

std::optional<Verdict> parse_verdict(std::string_view name) {
  const auto found = std::find(verdict_names.begin(), verdict_names.end(), name);
  if (found == verdict_names.end()) return std::nullopt;
  return static_cast<Verdict>(found - verdict_names.begin());
}

}  // namespace bytebasket::processors::fraud
