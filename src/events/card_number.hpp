// Card numbers never enter the log. What counts as one:
//
// - under a key that says so (`card_number`, `cardNumber`, `pan`, `credit_card`, `cc_number`, …:
// any case, with or without
//   separators): a string or number of more than ten digits. Ten are what may be shown of a card:
//   `411111******1111`.
// - anywhere else, in any string, key or whole number: 14 to 19 digits, in one piece or in the
// groups that are printed on
//   cards (4-4-4-4, 4-4-4-4-3, 4-6-5, 4-6-4, parted by one space or one dash), that stand alone (no
//   letter, digit or decimal point beside them), begin as an issuer's numbers of that length do,
//   and pass the Luhn check.
// - but not in what names an event, an order, a cart or a product (`messageId`, `order_id`,
// `cart_id`, `checkout_id`,
//   `product_id`, `sku`, `gtin`, `ean`, `upc`, `isbn`, `barcode`): such numbers are often long and
//   pass by chance.
//
// Thirteen digits alone are a time in milliseconds or an EAN far more often than a card, so they
// count only under a key that says so.
#pragma once

#include <string>
#include <string_view>

namespace bytebasket::events {

/// True where `text` is or contains a card number, by the rule for "anywhere else".
bool has_card_number(std::string_view text);

/// True for keys that say that a card number follows.
bool is_card_key(std::string_view key);

/// True for keys whose values name things, so that long numbers are no cards there.
bool is_code_key(std::string_view key);

/// True where a value under a card key is too much of a number.
bool shows_too_much(std::string_view value);

/// Appends `text` with every digit of its card numbers but the last four of each turned into `*`.
void append_masked(std::string& out, std::string_view text);

/// Appends `text` with every digit but the last four turned into `*`.
void append_all_masked(std::string& out, std::string_view text);

/// For bytes that could not be read as JSON: masks every stretch of 13 to 19 digits that passes the
/// Luhn check, whatever it begins with.
std::string mask_unread(std::string_view bytes);

}  // namespace bytebasket::events
