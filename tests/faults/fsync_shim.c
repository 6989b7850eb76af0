// Preloaded into a process (LD_PRELOAD), this notes what of its files a power cut would leave, so
// that a test can kill the process and have drop_unsynced.py throw the rest away. It can also play
// a full disk.
//
//   BYTEBASKET_SYNC_FOLDER   absolute path: files below it are watched
//   BYTEBASKET_SYNC_JOURNAL  file to note into, outside that folder on the same file system. Lines,
//   fields by tabs:
//                              O path size   a file that existed is opened for writing
//                              C path        a file is created, or emptied by opening
//                              S path size   a file is fsynced while it has this size
//                              D path        a folder is fsynced
//                              R old new previous   a rename; `previous` is a link to what `new`
//                              was, or "-" U path        a file is removed
//   BYTEBASKET_DISK_FULL     while a file of this name exists, the disk below the folder has no
//   room:
//                            statvfs says so, and writes fail with ENOSPC, the first of them half
//                            done
//
// The journal is written with plain write(): it outlives kill -9, which is all that the tests do.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

enum { max_watched = 65536 };

static const char* folder;
static const char* full_flag;
static int journal = -1;
static char journal_path[PATH_MAX];
static atomic_uchar watched[max_watched];
static atomic_int renames;

#define REAL(name, type) \
  static type real;      \
  if (real == NULL) real = (type)dlsym(RTLD_NEXT, #name)

typedef int (*open_fn)(const char*, int, ...);
typedef int (*fd_fn)(int);
typedef int (*rename_fn)(const char*, const char*);
typedef int (*path_fn)(const char*);
typedef ssize_t (*write_fn)(int, const void*, size_t);
typedef ssize_t (*pwrite_fn)(int, const void*, size_t, off_t);

static int real_open(const char* path, int flags, mode_t mode) {
  REAL(open, open_fn);
  return real(path, flags, mode);
}

static ssize_t real_write(int fd, const void* bytes, size_t size) {
  REAL(write, write_fn);
  return real(fd, bytes, size);
}

__attribute__((constructor)) static void start(void) {
  const char* path = getenv("BYTEBASKET_SYNC_JOURNAL");
  full_flag = getenv("BYTEBASKET_DISK_FULL");
  folder = getenv("BYTEBASKET_SYNC_FOLDER");
  if (folder == NULL || path == NULL) return;
  snprintf(journal_path, sizeof journal_path, "%s", path);
  journal = real_open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
}

static int is_below(const char* path) {
  const size_t size = folder == NULL ? 0 : strlen(folder);
  return size != 0 && strncmp(path, folder, size) == 0 && (path[size] == '/' || path[size] == '\0');
}

static void note(const char* format, ...) {
  char line[3 * PATH_MAX];
  va_list arguments;
  va_start(arguments, format);
  const int size = vsnprintf(line, sizeof line, format, arguments);
  va_end(arguments);
  // One write() of an append-only file is not torn by another's.
  if (journal >= 0 && size > 0 && real_write(journal, line, (size_t)size) != size) abort();
}

static int path_of(int fd, char* path) {
  char link[64];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  const ssize_t size = readlink(link, path, PATH_MAX - 1);
  if (size < 0) return 0;
  path[size] = '\0';
  return 1;
}

static int noted_open(const char* path, int flags, mode_t mode) {
  struct stat before;
  const int writes = (flags & O_ACCMODE) != O_RDONLY;
  const int existed = stat(path, &before) == 0;
  const int fd = real_open(path, flags, mode);
  if (fd < 0 || fd >= max_watched) return fd;
  watched[fd] = writes && is_below(path);
  if (!watched[fd]) return fd;
  if (!existed || (flags & O_TRUNC) != 0) {
    note("C\t%s\n", path);
  } else {
    note("O\t%s\t%lld\n", path, (long long)before.st_size);
  }
  return fd;
}

static mode_t mode_of(int flags, va_list arguments) {
  return (flags & (O_CREAT | O_TMPFILE)) != 0 ? (mode_t)va_arg(arguments, int) : 0;
}

int open(const char* path, int flags, ...) {
  va_list arguments;
  va_start(arguments, flags);
  const mode_t mode = mode_of(flags, arguments);
  va_end(arguments);
  return noted_open(path, flags, mode);
}

int open64(const char* path, int flags, ...) {
  va_list arguments;
  va_start(arguments, flags);
  const mode_t mode = mode_of(flags, arguments);
  va_end(arguments);
  return noted_open(path, flags, mode);
}

static int noted_sync(int fd, fd_fn real) {
  char path[PATH_MAX];
  struct stat before;
  // The size beforehand: what is written while the call runs may or may not be taken along.
  const int known = journal >= 0 && fstat(fd, &before) == 0 && path_of(fd, path) && is_below(path);
  const int result = real(fd);
  if (result != 0 || !known) return result;
  if (S_ISDIR(before.st_mode)) {
    note("D\t%s\n", path);
  } else {
    note("S\t%s\t%lld\n", path, (long long)before.st_size);
  }
  return result;
}

int fsync(int fd) {
  REAL(fsync, fd_fn);
  return noted_sync(fd, real);
}

int fdatasync(int fd) {
  REAL(fdatasync, fd_fn);
  return noted_sync(fd, real);
}

int rename(const char* old_path, const char* new_path) {
  REAL(rename, rename_fn);
  char previous[PATH_MAX + 32] = "-";
  const int watch = journal >= 0 && is_below(new_path);
  if (watch) {
    snprintf(previous, sizeof previous, "%s.previous-%d-%d", journal_path, (int)getpid(),
             atomic_fetch_add(&renames, 1));
    if (link(new_path, previous) != 0) strcpy(previous, "-");
  }
  const int result = real(old_path, new_path);
  if (result == 0 && watch) note("R\t%s\t%s\t%s\n", old_path, new_path, previous);
  return result;
}

int unlink(const char* path) {
  REAL(unlink, path_fn);
  const int result = real(path);
  if (result == 0 && is_below(path)) note("U\t%s\n", path);
  return result;
}

typedef int (*statvfs_fn)(const char*, struct statvfs*);

/// A disk fills step by step, and whoever keeps a reserve sees it coming: writes fail once statvfs
/// has said that there is no room.
static atomic_int full_was_told;

int statvfs(const char* path, struct statvfs* disk) {
  REAL(statvfs, statvfs_fn);
  const int result = real(path, disk);
  if (result != 0 || full_flag == NULL || !is_below(path)) return result;
  const int full = access(full_flag, F_OK) == 0;
  if (full) disk->f_bavail = disk->f_bfree = 0;
  full_was_told = full;
  return result;
}

/// How much of a write a full disk still takes; `size` when there is room.
static size_t room_for(int fd, size_t size) {
  static atomic_int was_full;
  if (full_flag == NULL || fd < 0 || fd >= max_watched || !watched[fd]) return size;
  if (access(full_flag, F_OK) != 0 || !full_was_told) {
    was_full = 0;
    return size;
  }
  return atomic_exchange(&was_full, 1) ? 0 : size / 2;
}

ssize_t write(int fd, const void* bytes, size_t size) {
  const size_t room = room_for(fd, size);
  if (size != 0 && room == 0) {
    errno = ENOSPC;
    return -1;
  }
  return real_write(fd, bytes, room);
}

static ssize_t checked_pwrite(int fd, const void* bytes, size_t size, off_t at, pwrite_fn real) {
  const size_t room = room_for(fd, size);
  if (size != 0 && room == 0) {
    errno = ENOSPC;
    return -1;
  }
  return real(fd, bytes, room, at);
}

ssize_t pwrite(int fd, const void* bytes, size_t size, off_t at) {
  REAL(pwrite, pwrite_fn);
  return checked_pwrite(fd, bytes, size, at, real);
}

ssize_t pwrite64(int fd, const void* bytes, size_t size, off_t at) {
  REAL(pwrite64, pwrite_fn);
  return checked_pwrite(fd, bytes, size, at, real);
}
