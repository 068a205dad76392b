/* yaml_words.h - what libyaml complains of, in words for people who do not know YAML's
   grammar. Internal to yaml.c. Pure. */
#ifndef HERMOD_CONFIG_YAML_WORDS_H
#define HERMOD_CONFIG_YAML_WORDS_H

#include <stdbool.h>

struct yaml_words {
    bool at_context;               /* where it began says more than where it ended */
    char text[200];
};

/* at: the byte at the place of the problem, or NUL. */
void yaml_words(const char *problem, const char *context, char at, struct yaml_words *ret);

#endif
