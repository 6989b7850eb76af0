// What is asked of the fraud desk, as the events that are appended for it.
#pragma once

#include <string>

#include "base/result.hpp"
#include "base/time.hpp"
#include "events/event_reader.hpp"
#include "events/normalize.hpp"

namespace bytebasket::app {

struct PaymentAttempt {
  events::Normalized event;  ///< a Payment Attempted
  std::string message_id;
  std::string transaction_id;  ///< as the processor knows it
};

/// `invalid_argument` for a body that stands for no event.
Result<PaymentAttempt> read_payment_attempt(const std::string& body, Timestamp now);

struct FraudLabel {
  events::Normalized event;  ///< a Fraud Labelled
  std::string transaction_id;
  std::string label;
};

Result<FraudLabel> read_fraud_label(const std::string& body, Timestamp now);

/// Reads a canonical event, whose views are into `reader` and `text`; `text` is padded for it.
Result<events::Event> read_canonical(events::EventReader& reader, std::string& text);

}  // namespace bytebasket::app
