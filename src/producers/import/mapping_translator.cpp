#include "producers/import/mapping_translator.hpp"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "producers/import/mapped_event.hpp"
#include "producers/import/message_ids.hpp"
#include "producers/import/order_gatherer.hpp"
#include "producers/import/time_pattern.hpp"

namespace bytebasket::producers::import_ {

namespace {

using nlohmann::json;

/// What stands at `path` (members parted by dots) as text; empty where nothing does.
std::string text_at(const json& object, std::string_view path) {
  const json* node = &object;
  while (!path.empty()) {
    const std::size_t dot = path.find('.');
    if (!node->is_object()) return {};
    const auto member = node->find(std::string(path.substr(0, dot)));
    if (member == node->end()) return {};
    node = &*member;
    path = dot == std::string_view::npos ? std::string_view() : path.substr(dot + 1);
  }
  if (node->is_null()) return {};
  return node->is_string() ? node->get<std::string>() : node->dump();
}

class MappingTranslator final : public Translator {
 public:
  explicit MappingTranslator(Mapping mapping)
      : mapping_(std::move(mapping)), writer_(mapping_), cells_(mapping_.columns.size()) {
    if (mapping_.lines) gatherer_.emplace(*mapping_.lines, writer_);
  }

  [[nodiscard]] RecordReader::Form form() const override {
    return mapping_.format == Mapping::Format::csv ? RecordReader::Form::csv
                                                   : RecordReader::Form::lines;
  }
  [[nodiscard]] char separator() const override { return mapping_.separator; }
  [[nodiscard]] events::Source default_source() const override { return mapping_.source; }
  [[nodiscard]] bool has_header() const override {
    return form() == RecordReader::Form::csv && mapping_.header;
  }

  Status begin(const std::vector<std::string_view>& header) override {
    ids_ = MessageIds();
    if (form() == RecordReader::Form::lines) return ok();
    const std::vector<std::string_view> own(mapping_.header_names.begin(),
                                            mapping_.header_names.end());
    const auto& names = mapping_.header ? header : own;
    place_.clear();
    std::string missing;
    for (const std::string& column : mapping_.columns) {
      const auto found = std::find(names.begin(), names.end(), column);
      place_.push_back(static_cast<std::size_t>(found - names.begin()));
      if (found == names.end()) missing += (missing.empty() ? "" : ", ") + column;
    }
    if (!missing.empty())
      return fail(ErrorCode::invalid_argument,
                  "columns that the mapping names are missing: " + missing);
    return ok();
  }

  void translate(const Record& record, Translated& out) override {
    if (form() == RecordReader::Form::lines) {
      translate_json(record, out);
      return;
    }
    for (std::size_t i = 0; i < place_.size(); ++i) {
      cells_[i] = place_[i] < record.fields.size() ? record.fields[place_[i]] : std::string_view();
    }
    translate_row({cells_, record.text, ids_.next(record.text), record.line}, out);
  }

  void end(Translated& out) override {
    if (gatherer_) gatherer_->end(out);
  }

 private:
  void translate_json(const Record& record, Translated& out) {
    const json line = json::parse(record.text, nullptr, false);
    if (!line.is_object()) {
      out.refused.push_back({"the line is no JSON object", std::string(record.text), record.line});
      return;
    }
    if (mapping_.rows.empty()) {
      translate_element(line, line, record, out);
      return;
    }
    const auto elements = line.find(mapping_.rows);
    if (elements == line.end() || !elements->is_array()) {
      out.refused.push_back(
          {"the line has no list '" + mapping_.rows + "'", std::string(record.text), record.line});
      return;
    }
    for (const json& element : *elements) translate_element(element, line, record, out);
  }

  /// A column is looked up in the row first, then in the line around it.
  void translate_element(const json& element, const json& line, const Record& record,
                         Translated& out) {
    std::vector<std::string> texts;
    std::string identity;
    for (const std::string& column : mapping_.columns) {
      texts.push_back(text_at(element, column));
      if (texts.back().empty() && &element != &line) texts.back() = text_at(line, column);
      identity += texts.back() + '\x1F';
    }
    std::copy(texts.begin(), texts.end(), cells_.begin());
    translate_row({cells_, mapping_.rows.empty() ? record.text : std::string_view(identity),
                   ids_.next(identity), record.line},
                  out);
  }

  void translate_row(const Row& row, Translated& out) {
    for (const Condition& condition : mapping_.keep) {
      if (holds(condition, row)) continue;
      ++out.filtered["does not keep: " + condition.text];
      return;
    }
    const auto event = std::find_if(mapping_.events.begin(), mapping_.events.end(),
                                    [&row](const EventCase& one) { return holds(one.when, row); });
    if (event == mapping_.events.end()) {
      refuse("no event of the mapping fits the row", row, out);
      return;
    }
    const auto time = time_of(mapping_.time, row);
    const auto received = mapping_.received ? time_of(*mapping_.received, row) : time;
    if (!time || !received) {
      refuse((time ? received : time).error().message, row, out);
      return;
    }
    const LinesRule* lines = mapping_.lines ? &*mapping_.lines : nullptr;
    const bool has_lines =
        lines != nullptr &&
        (lines->only_for.empty() || std::find(lines->only_for.begin(), lines->only_for.end(),
                                              event->event) != lines->only_for.end());
    if (has_lines && lines->by) {
      const std::string_view key = row.cells[*lines->by];
      if (key.empty()) {
        refuse("column " + mapping_.columns[*lines->by] +
                   " is empty: it says which order the line belongs to",
               row, out);
        return;
      }
      gatherer_->add(key, *event, row, *time, *received, out);
      return;
    }
    write_alone(*event, row, *time, *received, has_lines, out);
  }

  [[nodiscard]] Result<Timestamp> time_of(const TimeRule& rule, const Row& row) const {
    auto time = parse_time(row.cells[rule.column], rule.format);
    if (!time) return fail(time.error().within(mapping_.columns[rule.column]));
    return time;
  }

  void write_alone(const EventCase& event, const Row& row, Timestamp time, Timestamp received,
                   bool has_lines, Translated& out) {
    Draft draft;
    draft.line = row.line;
    draft.received_at = received;
    Status written = writer_.begin(draft.json, event, row, time);
    if (written && has_lines) written = write_only_line(draft.json, event, row);
    if (!written) {
      refuse(written.error().message, row, out);
      return;
    }
    writer_.finish(draft.json, row.id);
    out.drafts.push_back(std::move(draft));
  }

  Status write_only_line(std::string& out, const EventCase& event, const Row& row) {
    if (!out.ends_with('{')) out += ',';
    out += "\"products\":[";
    BB_RETURN_IF_ERROR(writer_.append_line(out, event, row));
    out += ']';
    if (!mapping_.lines->revenue) return ok();
    BB_ASSIGN_OR_RETURN(const auto revenue, writer_.line_revenue(event, row));
    if (!revenue) return ok();
    out += ",\"revenue\":";
    events::append_money_shortest(out, *revenue);
    return ok();
  }

  static void refuse(std::string reason, const Row& row, Translated& out) {
    out.refused.push_back({std::move(reason), std::string(row.text), row.line});
  }

  Mapping mapping_;
  EventWriter writer_;
  std::optional<OrderGatherer> gatherer_;
  MessageIds ids_;
  std::vector<std::size_t> place_;  ///< of each of the mapping's columns in the file
  std::vector<std::string_view> cells_;
};

}  // namespace

std::unique_ptr<Translator> make_mapping_translator(Mapping mapping) {
  return std::make_unique<MappingTranslator>(std::move(mapping));
}

}  // namespace bytebasket::producers::import_
