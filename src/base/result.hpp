// Errors are values: every function that can fail returns Result<T> (or Status, where there is
// nothing to return). Exceptions of libraries are caught at the edge that wraps the library and
// turned into an Error there.
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include <tl/expected.hpp>

namespace bytebasket {

/// What kind of failure it is, so that a caller can decide; the message is for people.
enum class ErrorCode {
  invalid_argument,    ///< the caller's input is wrong; trying again will not help
  not_found,           ///< what was asked for does not exist
  already_exists,      ///< what was to be created exists
  permission_denied,   ///< the key, token or file permission does not allow it
  resource_exhausted,  ///< a limit is reached (queue, disk, memory); trying later may help
  unavailable,         ///< an engine cannot be reached at present; trying later may help
  timed_out,           ///< no answer in time: the operation may or may not have happened
  conflict,            ///< someone else was first (a lost compare-and-set, a newer position)
  corrupt,             ///< stored bytes are not what was written
  cancelled,           ///< the process is stopping
  internal,            ///< a bug or a failure of the machine
};

std::string_view to_string(ErrorCode code);

/// A failure: its kind, and a message that names what was wrong, where, and what to do.
struct Error {
  ErrorCode code = ErrorCode::internal;
  std::string message;

  /// The same failure seen from one level up: "context: message".
  [[nodiscard]] Error within(std::string_view context) const;
};

/// A value or an Error. Ignoring one is a compiler warning, hence an error.
template <typename T>
class [[nodiscard]] Result : public tl::expected<T, Error> {
 public:
  using tl::expected<T, Error>::expected;
};

using Status = Result<void>;

/// `return fail(ErrorCode::not_found, "…")` from any function that returns a Result.
inline tl::unexpected<Error> fail(ErrorCode code, std::string message) {
  return tl::unexpected<Error>(Error{code, std::move(message)});
}
inline tl::unexpected<Error> fail(Error error) { return tl::unexpected<Error>(std::move(error)); }

inline Status ok() { return {}; }

}  // namespace bytebasket

#define BYTEBASKET_CONCAT_(a, b) a##b
#define BYTEBASKET_CONCAT(a, b) BYTEBASKET_CONCAT_(a, b)

/// Returns the error of `expression` (a Status) from the enclosing function, if it has one.
#define BB_RETURN_IF_ERROR(expression)                         \
  do {                                                         \
    if (auto bb_status = (expression); !bb_status) {           \
      return ::bytebasket::fail(std::move(bb_status).error()); \
    }                                                          \
  } while (false)

/// Declares `variable` with the value of `expression` (a Result), or returns its error.
#define BB_ASSIGN_OR_RETURN(variable, expression) \
  BB_ASSIGN_OR_RETURN_(BYTEBASKET_CONCAT(bb_result_, __LINE__), variable, expression)
#define BB_ASSIGN_OR_RETURN_(result, variable, expression)           \
  auto result = (expression);                                        \
  if (!result) return ::bytebasket::fail(std::move(result).error()); \
  variable = std::move(*result)
