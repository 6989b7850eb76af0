#include "lake/text_column.hpp"

#include <arrow/api.h>

namespace bytebasket::lake {
namespace {

/// Arrow takes the numbers from the file as they are.
bool are_within(const arrow::Int32Array& indices, std::int64_t size) {
  bool within = true;
  for (std::int64_t row = 0; row < indices.length(); ++row) {
    const std::int32_t index = indices.Value(row);
    within = within & ((index >= 0 && index < size) || indices.IsNull(row));
  }
  return within;
}

}  // namespace

bool TextColumn::load(const std::shared_ptr<arrow::Array>& array, const arrow::DataType& type) {
  array_ = array;
  valid_ = array->null_bitmap_data();
  first_bit_ = array->offset();
  indices_ = nullptr;
  quoted_.clear();
  if (array->type()->Equals(type)) {
    // Every StringArray is a BinaryArray.
    look_into(static_cast<const arrow::BinaryArray&>(*array));
    return true;
  }
  if (array->type_id() != arrow::Type::DICTIONARY) return false;
  const auto& coded = static_cast<const arrow::DictionaryArray&>(*array);
  if (coded.indices()->type_id() != arrow::Type::INT32) return false;
  if (!coded.dictionary()->type()->Equals(type)) return false;
  look_into(static_cast<const arrow::BinaryArray&>(*coded.dictionary()));
  const auto& indices = static_cast<const arrow::Int32Array&>(*coded.indices());
  indices_ = indices.raw_values();
  return are_within(indices, values_);
}

void TextColumn::look_into(const arrow::BinaryArray& values) {
  bytes_ = reinterpret_cast<const char*>(values.raw_data());
  ends_ = values.raw_value_offsets();
  values_ = values.length();
}

std::string_view TextColumn::quoted(std::int64_t row) {
  if (indices_ == nullptr) {
    quotes_.clear();
    quotes_.put_quoted(text(row));
    return quotes_.text();
  }
  if (!has(row)) return R"("")";
  if (quoted_.empty()) quote_dictionary();
  return quoted_[static_cast<std::size_t>(indices_[row])];
}

void TextColumn::quote_dictionary() {
  std::vector<std::size_t> ends;
  quotes_.clear();
  for (std::int64_t i = 0; i < values_; ++i) {
    quotes_.put_quoted(value(i));
    ends.push_back(quotes_.size());
  }
  std::size_t begin = 0;
  for (const std::size_t end : ends) {
    quoted_.push_back(quotes_.text().substr(begin, end - begin));
    begin = end;
  }
}

}  // namespace bytebasket::lake
