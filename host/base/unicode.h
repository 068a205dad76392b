/* unicode.h - Unicode lower case and normalisation. The only user of libutf8proc. */
#ifndef HERMOD_BASE_UNICODE_H
#define HERMOD_BASE_UNICODE_H

/* Both take any bytes (invalid UTF-8 becomes U+FFFD first) and return memory for free(). */
char *unicode_lower(const char *text);     /* locale-independent, then NFC */
char *unicode_nfc(const char *text);
/* Canonical decomposition without the combining marks, so é gives e. */
char *unicode_strip_marks(const char *text);

#endif
