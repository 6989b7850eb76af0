// Each connection is an open file, and so are the files of log and tables.
#pragma once

#include <cstddef>

namespace bytebasket::app {

/// How many of `wanted` connections fit where `files` may be open: log and tables keep enough of
/// them to go on, whoever connects.
std::size_t connections_within(std::size_t wanted, std::size_t files);

/// Raises this process's limit of open files as far as it may and `wanted` connections need it, and
/// says how many of them it allows; a message says so where it is fewer.
std::size_t allow_connections(std::size_t wanted);

}  // namespace bytebasket::app
