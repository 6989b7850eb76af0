// A time in the bytes of a state row.
#pragma once

#include "base/bytes.hpp"
#include "base/time.hpp"

namespace bytebasket::processors {

inline void put_time(ByteWriter& out, Timestamp time) { out.put_signed(to_ms(time)); }
inline Timestamp take_time(ByteReader& in) { return timestamp_from_ms(in.take_signed()); }

}  // namespace bytebasket::processors
