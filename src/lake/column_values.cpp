#include "lake/column_values.hpp"

#include <algorithm>

#include "base/short_text.hpp"
#include "lake/coded_column.hpp"
#include "lake/parquet_file.hpp"

namespace bytebasket::lake {
namespace {

/// Where a page of texts ends.
constexpr std::size_t page_bytes = 1 << 20;

/// Texts are called for so many ahead of their turn: when rows are sorted each stands far from the
/// one before it, and the wait for memory would cost more than all the rest.
constexpr std::size_t ahead = 16;
constexpr std::size_t cache_line = 64;
constexpr std::size_t most_fetched = 4 * cache_line;

void fetch(std::span<const std::string_view> texts, std::size_t at) {
  if (at + ahead >= texts.size()) return;
  const std::string_view text = texts[at + ahead];
  for (std::size_t i = 0; i < std::min(text.size(), most_fetched); i += cache_line)
    __builtin_prefetch(text.data() + i);
}

bool same(std::string_view a, std::string_view b) {
  return a.size() == b.size() && (a.data() == b.data() || same_text(a, b));
}

/// To a place that is large enough; returns what is behind it.
char* put_plain(char* at, std::string_view text) {
  const auto size = static_cast<std::uint32_t>(text.size());
  for (unsigned i = 0; i < 4; ++i) *at++ = static_cast<char>(size >> (8 * i));
  return std::copy(text.begin(), text.end(), at);
}

}  // namespace

void ColumnValues::clear() {
  texts.clear();
  numbers.clear();
  ids.clear();
  words.clear();
  amounts.clear();
}

/// The values of `entries`, sorted; `there_` says which rows have one.
template <typename Value>
void ColumnPages::sort(const std::vector<OfRow<Value>>& entries,
                       std::span<const std::uint32_t> ranks, std::vector<Value>& sorted) {
  const bool all = entries.size() == ranks.size();
  there_.assign(ranks.size(), all ? 1 : 0);
  sorted.resize(ranks.size());
  for (const auto& entry : entries) {
    const std::uint32_t rank = ranks[entry.row];
    sorted[rank] = entry.value;
    there_[rank] = 1;
  }
  if (all) return;
  std::size_t count = 0;
  for (std::size_t i = 0; count < entries.size(); ++i) {
    if (there_[i] != 0) sorted[count++] = sorted[i];
  }
  sorted.resize(count);
}

/// Where neighbours are alike: each text once, and the numbers. (Arrow, where it reads a column as
/// a dictionary, counts on each value standing there once.) As long as texts rise, as those of the
/// visitors do who rows are sorted by, each that differs from the one before it is new; then it
/// must be looked up. False where a dictionary does not pay, and nothing is written.
bool ColumnPages::write_runs(ParquetFile& file) {
  constexpr std::size_t judged_after = 1024;
  different_.clear();
  numbers_of_texts_.clear();
  ids_.clear();
  bool rising = true;
  for (std::size_t i = 0; i < texts_.size(); ++i) {
    fetch(texts_, i);
    const std::string_view text = texts_[i];
    if (i > 0 && same(text, texts_[i - 1])) {
      ids_.push_back(ids_.back());
      continue;
    }
    if (rising && i > 0 && text < texts_[i - 1]) {
      rising = false;
      for (const std::string_view earlier : different_) numbers_of_texts_.number_of(earlier);
    }
    const auto next = static_cast<std::uint32_t>(different_.size());
    ids_.push_back(rising ? next : numbers_of_texts_.number_of(text));
    if (ids_.back() != next) continue;
    different_.push_back(text);
    if (different_.size() > judged_after && !dictionary_pays(different_.size(), i)) return false;
  }
  if (!dictionary_pays(different_.size(), texts_.size())) return false;
  put_coded(file, ColumnForm::text, levels(), std::span<const std::string_view>(different_), ids_);
  return true;
}

/// Texts as they are, in pages of some size.
void ColumnPages::write_texts(ParquetFile& file) {
  const std::span<const std::uint8_t> there(there_);
  std::size_t text = 0;
  for (std::size_t begin = 0, end = 0; end < there.size(); begin = end) {
    std::size_t bytes = 0;
    std::size_t last = text;
    for (; end < there.size() && bytes < page_bytes; ++end) {
      if (there[end] != 0) bytes += plain_size(texts_[last++]);
    }
    std::string& page = file.begin_page(
        {.count = end - begin, .repetition = {}, .definition = there.subspan(begin, end - begin)});
    const std::size_t levels = page.size();
    page.resize(levels + bytes);
    for (char* at = page.data() + levels; text < last; ++text) {
      fetch(texts_, text);
      at = put_plain(at, texts_[text]);
    }
    file.put_page(PageEncoding::plain);
  }
}

void ColumnPages::write_column_of_texts(ParquetFile& file, ColumnForm form) {
  if (form == ColumnForm::text || !write_runs(file)) write_texts(file);
  if (form != ColumnForm::visitor) return file.end_column();
  Extremes extremes{.nulls = there_.size() - texts_.size()};
  if (!texts_.empty()) {  // it is what the rows are sorted by
    extremes.least = texts_.front();
    extremes.most = texts_.back();
  }
  file.end_column(extremes);
}

void ColumnPages::write(ParquetFile& file, ColumnForm form, const ColumnValues& column,
                        std::span<const std::uint32_t> ranks) {
  file.begin_column();
  switch (form) {
    case ColumnForm::text:
    case ColumnForm::neighbours:
    case ColumnForm::visitor:
      sort(column.texts, ranks, texts_);
      return write_column_of_texts(file, form);
    case ColumnForm::word:
      sort(column.ids, ranks, ids_);
      put_coded(file, form, levels(), column.words.values(), ids_);
      return file.end_column();
    case ColumnForm::near:
      sort(column.numbers, ranks, numbers_);
      file.append_deltas(file.begin_page(levels()), numbers_);
      file.put_page(PageEncoding::deltas);
      return file.end_column(extremes_of(form, numbers_, ranks.size() - numbers_.size()));
    case ColumnForm::number:
    case ColumnForm::number32:
    case ColumnForm::money:
      sort(column.ids, ranks, ids_);
      put_coded(file, form, levels(), column.amounts.values(), ids_);
      return file.end_column(
          extremes_of(form, column.amounts.values(), ranks.size() - ids_.size()));
  }
}

PageLevels ColumnPages::levels() const {
  return {.count = there_.size(), .repetition = {}, .definition = there_};
}

}  // namespace bytebasket::lake
