// How records are stored: a batch of them is one value, so that the database's own cost is paid
// once for many records.
//
//   version u8 | XXH3 of all that follows u64 | append time ms u64 | records u32 | bytes of the
//   partition so far u64 | for each record: type u8 | received ms varint | key, value, detail each
//   as varint length and bytes
//
// Integers are little-endian. A record's offset is the batch's base offset (in its key) plus its
// place in the batch.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"
#include "streams/event_log.hpp"

namespace bytebasket::streams {

inline constexpr std::uint8_t batch_version = 1;
inline constexpr std::size_t batch_header_size = 1 + 8 + 8 + 4 + 8;

struct BatchHeader {
  Timestamp append_time;    ///< of every record in the batch
  std::uint32_t count = 0;  ///< records
  std::uint64_t end_bytes =
      0;  ///< bytes of all batches of the partition ever stored, this one included
};

/// Appends one encoded record. Encoded records may be put one after the other in any grouping.
void append_record(std::string& out, const NewRecord& record);

/// Makes a batch of `bytes`, which holds batch_header_size bytes of any content and then
/// `header.count` records.
void seal_batch(std::string& bytes, const BatchHeader& header);

/// The header alone; the checksum is not looked at.
Result<BatchHeader> read_batch_header(std::string_view bytes);

/// What a reader still wants; taken off as records are decoded.
struct ReadBudget {
  std::size_t records = SIZE_MAX;
  std::size_t bytes = SIZE_MAX;
  bool spent = false;  ///< the last record did not fit or filled it: stop
};

/// Checks a stored batch and appends its records from offset `from` on to `out`, as views into
/// `bytes`, while `budget` lasts (a first record, `out` being empty, is always taken). Never trusts
/// `bytes`.
Status decode_batch(std::string_view bytes, Offset base, Offset from, ReadBudget& budget,
                    std::vector<Record>& out);

}  // namespace bytebasket::streams
