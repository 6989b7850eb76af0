// The columns of the lake's files: their names and types. docs/formats/lake.md describes them.
#pragma once

#include <array>
#include <cstdint>
#include <memory>

namespace arrow {
class Schema;
}  // namespace arrow

namespace bytebasket::lake {

/// The version of these columns, in each file's metadata as `bytebasket.lake`.
inline constexpr const char* format_version = "1";

/// Made once; the first `record_columns` are all that a record is put together from.
const std::shared_ptr<arrow::Schema>& lake_schema();
inline constexpr int record_columns = 22;

/// How the values of a column are written, by what is known of them.
enum class ColumnForm : std::uint8_t {
  text,        ///< hardly one comes twice
  neighbours,  ///< texts that are alike next to each other once rows are sorted by visitor
  visitor,     ///< neighbours too: it is what rows are sorted by
  word,        ///< few different texts
  near,        ///< numbers not far from each other
  number,      ///< few different numbers
  number32,    ///< the same of 32 bits
  money,       ///< few different amounts
};

/// Of the columns before `lines`, which is the last one. All numbers and the visitor have
/// statistics: with their least and largest value a reader may pass a row group, which is a run of
/// the log. Texts have all values everywhere: comparing each would help nobody.
inline constexpr std::array simple_columns = {
    ColumnForm::near,        // offset
    ColumnForm::number,      // append_time
    ColumnForm::near,        // received_at
    ColumnForm::word,        // record
    ColumnForm::neighbours,  // key
    ColumnForm::word,        // type
    ColumnForm::word,        // event
    ColumnForm::text,        // message_id
    ColumnForm::near,        // event_time
    ColumnForm::near,        // original_time
    ColumnForm::neighbours,  // anonymous_id
    ColumnForm::neighbours,  // user_id
    ColumnForm::word,        // source
    ColumnForm::neighbours,  // session_id
    ColumnForm::word,        // country
    ColumnForm::word,        // device
    ColumnForm::word,        // campaign
    ColumnForm::text,        // properties
    ColumnForm::neighbours,  // rest
    ColumnForm::text,        // raw_key
    ColumnForm::text,        // raw_value
    ColumnForm::text,        // raw_detail
    ColumnForm::number32,    // partition
    ColumnForm::visitor,     // visitor
    ColumnForm::text,        // order_id
    ColumnForm::word,        // cart_id
    ColumnForm::word,        // checkout_id
    ColumnForm::word,        // status
    ColumnForm::word,        // coupon
    ColumnForm::word,        // query
    ColumnForm::word,        // currency
    ColumnForm::money,       // revenue
    ColumnForm::money,       // total
    ColumnForm::money,       // subtotal
    ColumnForm::money,       // shipping
    ColumnForm::money,       // tax
    ColumnForm::money,       // discount
    ColumnForm::money,       // value
};

}  // namespace bytebasket::lake
