/* visible.h - which characters a person can see in a file and may therefore mean. Pure. */
#ifndef HERMOD_CONFIG_VISIBLE_H
#define HERMOD_CONFIG_VISIBLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The character that text starts with: its length in bytes, 0 when it is not UTF-8. len > 0. */
size_t utf8_char(const char *text, size_t len, uint32_t *ret);

/* Not: controls (tab and line ends are visible), the line breaks that no editor counts,
   zero-width spaces and direction marks. A key pasted with one of them fails for no reason
   that anybody can see. */
bool char_visible(uint32_t c);

#endif
