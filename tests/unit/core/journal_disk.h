/* journal_disk.h - a disk under SQLite that fails when told, and whose power can be cut: a
   VFS over the real one. Linking it makes it the default. */
#ifndef HERMOD_TESTS_JOURNAL_DISK_H
#define HERMOD_TESTS_JOURNAL_DISK_H

#include <stdbool.h>
#include <stdint.h>

enum disk_fault {
    DISK_FULL,                     /* a write finds no space */
    DISK_WRITE,                    /* a write fails */
    DISK_SYNC,                     /* a sync fails; what was written may be there all the same */
    DISK_FAULTS
};

/* The operation of this kind after `after` others fails; and all later ones too when lasting. */
void disk_fail(enum disk_fault kind, int after, bool lasting);
/* No more failures. Did any happen? */
bool disk_heal(void);

/* From now on what is written and what is synced is remembered, for files under dir. */
void disk_watch(const char *dir);
/* Makes in `to` what a power cut now could leave of the watched files: all that was synced,
   and of what was not, any part, chosen by seed. */
void disk_power_cut(const char *to, uint64_t seed);
/* The files as they are now. */
void disk_copy(const char *from, const char *to);
void disk_unwatch(void);

#endif
