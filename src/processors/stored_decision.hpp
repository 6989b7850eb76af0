// The decision on an attempt as the tables have it: for who asks in another process than decides.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "storage/table_store.hpp"

namespace bytebasket::processors {

/// The form of DecisionAnswer::json; nullopt where the decision is not stored yet.
Result<std::optional<std::string>> stored_decision(storage::TableStore& tables,
                                                   std::string_view transaction_id,
                                                   std::string_view message_id);

}  // namespace bytebasket::processors
