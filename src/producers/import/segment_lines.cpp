#include "producers/import/segment_lines.hpp"

#include <optional>

#include <nlohmann/json.hpp>

#include "producers/import/message_ids.hpp"

namespace bytebasket::producers::import_ {

namespace {

class SegmentTranslator final : public Translator {
 public:
  [[nodiscard]] RecordReader::Form form() const override { return RecordReader::Form::lines; }

  Status begin(const std::vector<std::string_view>& header) override {
    (void)header;
    ids_ = MessageIds();
    return ok();
  }

  void translate(const Record& record, Translated& out) override {
    Draft draft;
    draft.line = record.line;
    draft.json = record.text;
    // Nearly every line has both; only what lacks one is looked at closely. A line that is no JSON
    // is left to the normaliser, which refuses it with its reason.
    const bool has_id = record.text.find("\"messageId\"") != std::string_view::npos;
    const bool has_receipt = record.text.find("\"receivedAt\"") != std::string_view::npos;
    if (!has_id || !has_receipt) {
      const auto event = nlohmann::json::parse(record.text, nullptr, false);
      if (event.is_object()) {
        const auto time = time_of(event);
        if (!time) {
          out.refused.push_back(
              {"an event of a file needs receivedAt, sentAt, timestamp or originalTimestamp: "
               "without "
               "one nothing says when it happened",
               std::string(record.text), record.line});
          return;
        }
        draft.received_at = *time;
        if (!event.contains("messageId")) add_id(draft.json, record.text);
      }
    }
    out.drafts.push_back(std::move(draft));
  }

 private:
  static std::optional<Timestamp> time_of(const nlohmann::json& event) {
    for (const char* key : {"receivedAt", "sentAt", "timestamp", "originalTimestamp"}) {
      const auto member = event.find(key);
      if (member == event.end() || !member->is_string()) continue;
      if (const auto time = parse_timestamp(member->get_ref<const std::string&>())) return *time;
    }
    return std::nullopt;
  }

  void add_id(std::string& json, std::string_view row) {
    const std::size_t brace = json.find('{');
    const bool alone = json.find_first_not_of(" \t", brace + 1) == json.rfind('}');
    json.insert(brace + 1, "\"messageId\":\"" + ids_.next(row) + (alone ? "\"" : "\","));
  }

  MessageIds ids_;
};

}  // namespace

std::unique_ptr<Translator> make_segment_translator() {
  return std::make_unique<SegmentTranslator>();
}

}  // namespace bytebasket::producers::import_
