#!/bin/bash
# Every plugin's own cases, in plugins/NAME/cases: all must hold.
status=0
for cases in "$SRCDIR"/plugins/*/cases; do
    name=$(basename "$(dirname "$cases")")
    echo "# $name"
    "$HERMOD" plugin test "$BUILDDIR/plugins/$name/$name.so" "$cases"/*.yaml || status=1
done
exit $status
