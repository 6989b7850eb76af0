#include "processors/replay_reads.hpp"

#include <algorithm>
#include <future>
#include <iterator>
#include <memory>
#include <set>
#include <utility>

namespace bytebasket::processors {
namespace {

using storage::RowKey;
using storage::ScanPage;
using storage::StoredRow;

/// Partitions that are asked for at a time.
constexpr std::size_t partitions_at_once = 256;
/// Rows that are compared with how they stood at a time.
constexpr std::size_t rows_at_once = 4'096;
/// So many rows an engine gives as the answer to one question: of a partition with more it may be
/// two.
constexpr std::uint32_t rows_of_a_partition = 4'999;

bool is_written_together(const RowKey& key) { return schema::declaration_of(key.table).together; }

storage::ScanRequest whole(const std::pair<storage::TableId, std::string>& partition) {
  return {.table = partition.first,
          .partition = partition.second,
          .from = {},
          .until = {},
          .limit = rows_of_a_partition};
}

}  // namespace

Result<std::vector<std::optional<StoredRow>>> ReplayReads::get(const std::vector<RowKey>& keys) {
  BB_RETURN_IF_ERROR(read_whole(keys));
  std::vector<RowKey> single;
  std::ranges::remove_copy_if(keys, std::back_inserter(single), is_written_together);
  std::vector<std::optional<StoredRow>> singles;
  if (!single.empty()) {
    BB_ASSIGN_OR_RETURN(singles, storage::get_now(tables_, std::move(single)));
  }
  std::vector<std::optional<StoredRow>> rows;
  rows.reserve(keys.size());
  auto next = singles.begin();
  for (const RowKey& key : keys) {
    rows.push_back(is_written_together(key) ? held(key) : std::move(*next++));
    read_.try_emplace(key, rows.back() ? std::optional(rows.back()->position) : std::nullopt);
  }
  return rows;
}

Status ReplayReads::read_whole(const std::vector<RowKey>& keys) {
  std::set<Partition> wanted;
  for (const RowKey& key : keys) {
    Partition partition(key.table, key.partition);
    if (is_written_together(key) && !whole_.contains(partition))
      wanted.insert(std::move(partition));
  }
  for (auto from = wanted.begin(); from != wanted.end();) {
    std::vector<std::pair<Partition, std::future<Result<ScanPage>>>> answers;
    for (; from != wanted.end() && answers.size() < partitions_at_once; ++from) {
      const auto answer = std::make_shared<std::promise<Result<ScanPage>>>();
      answers.emplace_back(*from, answer->get_future());
      tables_.scan(whole(*from), [answer](auto page) { answer->set_value(std::move(page)); });
    }
    for (auto& [partition, answer] : answers) {
      BB_ASSIGN_OR_RETURN(auto page, answer.get());
      BB_ASSIGN_OR_RETURN(whole_[partition], read_rest(partition, std::move(page)));
    }
  }
  return ok();
}

Result<ReplayReads::Rows> ReplayReads::read_rest(const Partition& partition, ScanPage page) const {
  Rows rows;
  while (true) {
    for (StoredRow& row : page.rows) {
      std::string clustering = row.clustering;
      rows.emplace(std::move(clustering), std::move(row));
    }
    if (!page.next) return rows;
    storage::ScanRequest request = whole(partition);
    request.from = *page.next;
    BB_ASSIGN_OR_RETURN(page, storage::scan_now(tables_, std::move(request)));
  }
}

std::optional<StoredRow> ReplayReads::held(const RowKey& key) const {
  const Rows& rows = whole_.at({key.table, key.partition});
  const auto found = rows.find(key.clustering);
  return found == rows.end() ? std::nullopt : std::optional(found->second);
}

Status ReplayReads::check_unchanged() {
  std::vector<RowKey> keys;
  for (const auto& [key, position] : read_) {
    keys.push_back(key);
    if (keys.size() < rows_at_once) continue;
    BB_RETURN_IF_ERROR(check_unchanged(std::exchange(keys, {})));
  }
  return keys.empty() ? ok() : check_unchanged(keys);
}

Status ReplayReads::check_unchanged(const std::vector<RowKey>& keys) {
  BB_ASSIGN_OR_RETURN(const auto rows, storage::get_now(tables_, keys));
  for (std::size_t i = 0; i < keys.size(); ++i) {
    const auto now = rows[i] ? std::optional(rows[i]->position) : std::nullopt;
    if (now == read_.at(keys[i])) continue;
    return fail(ErrorCode::unavailable,
                "rows of table " + std::string(schema::declaration_of(keys[i].table).name) +
                    " are still being written by the flush that was interrupted");
  }
  return ok();
}

}  // namespace bytebasket::processors
