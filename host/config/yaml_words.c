/* yaml_words.c - libyaml 0.2.5's messages and ours for them. Those not listed are shown as
   they are. */
#include <stdio.h>

#include "base/text.h"
#include "config/yaml_words.h"

#define END '\1'

static const struct {
    const char *problem, *context;         /* context "": any */
    char at;                               /* NUL: any; END: the end of the file */
    bool at_context;
    const char *text;
} words[] = {
    { "found character that cannot start any token", "", '\t', false,
      "found a tab in the indentation: use spaces" },
    { "found a tab character", "", '\0', false,
      "found a tab in the indentation: use spaces" },
    { "found character that cannot start any token", "", '\0', false,
      "a value cannot begin with this character: put it in quotes" },
    { "mapping values are not allowed in this context", "", '\0', false,
      "did not expect a ':' here: is a line indented wrongly, is a space missing after an "
      "earlier ':', or does the value need quotes?" },
    { "found unexpected end of stream", "while scanning a quoted scalar", '\0', true,
      "this quote is never closed" },
    { "found unexpected document indicator", "while scanning a quoted scalar", '\0', true,
      "this quote is never closed" },
    { "did not find expected node content", "", END, false,
      "the file ends here, and a '[' or '{' is still open" },
    { "did not find expected ',' or ']'", "", '\0', true, "this '[' is never closed" },
    { "did not find expected ',' or '}'", "", '\0', true, "this '{' is never closed" },
    { "did not find expected key", "", '\0', false,
      "wanted a key here: is the line indented like those before it, and does a value with "
      "quotes end where they do?" },
    { "did not find expected '-' indicator", "", '\0', false,
      "wanted a '-' here: is the line indented like the list before it?" },
    { "could not find expected ':'", "", '\0', false,
      "wanted \"key: value\" on the line above, found no ':'" },
    { "block sequence entries are not allowed in this context", "", '\0', false,
      "did not expect a '-' here: begin the list on a line of its own" },
    { "did not find expected <document start>", "", '\0', false,
      "wanted the end of the file here: is the line indented like those before it?" },
    { "did not find expected node content", "", '\0', false,
      "wanted a value here, found ',', ':' or a bracket" },
    { "found unknown escape character", "", '\0', false,
      "unknown escape after '\\' in double quotes: use single quotes, or write \\\\" },
    { "found invalid Unicode character escape code", "", '\0', false,
      "this escape is not a Unicode character" },
    { "did not find expected alphabetic or numeric character", "", '\0', true,
      "wanted a name after & or *; a value that begins with one of them needs quotes" },
    { "found undefined tag handle", "", '\0', false,
      "unknown tag (a value that begins with ! needs quotes)" },
};

void
yaml_words(const char *problem, const char *context, char at, struct yaml_words *ret)
{
    ret->at_context = false;
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        if (!str_eq(problem, words[i].problem) ||
            (*words[i].context && !str_eq(context, words[i].context)) ||
            (words[i].at && words[i].at != (at ? at : END)))
            continue;
        ret->at_context = words[i].at_context;
        snprintf(ret->text, sizeof(ret->text), "%s", words[i].text);
        return;
    }
    snprintf(ret->text, sizeof(ret->text), "not YAML: %s%s%s", problem, *context ? " " : "",
             context);
}
