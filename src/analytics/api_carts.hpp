// Open and abandoned carts, newest activity first: `GET /api/v1/carts`.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "analytics/api_parameters.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "storage/table_store.hpp"

namespace bytebasket::analytics {

enum class CartState : std::uint8_t { open, abandoned };

struct CartQuery {
  static constexpr std::uint32_t max_limit = 1000;

  CartState state = CartState::open;
  std::uint32_t limit = max_limit;
  std::string cursor;  ///< `next` of the page before
};

/// Reads the parameters state (open where it is not given), limit and cursor.
Result<CartQuery> parse_cart_query(Parameters parameters);

struct CartReaderOptions {
  Milliseconds abandoned_after{3'600'000};
  Milliseconds retention{30LL *
                         86'400'000};  ///< how far back carts are looked for; 400 days at most
};

/// Reads the table `carts_by_activity`. A cart is abandoned when read, by its last activity: no
/// timers. Thread-safe.
class CartReader {
 public:
  CartReader(storage::TableStore& tables, CartReaderOptions options)
      : tables_(tables), options_(options) {}

  /// The body of the answer: {"carts":[{…,"state":"open"}],"next":cursor or null}.
  Result<std::string> answer(const CartQuery& query, Timestamp now);

 private:
  storage::TableStore& tables_;
  CartReaderOptions options_;
};

}  // namespace bytebasket::analytics
