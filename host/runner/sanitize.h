/* sanitize.h - whether AddressSanitizer watches this build: it must know of stacks that are
   switched, and needs more of them and of address space. */
#ifndef HERMOD_RUNNER_SANITIZE_H
#define HERMOD_RUNNER_SANITIZE_H

#if defined(__SANITIZE_ADDRESS__)
#define BUILT_WITH_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define BUILT_WITH_ASAN 1
#endif
#endif

#ifdef BUILT_WITH_ASAN
#include <sanitizer/asan_interface.h>
#include <sanitizer/common_interface_defs.h>
#include <sanitizer/lsan_interface.h>
#endif

#endif
