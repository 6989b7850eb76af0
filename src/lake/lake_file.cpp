#include "lake/lake_file.hpp"

#include <algorithm>
#include <charconv>
#include <tuple>

namespace bytebasket::lake {
namespace {

constexpr std::string_view extension = ".parquet";
constexpr std::string_view day_prefix = "date=";
constexpr std::string_view hour_prefix = "hour=";
constexpr Milliseconds one_hour = std::chrono::hours(1);

bool take(std::string_view& rest, std::string_view wanted) {
  if (!rest.starts_with(wanted)) return false;
  rest.remove_prefix(wanted.size());
  return true;
}

/// Takes a number as we write it: no sign, no leading zeros.
template <typename Rep>
bool take_number(std::string_view& rest, Rep& value) {
  if (rest.empty() || rest.front() < '0' || rest.front() > '9') return false;
  const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), value);
  const auto length = static_cast<std::size_t>(end - rest.data());
  if (error != std::errc() || (rest.front() == '0' && length > 1)) return false;
  rest.remove_prefix(length);
  return true;
}

std::string two_digits(std::int64_t value) {
  return std::string(value < 10 ? "0" : "") + std::to_string(value);
}

std::int64_t hour_of_day(Timestamp hour) {
  return (hour - std::chrono::floor<std::chrono::days>(hour)) / one_hour;
}

std::optional<Timestamp> parse_day(std::string_view name) {
  if (!take(name, day_prefix) || name.size() != 10) return std::nullopt;
  const auto day = parse_timestamp(name);
  return day && format_date(*day) == name ? std::optional(*day) : std::nullopt;
}

std::optional<Milliseconds> parse_hour(std::string_view name) {
  if (!take(name, hour_prefix) || name.size() != 2) return std::nullopt;
  for (std::int64_t hour = 0; hour < 24; ++hour) {
    if (two_digits(hour) == name) return hour * one_hour;
  }
  return std::nullopt;
}

auto place_of(const LakeFile& file) {
  return std::tuple(file.stream, file.partition, file.epoch, file.first, -file.last.value());
}

/// What `parse` makes of the entries of a folder, in order; what it cannot read is passed over.
template <typename Found, typename Parse>
Result<std::vector<Found>> sorted_entries(storage::FileStore& store, std::string_view folder,
                                          Parse parse) {
  BB_ASSIGN_OR_RETURN(const auto entries, store.list(folder));
  std::vector<Found> found;
  for (const storage::FileEntry& entry : entries) {
    if (const std::optional<Found> each = parse(entry)) found.push_back(*each);
  }
  std::sort(found.begin(), found.end());
  return found;
}

}  // namespace

std::strong_ordering LakeFile::operator<=>(const LakeFile& other) const {
  return place_of(*this) <=> place_of(other);
}

std::string day_folder(streams::Stream stream, Timestamp day) {
  return std::string(name_of(stream)) + "/" + std::string(day_prefix) + format_date(day);
}

std::string hour_folder(streams::Stream stream, Timestamp hour) {
  return day_folder(stream, hour) + "/" + std::string(hour_prefix) + two_digits(hour_of_day(hour));
}

std::string LakeFile::path() const {
  return hour_folder(stream, hour) + "/e" + std::to_string(epoch.value()) + "-p" +
         std::to_string(partition.value()) + "-" + std::to_string(first.value()) + "-" +
         std::to_string(last.value()) + std::string(extension);
}

bool LakeFile::contains(const LakeFile& other) const {
  return stream == other.stream && epoch == other.epoch && partition == other.partition &&
         first <= other.first && last >= other.last;
}

std::optional<LakeFile> parse_file_name(streams::Stream stream, Timestamp hour,
                                        std::string_view name) {
  Epoch::rep epoch = 0;
  PartitionId::rep partition = 0;
  Offset::rep first = 0;
  Offset::rep last = 0;
  const bool parsed = take(name, "e") && take_number(name, epoch) && take(name, "-p") &&
                      take_number(name, partition) && take(name, "-") && take_number(name, first) &&
                      take(name, "-") && take_number(name, last) && name == extension;
  if (!parsed || first > last) return std::nullopt;
  return LakeFile{.stream = stream,
                  .hour = hour,
                  .epoch = Epoch(epoch),
                  .partition = PartitionId(partition),
                  .first = Offset(first),
                  .last = Offset(last)};
}

std::vector<LakeFile> covering(std::vector<LakeFile> files) {
  std::sort(files.begin(), files.end());
  std::vector<LakeFile> chosen;
  for (const LakeFile& file : files) {
    // Sorted so, no file chosen reaches further back or less far than the one chosen last.
    if (!chosen.empty() && chosen.back().contains(file)) continue;
    chosen.push_back(file);
  }
  return chosen;
}

Result<std::vector<Timestamp>> list_days(storage::FileStore& store, streams::Stream stream) {
  return sorted_entries<Timestamp>(store, name_of(stream), [](const storage::FileEntry& entry) {
    return entry.folder ? parse_day(entry.name) : std::nullopt;
  });
}

Result<std::vector<Timestamp>> list_hours(storage::FileStore& store, streams::Stream stream,
                                          Timestamp day) {
  return sorted_entries<Timestamp>(
      store, day_folder(stream, day),
      [day](const storage::FileEntry& entry) -> std::optional<Timestamp> {
        const auto hour = entry.folder ? parse_hour(entry.name) : std::nullopt;
        return hour ? std::optional(day + *hour) : std::nullopt;
      });
}

Result<std::vector<LakeFile>> list_files(storage::FileStore& store, streams::Stream stream,
                                         Timestamp hour) {
  return sorted_entries<LakeFile>(
      store, hour_folder(stream, hour), [&](const storage::FileEntry& entry) {
        auto file = entry.folder ? std::nullopt : parse_file_name(stream, hour, entry.name);
        if (file) file->size = entry.size;
        return file;
      });
}

Result<std::optional<LakeFile>> newest_file(storage::FileStore& store,
                                            streams::TopicPartition where, Epoch epoch) {
  BB_ASSIGN_OR_RETURN(const auto days, list_days(store, where.stream));
  for (auto day = days.rbegin(); day != days.rend(); ++day) {
    BB_ASSIGN_OR_RETURN(const auto hours, list_hours(store, where.stream, *day));
    for (auto hour = hours.rbegin(); hour != hours.rend(); ++hour) {
      BB_ASSIGN_OR_RETURN(const auto files, list_files(store, where.stream, *hour));
      // Later records never stand in an earlier hour.
      std::optional<LakeFile> newest;
      for (const LakeFile& file : files) {
        if (file.partition != where.partition || file.epoch != epoch) continue;
        if (!newest || file.last > newest->last) newest = file;
      }
      if (newest) return newest;
    }
  }
  return std::nullopt;
}

Result<Offset> archived_until(storage::FileStore& store, streams::TopicPartition where,
                              const streams::LogRange& log) {
  BB_ASSIGN_OR_RETURN(const auto newest, newest_file(store, where, log.epoch));
  if (!newest) return log.first;
  if (newest->last >= log.end) {
    return fail(ErrorCode::corrupt,
                "the lake in " + store.describe() + " has records of " + to_string(where) +
                    " up to " + std::to_string(newest->last.value()) + ", but the log ends at " +
                    std::to_string(log.end.value()) +
                    ": it was written from another log; give this one a lake of its own");
  }
  return std::max(newest->last.next(), log.first);
}

}  // namespace bytebasket::lake
