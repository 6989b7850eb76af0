// What RocksDB has to say goes to the process's log.
#pragma once

#include <memory>

namespace rocksdb {
class Logger;
}

namespace bytebasket::rocks {

/// Errors as warnings, the rest as debug messages. (RocksDB's own log is a file beside the data,
/// and Debian's build of it aborts the process when that file cannot be written because the disk is
/// full.)
std::shared_ptr<rocksdb::Logger> messages_to_log();

}  // namespace bytebasket::rocks
