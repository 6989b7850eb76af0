// What errno says, for people.
#pragma once

#include <string>

namespace bytebasket {

/// `No such file or directory` for ENOENT. Unlike strerror() safe in any thread.
std::string errno_message(int error);

}  // namespace bytebasket
