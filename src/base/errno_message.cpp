#include "base/errno_message.hpp"

#include <system_error>

namespace bytebasket {

std::string errno_message(int error) { return std::generic_category().message(error); }

}  // namespace bytebasket
