#include "processors/fraud/decision.hpp"

#include <array>

#include "base/names.hpp"

namespace bytebasket::processors::fraud {
namespace {

constexpr std::array<std::string_view, 3> verdict_names = {"approve", "review", "decline"};

}  // namespace

std::string_view to_string(Verdict verdict) {
  return verdict_names[static_cast<std::size_t>(verdict)];
}

std::optional<Verdict> parse_verdict(std::string_view name) {
  return member_named<Verdict>(verdict_names, name);
}

}  // namespace bytebasket::processors::fraud
