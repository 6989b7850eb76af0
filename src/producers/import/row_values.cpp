#include "producers/import/row_values.hpp"

#include <algorithm>

#include "producers/import/json_text.hpp"

namespace bytebasket::producers::import_ {

namespace {

constexpr std::int64_t micros_per_unit = 1'000'000;

std::string text_of(const ValueRule& rule, const Row& row) {
  if (rule.row_id) return rule.prefix + row.id;
  std::string_view text = rule.column ? row.cells[*rule.column] : std::string_view(rule.constant);
  if (!rule.strip_suffix.empty() && text.ends_with(rule.strip_suffix))
    text.remove_suffix(rule.strip_suffix.size());
  if (text.empty()) return {};
  return rule.prefix + std::string(text);
}

/// To `decimals` decimals, half to even.
events::Micros rounded(events::Micros amount, int decimals) {
  std::int64_t step = micros_per_unit;
  for (int i = 0; i < decimals; ++i) step /= 10;
  std::int64_t down = amount.value() / step;
  const std::int64_t rest = amount.value() % step;
  const std::int64_t twice = 2 * (rest < 0 ? -rest : rest);
  if (twice > step || (twice == step && down % 2 != 0)) down += amount.value() < 0 ? -1 : 1;
  return events::Micros(down * step);
}

Result<events::Micros> read_amount(const ValueRule& rule, const std::string& text, bool negate) {
  BB_ASSIGN_OR_RETURN(events::Micros amount, events::parse_money(text));
  if (rule.decimals >= 0) amount = rounded(amount, rule.decimals);
  if (rule.type == ValueType::integer && amount.value() % micros_per_unit != 0) {
    return fail(ErrorCode::invalid_argument, "'" + text + "' is not a whole number");
  }
  return negate ? events::Micros(-amount.value()) : amount;
}

bool is_true(std::string_view text) {
  return text == "true" || text == "True" || text == "TRUE" || text == "1" || text == "yes";
}
bool is_false(std::string_view text) {
  return text == "false" || text == "False" || text == "FALSE" || text == "0" || text == "no";
}

}  // namespace

bool holds(const Condition& condition, const Row& row) {
  const std::string_view cell = row.cells[condition.column];
  bool met = false;
  switch (condition.kind) {
    case Condition::Kind::in:
      met = std::find(condition.values.begin(), condition.values.end(), cell) !=
            condition.values.end();
      break;
    case Condition::Kind::starts_with:
      met = std::any_of(condition.values.begin(), condition.values.end(),
                        [cell](const std::string& start) { return cell.starts_with(start); });
      break;
    case Condition::Kind::empty:
      met = cell.empty();
      break;
  }
  return met != condition.negated;
}

bool holds(std::span<const Condition> conditions, const Row& row) {
  return std::all_of(conditions.begin(), conditions.end(),
                     [&row](const Condition& one) { return holds(one, row); });
}

Result<bool> append_value(std::string& out, const ValueRule& rule, const Row& row, bool negate) {
  const std::string text = text_of(rule, row);
  if (text.empty())
    return rule.otherwise.empty() ? false : append_value(out, rule.otherwise.front(), row, negate);
  switch (rule.type) {
    case ValueType::text:
      append_json_string(out, text);
      return true;
    case ValueType::boolean:
      if (!is_true(text) && !is_false(text))
        return fail(ErrorCode::invalid_argument, "'" + text + "' is neither true nor false");
      out += is_true(text) ? "true" : "false";
      return true;
    case ValueType::number:
    case ValueType::integer:
    case ValueType::money: {
      BB_ASSIGN_OR_RETURN(const events::Micros amount, read_amount(rule, text, negate));
      events::append_money_shortest(out, amount);
      return true;
    }
  }
  return false;
}

Result<std::optional<events::Micros>> amount_of(const ValueRule& rule, const Row& row,
                                                bool negate) {
  const std::string text = text_of(rule, row);
  if (text.empty()) {
    if (rule.otherwise.empty()) return std::optional<events::Micros>();
    return amount_of(rule.otherwise.front(), row, negate);
  }
  BB_ASSIGN_OR_RETURN(const events::Micros amount, read_amount(rule, text, negate));
  return std::optional<events::Micros>(amount);
}

}  // namespace bytebasket::producers::import_
