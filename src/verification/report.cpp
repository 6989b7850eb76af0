#include "verification/report.hpp"

#include <nlohmann/json.hpp>

#include "storage/key_columns.hpp"
#include "verification/row_content.hpp"

namespace bytebasket::verification {
namespace {

using Json = nlohmann::ordered_json;

std::string position_text(Position position) {
  return "offset " + std::to_string(position.offset.value()) + " of epoch " +
         std::to_string(position.epoch.value());
}

std::string owner_text(const Difference& difference) {
  return difference.owner ? to_string(*difference.owner) : "an unknown partition";
}

void add_partition(std::string& text, const PartitionReport& partition) {
  text += to_string(partition.where) + ": compared up to " + position_text(partition.compared_to) +
          ", " + std::to_string(partition.events) + " events computed again\n";
  if (!partition.horizon) return;
  text += "  the records before offset " + std::to_string(partition.horizon->value()) +
          " are gone: only metrics of events and lines are compared, from " +
          format_timestamp(partition.horizon_time) + " on\n";
}

void add_events(std::string& text, const Difference& difference) {
  if (difference.events.empty()) {
    text += "  events behind it: none\n";
    return;
  }
  text += "  events behind it, in " + owner_text(difference) + ":\n";
  for (const EventBehind& event : difference.events) {
    text += "    offset " + std::to_string(event.offset.value()) + ", appended " +
            format_timestamp(event.append_time) + ", " +
            (event.message_id.empty() ? "a control record" : "message " + event.message_id) + "\n";
  }
  if (difference.more_events) text += "    and more\n";
}

void add_difference(std::string& text, const Difference& difference) {
  text += std::string(schema::declaration_of(difference.key.table).name) + " " +
          describe_key(difference.key) + ": " + std::string(name_of(difference.kind)) + "\n";
  const TwoValues values =
      describe_difference(difference.key, difference.stored, difference.recomputed);
  text += "  stored:     " + values.stored;
  if (difference.stored_position) text += " (" + position_text(*difference.stored_position) + ")";
  text += "\n  recomputed: " + values.recomputed + " (" + owner_text(difference) + ", up to " +
          position_text(difference.compared_at) + ")\n";
  add_events(text, difference);
}

Json position_json(Position position) {
  return {{"epoch", position.epoch.value()}, {"offset", position.offset.value()}};
}

Json partition_json(const PartitionReport& partition) {
  Json json = {{"partition", to_string(partition.where)},
               {"compared_to", position_json(partition.compared_to)},
               {"events", partition.events}};
  if (partition.horizon) {
    json["horizon"] = {{"offset", partition.horizon->value()},
                       {"compared_from", format_timestamp(partition.horizon_time)}};
  }
  return json;
}

Json key_json(const storage::RowKey& key) {
  Json json = Json::object();
  if (const auto columns = storage::key_columns(key)) {
    for (const auto& column : *columns) json[std::string(column.name)] = column.value;
  }
  return json;
}

Json difference_json(const Difference& difference) {
  Json json = {{"kind", name_of(difference.kind)},
               {"table", schema::declaration_of(difference.key.table).name},
               {"key", key_json(difference.key)},
               {"partition", difference.owner ? Json(to_string(*difference.owner)) : Json()},
               {"stored", describe_value(difference.key, difference.stored)},
               {"recomputed", describe_value(difference.key, difference.recomputed)},
               {"compared_at", position_json(difference.compared_at)}};
  if (difference.stored_position)
    json["stored_position"] = position_json(*difference.stored_position);
  Json events = Json::array();
  for (const EventBehind& event : difference.events) {
    events.push_back({{"offset", event.offset.value()},
                      {"append_time", format_timestamp(event.append_time)},
                      {"message_id", event.message_id}});
  }
  json["events"] = std::move(events);
  json["more_events"] = difference.more_events;
  return json;
}

std::string counted(std::uint64_t count, std::string_view one, std::string_view many) {
  return std::to_string(count) + " " + std::string(count == 1 ? one : many);
}

}  // namespace

std::uint64_t Report::compared() const {
  std::uint64_t sum = 0;
  for (const auto& [table, counts] : tables) sum += counts.compared;
  return sum;
}

std::string_view name_of(Difference::Kind kind) {
  switch (kind) {
    case Difference::Kind::wrong_value:
      return "wrong value";
    case Difference::Kind::missing:
      return "missing";
    case Difference::Kind::extra:
      return "extra";
    case Difference::Kind::wrong_position:
      return "wrong position";
  }
  return "";
}

std::string to_text(const Report& report) {
  std::string text;
  for (const PartitionReport& partition : report.partitions) add_partition(text, partition);
  for (const auto& [table, counts] : report.tables) {
    text += std::string(schema::declaration_of(table).name) + ": " +
            counted(counts.compared, "row", "rows") + " compared, " +
            counted(counts.differing, "differs", "differ");
    if (counts.not_comparable > 0) {
      text += ", " + std::to_string(counts.not_comparable) +
              " not comparable (they may be made of records that are gone)";
    }
    text += "\n";
  }
  if (report.moved > 0) {
    text += counted(report.moved, "row", "rows") +
            " moved on meanwhile and compared at their new positions\n";
  }
  if (report.moved_out_of_reach > 0) {
    text += counted(report.moved_out_of_reach, "row", "rows") +
            " moved on meanwhile and not compared: too many to keep; verify again when less is "
            "coming in\n";
  }
  for (const Difference& difference : report.differences) add_difference(text, difference);
  const std::uint64_t left = report.difference_count - report.differences.size();
  if (left > 0) text += "and " + counted(left, "difference", "differences") + " more\n";
  text += report.passed() ? "every row is what its events make of it\n"
                          : counted(report.difference_count, "row is", "rows are") +
                                " not what the events make of them\n";
  return text;
}

std::string to_json(const Report& report) {
  Json json = {{"passed", report.passed()},
               {"compared", report.compared()},
               {"differing", report.difference_count},
               {"moved", report.moved},
               {"moved_out_of_reach", report.moved_out_of_reach}};
  Json partitions = Json::array();
  for (const auto& partition : report.partitions) partitions.push_back(partition_json(partition));
  json["partitions"] = std::move(partitions);
  Json tables = Json::object();
  for (const auto& [table, counts] : report.tables) {
    tables[std::string(schema::declaration_of(table).name)] = {
        {"compared", counts.compared},
        {"differing", counts.differing},
        {"not_comparable", counts.not_comparable}};
  }
  json["tables"] = std::move(tables);
  Json differences = Json::array();
  for (const auto& difference : report.differences)
    differences.push_back(difference_json(difference));
  json["differences"] = std::move(differences);
  return json.dump(2, ' ', false, Json::error_handler_t::replace);
}

}  // namespace bytebasket::verification
