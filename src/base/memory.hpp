// How this process deals with the operating system about memory.
#pragma once

namespace bytebasket {

/// Keeps what is freed for the next use, up to some tens of MiB: a batch of the log or of rows
/// takes buffers of hundreds of KiB, and to give each back means to get the next one zeroed page by
/// page. Once, before any thread is started; does nothing where the C library is not glibc.
void keep_freed_memory();

}  // namespace bytebasket
