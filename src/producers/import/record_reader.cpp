#include "producers/import/record_reader.hpp"

#include <algorithm>
#include <utility>

namespace bytebasket::producers::import_ {

namespace {

constexpr std::size_t read_bytes = 256 * 1024;

std::uint64_t lines_in(std::string_view text) {
  return static_cast<std::uint64_t>(std::count(text.begin(), text.end(), '\n'));
}

}  // namespace

Result<bool> RecordReader::fill() {
  if (at_end_) return false;
  buffer_.erase(0, begin_);
  scanned_ -= begin_;
  begin_ = 0;
  const std::size_t old_size = buffer_.size();
  buffer_.resize(old_size + read_bytes);
  auto size = stream_->read(std::span(buffer_).subspan(old_size));
  buffer_.resize(old_size + (size ? *size : 0));
  if (!size) return fail(std::move(size).error());
  at_end_ = *size == 0;
  return !at_end_;
}

std::size_t RecordReader::find_end() {
  if (form_ == Form::lines) {
    const std::size_t end = buffer_.find('\n', scanned_);
    scanned_ = end == std::string::npos ? buffer_.size() : end;
    return end;
  }
  for (; scanned_ < buffer_.size(); ++scanned_) {
    const char c = buffer_[scanned_];
    if (c == '"') quoted_ = !quoted_;
    if (c == '\n' && !quoted_) return scanned_;
  }
  return std::string::npos;
}

RecordReader::Outcome RecordReader::take(Record& record, std::size_t end) {
  record.line = line_;
  record.text = std::string_view(buffer_).substr(begin_, end - begin_);
  line_ += lines_in(record.text) + 1;
  if (record.text.ends_with('\r')) record.text.remove_suffix(1);
  begin_ = std::min(end + 1, buffer_.size());
  scanned_ = begin_;
  quoted_ = false;
  if (record.line == 1 && record.text.starts_with("\xEF\xBB\xBF")) record.text.remove_prefix(3);
  if (std::exchange(overlong_, false) || record.text.size() > max_bytes_) return Outcome::too_long;
  if (form_ == Form::csv) split(record);
  return Outcome::record;
}

std::size_t RecordReader::give_up_overlong() {
  overlong_ = true;
  // Where a quote is never closed, the record is given up at its first line end, and reading goes
  // on behind it.
  const std::size_t end = quoted_ ? buffer_.find('\n', begin_) : std::string::npos;
  if (end != std::string::npos) return end;
  quoted_ = false;
  begin_ = buffer_.size();
  scanned_ = begin_;
  return std::string::npos;
}

Result<RecordReader::Outcome> RecordReader::next(Record& record) {
  while (true) {
    std::size_t end = find_end();
    if (end == std::string::npos && buffer_.size() - begin_ > max_bytes_) end = give_up_overlong();
    if (end == std::string::npos) {
      BB_ASSIGN_OR_RETURN(const bool more, fill());
      if (more) continue;
      if (begin_ >= buffer_.size() && !overlong_) return Outcome::end;
      end = buffer_.size();
    }
    const Outcome outcome = take(record, end);
    if (outcome == Outcome::too_long || !record.text.empty()) return outcome;
  }
}

void RecordReader::split(Record& record) {
  record.fields.clear();
  unquoted_.clear();
  unquoted_.reserve(record.text.size());  // never grows below, so views into it stay
  std::string_view rest = record.text;
  const bool aligned = separator_ == ' ';
  if (aligned) rest = rest.substr(0, rest.find_last_not_of(' ') + 1);
  while (true) {
    if (aligned) rest.remove_prefix(std::min(rest.find_first_not_of(' '), rest.size()));
    if (!rest.starts_with('"')) {
      const std::size_t end = rest.find(separator_);
      record.fields.push_back(rest.substr(0, end));
      if (end == std::string_view::npos) return;
      rest.remove_prefix(end + 1);
      continue;
    }
    const std::size_t start = unquoted_.size();
    std::size_t i = 1;
    for (; i < rest.size(); ++i) {
      if (rest[i] == '"') {
        if (i + 1 >= rest.size() || rest[i + 1] != '"') break;
        ++i;
      }
      unquoted_ += rest[i];
    }
    const std::size_t end = rest.find(separator_, std::min(i, rest.size()));
    // What stands between the closing quote and the separator belongs to the field, as spreadsheets
    // read it.
    if (i + 1 < rest.size())
      unquoted_ += rest.substr(i + 1, end == std::string_view::npos ? end : end - i - 1);
    record.fields.push_back(std::string_view(unquoted_).substr(start));
    if (end == std::string_view::npos) return;
    rest.remove_prefix(end + 1);
  }
}

}  // namespace bytebasket::producers::import_
