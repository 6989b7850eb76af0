// C11's threads as POSIX's, for programs under ThreadSanitizer.
//
// librdkafka uses C11's <threads.h>, which ThreadSanitizer does not watch: a thread that it did not
// see begin ends in a crash, and locks that it does not see look like races of ours. A program's
// own definitions stand before the C library's, so each call goes where it is watched. glibc makes
// mtx_t and cnd_t as large as the POSIX types, and converts between them the same way.
#include <errno.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <threads.h>

_Static_assert(sizeof(mtx_t) >= sizeof(pthread_mutex_t), "a mtx_t must hold a pthread_mutex_t");
_Static_assert(sizeof(cnd_t) >= sizeof(pthread_cond_t), "a cnd_t must hold a pthread_cond_t");

static pthread_mutex_t* posix_mutex(mtx_t* mutex) { return (pthread_mutex_t*)mutex; }
static pthread_cond_t* posix_condition(cnd_t* condition) { return (pthread_cond_t*)condition; }
static int outcome(int code) {
  if (code == 0) return thrd_success;
  return code == ETIMEDOUT ? thrd_timedout : thrd_error;
}

struct Start {
  thrd_start_t function;
  void* argument;
};

static void* run(void* given) {
  const struct Start start = *(struct Start*)given;
  free(given);
  return (void*)(intptr_t)start.function(start.argument);
}

int thrd_create(thrd_t* thread, thrd_start_t function, void* argument) {
  struct Start* start = malloc(sizeof *start);
  if (start == NULL) return thrd_nomem;
  *start = (struct Start){function, argument};
  const int code = pthread_create(thread, NULL, run, start);
  if (code != 0) free(start);
  return outcome(code);
}

int thrd_join(thrd_t thread, int* result) {
  void* value = NULL;
  const int code = pthread_join(thread, &value);
  if (result != NULL) *result = (int)(intptr_t)value;
  return outcome(code);
}

int mtx_init(mtx_t* mutex, int type) {
  pthread_mutexattr_t attributes;
  pthread_mutexattr_init(&attributes);
  if ((type & mtx_recursive) != 0) pthread_mutexattr_settype(&attributes, PTHREAD_MUTEX_RECURSIVE);
  const int code = pthread_mutex_init(posix_mutex(mutex), &attributes);
  pthread_mutexattr_destroy(&attributes);
  return outcome(code);
}

int mtx_lock(mtx_t* mutex) { return outcome(pthread_mutex_lock(posix_mutex(mutex))); }
int mtx_unlock(mtx_t* mutex) { return outcome(pthread_mutex_unlock(posix_mutex(mutex))); }
void mtx_destroy(mtx_t* mutex) { pthread_mutex_destroy(posix_mutex(mutex)); }

int cnd_init(cnd_t* condition) {
  return outcome(pthread_cond_init(posix_condition(condition), NULL));
}
int cnd_signal(cnd_t* condition) {
  return outcome(pthread_cond_signal(posix_condition(condition)));
}
int cnd_broadcast(cnd_t* condition) {
  return outcome(pthread_cond_broadcast(posix_condition(condition)));
}
void cnd_destroy(cnd_t* condition) { pthread_cond_destroy(posix_condition(condition)); }
int cnd_wait(cnd_t* condition, mtx_t* mutex) {
  return outcome(pthread_cond_wait(posix_condition(condition), posix_mutex(mutex)));
}
int cnd_timedwait(cnd_t* restrict condition, mtx_t* restrict mutex,
                  const struct timespec* restrict until) {
  return outcome(pthread_cond_timedwait(posix_condition(condition), posix_mutex(mutex), until));
}
